/// A request as it came, kept for providers that speak its dialect: they get it as it is, apart from what must change.
/// Rules D-1, D-4.
public protocol PassableRequest: Sendable {
  /// The first element that no other dialect can express; nil where the neutral call says everything. Such a request
  /// goes to providers that speak its dialect, or is refused with this. Rule D-2.
  var beyondNeutral: InvalidRequest? { get }

  /// Bytes of what goes along and the neutral call does not hold, such as members that nobody here knows: a provider may
  /// take them as input, at most a token for each byte. Rules D-4, U-5.
  var uncountedBytes: Int { get }
}

/// A call that goes through in its own dialect.
public struct PassedCall: Sendable {
  public var request: UpstreamRequest
  /// Gives the provider's bytes to the caller as they are: through ``AnswerEncoder/relay(_:)`` rather than by events.
  public var encoder: any AnswerEncoder
  /// Reads the answer, where it comes in other words than the provider's answers to calls that do not pass; nil where
  /// ``OutboundCodec/decoder(for:)`` reads both.
  public var decoder: (any UpstreamDecoder)?

  public init(request: UpstreamRequest, encoder: any AnswerEncoder, decoder: (any UpstreamDecoder)? = nil) {
    self.request = request
    self.encoder = encoder
    self.decoder = decoder
  }
}
