public import Core

/// Stands for an account that can't be used, such as one without its secret: every call fails at once, so that routing
/// goes on to the next deployment. Rule N-3.
public struct UnavailableTransport: UpstreamTransport {
  private let reason: String

  /// - Parameter reason: one sentence, fit for callers.
  public init(reason: String) { self.reason = reason }

  public func open(
    _ request: UpstreamRequest, requestID: RequestID
  ) async throws(UpstreamFailure) -> UpstreamAnswer {
    throw UpstreamFailure(.misconfigured, reason)
  }
}
