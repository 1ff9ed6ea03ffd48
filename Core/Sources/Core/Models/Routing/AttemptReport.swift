/// What happened to one attempt at a deployment, for whoever chooses among deployments. Rule N-3.
///
/// Each attempt that is opened reports ``Event/begun`` once, ``Event/firstToken(milliseconds:)`` at most once, and
/// ``Event/ended(_:)`` once and last.
public struct AttemptReport: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case begun
    /// So long after the attempt began.
    case firstToken(milliseconds: Int64)
    case ended(AttemptVerdict)
  }

  public let deployment: Deployment
  public let pace: AnswerPace
  public let begunAt: Instant
  /// True once the first token has been reported.
  public let hasBegunToAnswer: Bool
  public let event: Event

  public init(
    deployment: Deployment, pace: AnswerPace, begunAt: Instant, hasBegunToAnswer: Bool = false, event: Event
  ) {
    self.deployment = deployment
    self.pace = pace
    self.begunAt = begunAt
    self.hasBegunToAnswer = hasBegunToAnswer
    self.event = event
  }
}

/// What an attempt says of its deployment.
public enum AttemptVerdict: Hashable, Sendable {
  /// It works: it gave a whole answer, or refused this very request.
  case works
  case failed(UpstreamFailure.Kind, retryAfter: Int?)
  /// Nothing came for longer than is usual there, so another deployment was asked instead.
  case abandoned
  /// The attempt ended for a reason of ours or of the caller's.
  case nothing

  /// What a provider's failure says.
  public init(_ failure: UpstreamFailure) {
    self = failure.kind == .rejected ? .works : .failed(failure.kind, retryAfter: failure.retryAfter)
  }
}
