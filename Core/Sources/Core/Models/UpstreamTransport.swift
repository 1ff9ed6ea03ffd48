/// Moves the bytes of one exchange with a provider; adds address and credentials, decides nothing.
public protocol UpstreamTransport: Sendable {
  /// Sends the request and returns when the answer's head has arrived.
  func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer

  /// How long it lets a call wait. Of the total, what ``UpstreamRequest/elapsedMilliseconds`` says is used already.
  /// Rule N-4.
  var timeouts: ProviderTimeouts { get }
}

extension UpstreamTransport {
  public var timeouts: ProviderTimeouts { .standard }
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
