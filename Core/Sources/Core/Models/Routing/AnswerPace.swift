/// How an answer arrives: piece by piece, or at once when all of it is there. The two take so different times to begin
/// that they are measured apart.
public enum AnswerPace: String, Hashable, Sendable, CaseIterable {
  case streamed
  case whole
}

extension ModelCall {
  public var pace: AnswerPace { isStreaming ? .streamed : .whole }
}
