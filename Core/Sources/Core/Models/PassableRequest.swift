/// A request as it came, kept for providers that speak its dialect: they get it as it is, apart from what must change.
/// Rules D-1, D-4.
public protocol PassableRequest: Sendable {
  /// The first element that no other dialect can express; nil where the neutral call says everything. Such a request
  /// goes to providers that speak its dialect, or is refused with this. Rule D-2.
  var beyondNeutral: InvalidRequest? { get }
}

/// A call that goes through in its own dialect.
public struct PassedCall: Sendable {
  public var request: UpstreamRequest
  /// Gives the provider's bytes to the caller as they are: through ``AnswerEncoder/relay(_:)`` rather than by events.
  public var encoder: any AnswerEncoder

  public init(request: UpstreamRequest, encoder: any AnswerEncoder) {
    self.request = request
    self.encoder = encoder
  }
}
