public import Core

/// A codec of a protocol that is not public: it can tell what of a request it does not know, so that the operator
/// learns of it from the log. Names only, never content.
public protocol ShapeReading: Sendable {
  /// Paths of members that nobody here knows, such as `messages[].toolCallId`, without repetition; at most 20.
  func unrecognised(in request: InboundRequest) -> [String]
}
