/// A dialect as applications speak it: reads their requests, writes their answers and errors. Pure. Rule D-1.
public protocol InboundCodec: Sendable {
  var dialect: Dialect { get }

  /// Reads a request. Throws ``InvalidRequest`` with a sentence that names the element and the limit. Rule F-3.
  func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall

  /// A whole answer for a refusal or a failure, in the words of the dialect. Rules F-1, K-2.
  func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer

  /// The bytes that tell a failure after streaming began. Rule F-4.
  func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8]
}

/// A decoded request with the encoder of its answer.
public struct DecodedCall: Sendable {
  public var call: ModelCall
  public var encoder: any AnswerEncoder
  /// The request as it came, where its dialect can pass through.
  public var original: (any PassableRequest)?

  public init(call: ModelCall, encoder: any AnswerEncoder, original: (any PassableRequest)? = nil) {
    self.call = call
    self.encoder = encoder
    self.original = original
  }
}

/// Turns a model's events into the bytes of one answer.
///
/// A streaming encoder gives bytes with every event but keeps back the end of the stream until ``finish(usage:)``; an
/// encoder of a whole answer gives everything at ``finish(usage:)``. So the settlement can be recorded before the
/// last byte leaves (rule M-1).
public protocol AnswerEncoder: Sendable {
  /// Status and headers; asked for once: of a stream before its first event, of a whole answer after its last event
  /// and before ``finish(usage:)``. `model` is the version that answers.
  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead
  mutating func encode(_ event: ModelEvent) -> [UInt8]
  /// What the caller gets of bytes of a provider that speaks its dialect, after they were decoded without an error.
  mutating func relay(_ bytes: [UInt8]) -> [UInt8]
  /// The same for bytes of which only the first `frames` frames could be read; what broke is told in our words. Rule F-4.
  mutating func relay(_ bytes: [UInt8], frames: Int) -> [UInt8]
  /// The last bytes. `usage` is what was settled.
  mutating func finish(usage: TokenUsage) -> [UInt8]
}

extension AnswerEncoder {
  /// An encoder that writes its own words has them from the events.
  public mutating func relay(_ bytes: [UInt8]) -> [UInt8] { [] }

  /// Of a whole answer that breaks nothing is given.
  public mutating func relay(_ bytes: [UInt8], frames: Int) -> [UInt8] { [] }
}
