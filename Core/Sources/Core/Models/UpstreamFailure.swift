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
  /// One sentence without content, fit for the caller and for logs.
  public let message: String
  /// What the provider itself said of a request that it refused, for the caller alone: it may repeat what the caller sent.
  public let words: Sensitive<String>?
  /// Seconds after which the provider wants to be asked again.
  public let retryAfter: Int?

  public init(_ kind: Kind, _ message: String, words: Sensitive<String>? = nil, retryAfter: Int? = nil) {
    self.kind = kind
    self.message = message
    self.words = words
    self.retryAfter = retryAfter
  }
}
