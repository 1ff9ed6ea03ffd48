/// What comes from outside of the work: time, people, and the program's start.
extension IngestionJob {
  mutating func tick(at now: Instant) -> [IngestionAction] {
    if case .waitingForAllowance(let refill?) = stage {
      return refill <= now ? embedOrPublish(at: now) : [.wake(at: refill)]
    }
    guard stage.isWorking else { return [] }
    if let restsUntil { return restsUntil <= now ? again(at: now) : [.wake(at: restsUntil)] }
    guard isSilent(at: now) else { return [] }
    let stopping = stopping()
    let failure = IngestionFailure(
      "The work on the file gave no sign of life for \(Self.silentSeconds) seconds; retry it later.", isPassing: true)
    return stopping + fail(failure, at: now)
  }

  /// Cancelled at once; what runs is told to stop. What was paid for stays stored, for a retry.
  mutating func cancel(at now: Instant) -> [IngestionAction] {
    guard !stage.isEnd else { return [] }
    let stopping = stopping()
    return stopping + end(.cancelled, at: now)
  }

  /// Only what is missing is done again.
  mutating func retry(_ stored: StoredWork, at now: Instant) -> [IngestionAction] {
    switch stage {
    case .failed, .cancelled:
      failuresInARow = 0
      return proceed(stored, at: now)
    case .received, .extracting, .chunking, .embedding, .waitingForAllowance, .indexed: return []
    }
  }

  /// After a start of the program nothing runs; a job that was working goes on with what is missing.
  mutating func resume(_ stored: StoredWork, at now: Instant) -> [IngestionAction] {
    switch stage {
    case .received, .indexed, .failed, .cancelled:
      running = nil
      return []
    case .waitingForAllowance(let refill):
      if let refill, refill <= now { return proceed(stored, at: now) }
      running = nil
      return refill.map { [.wake(at: $0)] } ?? []
    case .extracting, .chunking, .embedding: return stopping() + proceed(stored, at: now)
    }
  }

  /// The work of the stage begins anew.
  private mutating func again(at now: Instant) -> [IngestionAction] {
    switch stage {
    case .extracting: begin(.extract, at: now)
    case .chunking: begin(.chunk, at: now)
    case .embedding: embedOrPublish(at: now)
    case .received, .waitingForAllowance, .indexed, .failed, .cancelled: []
    }
  }
}
