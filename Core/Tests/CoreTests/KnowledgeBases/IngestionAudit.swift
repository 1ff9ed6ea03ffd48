import Core

/// What must hold for every single step of an ingestion job. Rule KB-12.
enum IngestionAudit {
  static func problems(
    before: IngestionJob, event: IngestionEvent, after: IngestionJob, actions: [IngestionAction], at now: Instant
  ) -> [String] {
    var problems: [String] = []
    var begun: [RunningWork] = []
    var abandoned: [Int] = []
    var wakes: [Instant] = []
    for action in actions {
      switch action {
      case .begin(let work): begun.append(work)
      case .abandon(let number): abandoned.append(number)
      case .wake(let at): wakes.append(at)
      }
    }
    if begun.count > 1 { problems.append("two pieces of work begin at once") }
    if let work = begun.first {
      if after.running != work { problems.append("what begins is not what runs") }
      if work.number <= before.lastNumber { problems.append("a number is used twice") }
      if let running = before.running, !answers(event, running.number), !abandoned.contains(running.number) {
        problems.append("work begins beside other work")
      }
    }
    if before.running != nil, after.running == nil, let running = before.running, !answers(event, running.number),
      !abandoned.contains(running.number)
    {
      problems.append("work is forgotten without being given up")
    }
    if after.stage.isEnd, after.running != nil || !begun.isEmpty || !wakes.isEmpty || after.restsUntil != nil {
      problems.append("something goes on after the end")
    }
    if after.stage.isWorking, after.running == nil, after.restsUntil == nil { problems.append("nothing is under way") }
    if after.stage.isWorking, after.running != nil, after.restsUntil != nil { problems.append("it works and rests") }
    if let until = after.restsUntil, before.restsUntil != until, !wakes.contains(until) {
      problems.append("nobody wakes it")
    }
    if case .waitingForAllowance(let refill?) = after.stage, before.stage != after.stage, !wakes.contains(refill) {
      problems.append("nobody wakes it at the refill")
    }
    if wakes.contains(where: { $0 <= now }) { problems.append("it wakes at once, for ever") }
    if after.isSilent(at: now), event == .tick { problems.append("it is silent") }
    return problems + figureProblems(before, event, after)
  }

  private static func figureProblems(_ before: IngestionJob, _ event: IngestionEvent, _ after: IngestionJob) -> [String]
  {
    var problems: [String] = []
    let progress = after.progress
    if after.tokensSpent < before.tokensSpent { problems.append("tokens are given back") }
    if progress.chunksMissing < 0 || progress.chunksMissing > progress.chunks ?? 0 {
      problems.append("\(progress.chunksMissing) chunks missing of \(progress.chunks ?? 0)")
    }
    if progress.pagesRead < 0 || progress.pagesRead > progress.pages ?? .max { problems.append("too many pages read") }
    if after.failuresInARow > IngestionJob.mostFailures { problems.append("it fails for ever") }
    if event == .cancel, after.stage != (before.stage.isEnd ? before.stage : .cancelled) {
      problems.append("it is not cancelled")
    }
    if case .retry = event {
    } else if before.stage.isEnd, after.stage != before.stage {
      problems.append("it goes on after its end")
    }
    if after.stage == .indexed, before.stage != .indexed, progress.chunksMissing > 0 {
      problems.append("it is indexed with chunks missing")
    }
    return problems
  }

  /// Whether an event is the answer of work with this number.
  private static func answers(_ event: IngestionEvent, _ number: Int) -> Bool {
    switch event {
    case .extracted(let answered, _), .chunked(let answered, _, _), .embedded(let answered, _, _),
      .published(let answered), .refusedForAllowance(let answered, _), .failed(let answered, _, _):
      answered == number
    case .start, .sign, .pagesRead, .allowanceChanged, .tick, .cancel, .retry, .found: false
    }
  }
}
