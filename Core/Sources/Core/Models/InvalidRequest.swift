/// A request that no provider was asked about, because it was wrong. Rule F-3.
public struct InvalidRequest: Error, Hashable, Sendable {
  /// One sentence: which element, which limit, how to mend it. Never quotes content.
  public let message: String
  /// The element, as `messages[2].content[0]`, where one is to blame.
  public let parameter: String?
  /// True where the request itself is too large (413).
  public let isTooLarge: Bool
  /// True where the body is in a form that is not read, such as compressed (415).
  public let isUnsupportedMedia: Bool

  public init(
    _ message: String, parameter: String? = nil, isTooLarge: Bool = false, isUnsupportedMedia: Bool = false
  ) {
    self.message = message
    self.parameter = parameter
    self.isTooLarge = isTooLarge
    self.isUnsupportedMedia = isUnsupportedMedia
  }

  /// The status that every dialect answers.
  public var status: Int {
    if isTooLarge { return 413 }
    return isUnsupportedMedia ? 415 : 400
  }
}
