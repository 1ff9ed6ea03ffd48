/// A provider's own service that counts the input tokens of a call, as the provider speaks it. Pure, like
/// ``OutboundCodec``; what it says is exact and costs nothing.
public protocol TokenCountCodec: Sendable {
  /// The question about `call` at a deployment that names the model `upstreamModel`. Throws ``InvalidRequest`` where the
  /// provider cannot express what was asked. Rule D-2.
  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest

  /// The question as it came, where it is of this dialect; nil where it is not. Rules D-1, D-4.
  func passing(_ original: any PassableRequest, upstreamModel: String) -> UpstreamRequest?

  /// The number in the body of an answer with a 2xx status.
  func count(in body: [UInt8]) throws(UpstreamFailure) -> TokenCount

  /// What an answer with another status says. `rejected` means that the call itself is wrong; where only the counting is
  /// not offered, the kind is another. Never quotes content.
  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure
}

extension TokenCountCodec {
  /// Nothing passes through a dialect in which no application asks.
  public func passing(_ original: any PassableRequest, upstreamModel: String) -> UpstreamRequest? { nil }
}

/// A dialect's question how many input tokens a call has, as applications speak it. Pure.
public protocol InboundTokenCountCodec: Sendable {
  /// The call that is to be counted. Throws ``InvalidRequest`` with a sentence that names the element. Rule F-3.
  func decode(_ request: InboundRequest) throws(InvalidRequest) -> CountedCall

  func encode(_ count: InputCount, requestID: RequestID) -> WholeAnswer

  /// A whole answer for a refusal or a failure, in the words of the dialect. Rules F-1, K-2.
  func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer
}

/// A call whose input is to be counted.
public struct CountedCall: Sendable {
  public var call: ModelCall
  /// The question as it came, where its dialect can pass through.
  public var original: (any PassableRequest)?

  public init(_ call: ModelCall, original: (any PassableRequest)? = nil) {
    self.call = call
    self.original = original
  }
}

/// How many input tokens a call has.
public struct InputCount: Sendable, Hashable {
  public let tokens: TokenCount
  /// True where no counter was to be had: then ``InputEstimate`` says what is likely.
  public let isEstimated: Bool

  public init(_ tokens: TokenCount, isEstimated: Bool) {
    self.tokens = tokens
    self.isEstimated = isEstimated
  }

  /// The fields of an answer that tell an estimate; a count has none.
  public var headers: [HTTPField] { isEstimated ? [HTTPField("x-packhouse-estimated", "true")] : [] }
}
