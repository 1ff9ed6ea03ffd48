import Core

/// The bytes of a streamed answer from the beginning of its end to the end itself. Who relays the answer keeps them back
/// until the call is settled (rule M-1), so they are bounded: an answer that goes on beyond that has failed (rule F-4).
struct AnswerEnding {
  /// Bytes; ends have a few hundred.
  static let most = 1_048_576

  private var bytes = 0

  mutating func take(_ count: Int) throws(UpstreamFailure) {
    bytes += count
    guard bytes <= Self.most else {
      throw UpstreamFailure(
        .garbled, "The provider's answer went on for more than \(Self.most) bytes after its end had begun.")
    }
  }
}
