import Core

/// Reads a provider's answer that is one number.
enum UpstreamCount {
  /// The member `name` of the answer, a number of tokens.
  static func read(_ name: String, in body: [UInt8]) throws(UpstreamFailure) -> TokenCount {
    var buffer = BodyBuffer()
    try buffer.append(body)
    guard let count = try buffer.object()[name]?.integer, count >= 0 else { throw .missing(name) }
    return TokenCount(count)
  }
}
