/// What a deployment's health is called. Rule N-3: shown on the status page.
public enum DeploymentState: Hashable, Sendable {
  /// Nobody has called it since the server started.
  case unused
  case working
  /// It did not answer; the next call, or one that is out, shows whether it does again.
  case recovering(since: Instant)
  case notAnswering(since: Instant)
  /// The provider wants fewer calls.
  case busy(until: Instant)
}

extension DeploymentHealth {
  /// Calls avoid it, but for probes.
  public var isAvoided: Bool { breaker.isOpen }

  public func state(at now: Instant) -> DeploymentState {
    switch breaker.state(at: now) {
    case .halfOpen(let since): return .recovering(since: since)
    case .open(let since, _): return breaker.isProbed ? .recovering(since: since) : .notAnswering(since: since)
    case .closed: break
    }
    if let until = busyUntil(at: now) { return .busy(until: until) }
    return isUnused ? .unused : .working
  }
}
