/// What happened to one attempt at a deployment, for whoever chooses among deployments. Rule N-3.
///
/// Each attempt that is opened reports ``Event/begun`` once, ``Event/firstToken(milliseconds:)`` at most once, and
/// ``Event/ended(_:)`` once and last. A trial that was chosen and is not opened reports ``Event/notMade``, nothing else.
public struct AttemptReport: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case begun
    /// So long after the attempt began.
    case firstToken(milliseconds: Int64)
    case ended(AttemptVerdict)
    /// The deployment that was chosen is not asked after all: it cannot express the call, or nothing was admitted for it.
    case notMade
  }

  public let deployment: Deployment
  public let pace: AnswerPace
  /// Input as counted at admission.
  public let input: TokenCount
  /// When the attempt began; when it was chosen, where it was not made.
  public let begunAt: Instant
  /// True once the first token has been reported.
  public let hasBegunToAnswer: Bool
  public let event: Event

  public init(
    deployment: Deployment, pace: AnswerPace, input: TokenCount, begunAt: Instant, hasBegunToAnswer: Bool = false,
    event: Event
  ) {
    self.deployment = deployment
    self.pace = pace
    self.input = input
    self.begunAt = begunAt
    self.hasBegunToAnswer = hasBegunToAnswer
    self.event = event
  }
}

/// What an attempt says of its deployment.
public enum AttemptVerdict: Hashable, Sendable {
  /// It works: it gave a whole answer, or refused this very request.
  case works
  /// It said so itself, or could not be reached.
  case failed(UpstreamFailure.Kind, retryAfter: Int?)
  /// A time-out of ours passed.
  case timedOut
  /// Nothing came for longer than is usual there, so another deployment was asked instead.
  case abandoned
  /// The attempt ended for a reason of ours or of the caller's.
  case nothing

  /// What a provider's failure says. A provider that answers that it took too long (408, 504) is not silent: `isAnswer`.
  public init(_ failure: UpstreamFailure, isAnswer: Bool) {
    switch failure.kind {
    case .rejected: self = .works
    case .timeout where !isAnswer: self = .timedOut
    case .connection, .timeout, .throttled, .unavailable, .misconfigured, .garbled:
      self = .failed(failure.kind, retryAfter: failure.retryAfter)
    }
  }
}
