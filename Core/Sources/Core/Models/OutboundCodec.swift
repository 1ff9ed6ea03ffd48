/// A dialect as a provider speaks it. Pure; credentials and addresses are the transport's. Rule D-1.
public protocol OutboundCodec: Sendable {
  /// The request for `call` at a deployment that names the model `upstreamModel`. Throws ``InvalidRequest`` where the
  /// provider cannot express what was asked; the sentence names it. Rule D-2.
  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest

  /// `original` made fit for `upstreamModel` and for what was reserved, where it is of this dialect; nil where it is
  /// not. Rules D-1, D-4.
  func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall?

  /// A decoder of the answer to `call`, for an answer with a 2xx status.
  func decoder(for call: ModelCall) -> any UpstreamDecoder

  /// What an answer with another status says. Never quotes content.
  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure
}

extension OutboundCodec {
  /// Nothing passes through a dialect that no application speaks.
  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    nil
  }
}

/// Reads a provider's answer as its bytes arrive, however they are split.
public protocol UpstreamDecoder: Sendable {
  /// The head's fields, before the first byte; some providers report usage there.
  mutating func head(status: Int, headers: [HTTPField])
  /// The events that `bytes` complete. Where a failure stands among them, those before it are given first, and the
  /// failure is thrown when the decoder is fed again, if only with nothing.
  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent]
  /// The end of the answer. Throws where the answer was cut short.
  mutating func finish() throws(UpstreamFailure) -> [ModelEvent]
  /// Whether the dialect's own end has come, and with it everything that may: however the connection ends, nothing of
  /// the answer is missing. What comes after it counts for nothing.
  var isComplete: Bool { get }
  /// How many frames of the bytes that were fed last were read without a fault, those without an event included. Where a
  /// failure stands among them, these may still be relayed. Rule F-4.
  var framesRead: Int { get }
}

extension UpstreamDecoder {
  /// An answer that comes in one piece has no frames.
  public var framesRead: Int { 0 }
}
