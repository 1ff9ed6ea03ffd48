/// The pieces of an answer that can be told that all of it has come, so that nothing but their end is waited for.
public protocol EndingPieces<Element, Failure>: AsyncIteratorProtocol {
  /// What comes from now on is waited for no longer than so many milliseconds, all in all; then a ``UpstreamFailure`` is
  /// thrown, and the connection is let go.
  mutating func expectEnd(within milliseconds: Int64)
}
