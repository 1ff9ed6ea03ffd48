/// A provider that is asked over the network: a pure pair of request and decoder, and a transport that only moves
/// bytes. Rule N-1.
public protocol RemoteProvider: Sendable {
  /// The provider's wire language for a call of this kind. Throws where the provider has no such service.
  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec
  var transport: any UpstreamTransport { get }
}

/// A provider that runs inside this process.
public protocol LocalProvider: Sendable {
  /// The exact number of input tokens. Rule U-5.
  func countInput(of call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> TokenCount
  /// The model's answer. The stream throws ``UpstreamFailure`` or ``InvalidRequest`` only.
  func events(for call: ModelCall, upstreamModel: String) -> AsyncThrowingStream<ModelEvent, any Error>
}

/// Who answers at a deployment.
public enum ModelProvider: Sendable {
  case remote(any RemoteProvider)
  case local(any LocalProvider)
}

/// Moves the bytes of one exchange with a provider; adds address and credentials, decides nothing.
public protocol UpstreamTransport: Sendable {
  /// Sends the request and returns when the answer's head has arrived.
  func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer
}

/// The answer of a provider whose head has arrived.
public struct UpstreamAnswer: Sendable {
  public let status: Int
  public let headers: [HTTPField]
  /// The body as it arrives. Throws ``UpstreamFailure`` where it breaks off; is read once.
  public let body: any AsyncSequence<[UInt8], any Error> & Sendable

  public init(status: Int, headers: [HTTPField], body: any AsyncSequence<[UInt8], any Error> & Sendable) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
