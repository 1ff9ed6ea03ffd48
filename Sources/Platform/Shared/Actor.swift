public import Core

/// Who changes something, as activity records it. Rule G-20.
public enum Actor: Hashable, Sendable {
  /// Somebody who is signed in.
  case person(Caller)
  /// Whoever has a shell on the server. Rule P-1.
  case `operator`
  /// Nobody: time passed. Rule A-7.
  case schedule
}
