/// A request that no provider was asked about, because it was wrong. Rule F-3.
public struct InvalidRequest: Error, Hashable, Sendable {
  /// One sentence: which element, which limit, how to mend it. Never quotes content.
  public let message: String
  /// The element, as `messages[2].content[0]`, where one is to blame.
  public let parameter: String?
  /// True where the request itself is too large (413).
  public let isTooLarge: Bool

  public init(_ message: String, parameter: String? = nil, isTooLarge: Bool = false) {
    self.message = message
    self.parameter = parameter
    self.isTooLarge = isTooLarge
  }
}

/// What went wrong at a provider.
public struct UpstreamFailure: Error, Hashable, Sendable {
  public enum Kind: String, Sendable, Hashable {
    /// No connection, or it broke.
    case connection
    case timeout
    /// 429.
    case throttled
    /// 5xx and overload.
    case unavailable
    /// 400 of the provider: the request as forwarded was refused.
    case rejected
    /// 401, 403, 404: our account or model id is wrong. The caller cannot mend it.
    case misconfigured
    /// Bytes that are not the dialect, or an answer cut short.
    case garbled
  }

  public let kind: Kind
  /// One sentence without content, fit for the caller.
  public let message: String
  /// Seconds after which the provider wants to be asked again.
  public let retryAfter: Int?

  public init(_ kind: Kind, _ message: String, retryAfter: Int? = nil) {
    self.kind = kind
    self.message = message
    self.retryAfter = retryAfter
  }
}

/// Why the gateway does not answer a call with a model's answer. Every dialect maps each case to its own status and
/// words in one exhaustive switch. Rules K-2, F-1 to F-6.
public enum GatewayFailure: Error, Hashable, Sendable {
  /// 401: no key, or none that we know.
  case unauthenticated(message: String)
  /// 403: revoked or expired key, suspended or deprovisioned resource.
  case forbidden(message: String)
  /// 404: another resource's path, a route for another type of key, a model that is not enabled.
  case notFound(message: String)
  /// 400 or 413.
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

  /// The sentence for the caller.
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
