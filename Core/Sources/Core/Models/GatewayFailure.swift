/// Why the gateway does not answer a call with a model's answer. Every dialect maps each case to its own status and
/// words in one exhaustive switch. Rules K-2, F-1 to F-6.
public enum GatewayFailure: Error, Hashable, Sendable {
  /// 401: no key, or none that we know.
  case unauthenticated(message: String)
  /// 403: revoked or expired key, suspended or deprovisioned resource.
  case forbidden(message: String)
  /// 404: another resource's path, a route for another type of key, a model that is not enabled.
  case notFound(message: String)
  /// 400, 413 or 415.
  case invalid(InvalidRequest)
  /// 429 that no retry can mend before `retryAfter` seconds have passed. Rule F-1.
  case exhausted(message: String, retryAfter: Int)
  /// 429 that a retry in `retryAfter` seconds may mend. Rule F-1.
  case contended(message: String, retryAfter: Int)
  /// 503: too much in flight, storage not ready, shutting down.
  case overloaded(message: String, retryAfter: Int)
  /// The provider failed, after every attempt.
  case upstream(UpstreamFailure)
  /// 500 with the request id and nothing else. Rule F-6.
  case unexpected

  /// What the caller is told: the sentence, and what the provider said where it refused the request. Never for a log,
  /// because a provider may repeat what it was sent.
  public var callerMessage: String {
    guard case .upstream(let failure) = self, let words = failure.words else { return message }
    return "\(message) The provider said: \(words.reveal())"
  }

  /// The sentence without content.
  public var message: String {
    switch self {
    case .unauthenticated(let message), .forbidden(let message), .notFound(let message): message
    case .exhausted(let message, _), .contended(let message, _), .overloaded(let message, _): message
    case .invalid(let problem): problem.message
    case .upstream(let failure): failure.message
    case .unexpected: "Something unexpected went wrong. The request id names it in the server's log."
    }
  }
}

extension GatewayFailure {
  /// What it says of the deployment that was asked.
  var verdict: AttemptVerdict {
    switch self {
    case .upstream(let failure): AttemptVerdict(failure, isAnswer: true)
    case .unauthenticated, .forbidden, .notFound, .invalid, .exhausted, .contended, .overloaded, .unexpected: .nothing
    }
  }
}
