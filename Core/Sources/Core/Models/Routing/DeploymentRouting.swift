/// Chooses among deployments in reach by what became of earlier calls. Answers at once; rules N-2, N-3.
public protocol DeploymentRouting: Sendable {
  func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision

  /// Something came back from `deployment` since `instant`, on any call.
  func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool

  /// Seconds until one of `deployments` is tried again, where calls keep away from all of them; nil where not. Decides
  /// nothing.
  func secondsToProbe(_ deployments: [Deployment], at now: Instant) -> Int?

  /// Told what became of each attempt.
  func take(_ report: AttemptReport, at now: Instant)
}

extension DeploymentRouting {
  public func secondsToProbe(_ deployments: [Deployment], at now: Instant) -> Int? { nil }
}

/// What is to be chosen from.
public struct DeploymentChoice: Hashable, Sendable {
  /// In reach and not yet asked on this call, in the order of the configuration, the own region first.
  public let candidates: [Deployment]
  public let pace: AnswerPace
  /// Input as counted at admission.
  public let input: TokenCount
  /// Whether this is the call's first attempt: only such a one is a probe, or given up early.
  public let isFirst: Bool

  public init(_ candidates: [Deployment], pace: AnswerPace, input: TokenCount, isFirst: Bool) {
    self.candidates = candidates
    self.pace = pace
    self.input = input
    self.isFirst = isFirst
  }
}

/// Who is asked next.
public enum RoutingDecision: Hashable, Sendable {
  case ask(RoutedDeployment)
  /// Nobody: none of the candidates has answered anything of late. Seconds until one is tried again.
  case refuse(retryAfter: Int)
}

/// A deployment that is to be asked.
public struct RoutedDeployment: Hashable, Sendable {
  public let deployment: Deployment
  /// True where it is known to work as far as anything is known: worth leaving a silent one for.
  public let isReady: Bool
  /// Milliseconds without a sign of life after which another is worth asking; nil where none is.
  public let patience: Int64?
  /// True where this call is to find something out, and others are kept away meanwhile. Where it is not made after all,
  /// that has to be told.
  public let isTrial: Bool

  public init(_ deployment: Deployment, isReady: Bool = true, patience: Int64? = nil, isTrial: Bool = false) {
    self.deployment = deployment
    self.isReady = isReady
    self.patience = patience
    self.isTrial = isTrial
  }
}

/// Asks in the order of the configuration and learns nothing.
public struct ConfiguredOrder: DeploymentRouting {
  public init() {}

  public func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision {
    choice.candidates.first.map { .ask(RoutedDeployment($0)) } ?? .refuse(retryAfter: 1)
  }

  public func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool { false }
  public func take(_ report: AttemptReport, at now: Instant) {}
}
