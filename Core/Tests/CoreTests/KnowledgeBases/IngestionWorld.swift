import Core

/// A store, a provider and people around one job: everything that may happen to it, in any order. It notes what was paid
/// and what was published, so that the job can be held to KB-12.
struct IngestionWorld {
  /// What can be planted into the shell around the job, to prove that the checks see it.
  enum Mistake: String, CaseIterable {
    case none
    case losesVectors
    case ignoresAbandon
    case publishesWhateverIsTold
    case forgetsTokens
    case forgetsJob
  }

  let mistake: Mistake
  let pages: Int
  let chunks: Int
  private(set) var job: IngestionJob
  private(set) var now = Instant(milliseconds: 1_800_000_000_000)
  private(set) var problems: [String] = []

  // What is stored.
  private var kept: IngestionJob
  private var hasText = false
  private var hasChunks = false
  private var embedded: Set<Int> = []
  private(set) var isPublished = false
  /// Somebody cancelled it and nobody wanted it again.
  private var isCancelled = false

  // What went on outside.
  private var atWork: [RunningWork] = []
  /// Given up and perhaps still under way.
  private var givenUp: [RunningWork] = []
  private var wake: Instant?
  private(set) var timesPaid: [Int: Int] = [:]
  private(set) var tokensTold = 0
  /// Batches that may have been paid in vain: crashes and work that was given up.
  private(set) var excuses = 0

  init(pages: Int, chunks: Int, mistake: Mistake = .none) {
    self.mistake = mistake
    self.pages = pages
    self.chunks = chunks
    job = IngestionJob(id: IngestionJobID("j"), receivedAt: now)
    kept = job
  }

  var missing: [Int] { (0..<chunks).filter { !embedded.contains($0) } }

  var stored: StoredWork {
    StoredWork(
      pages: hasText ? pages : nil, chunks: hasChunks ? chunks : nil, chunksMissing: missing.count,
      isPublished: isPublished)
  }

  mutating func pass(milliseconds: Int64) { now = now.adding(milliseconds: milliseconds) }

  /// To the next instant at which the job wants to be woken.
  mutating func passToWake() {
    if let wake, wake > now { now = wake }
    wake = nil
    tell(.tick)
  }

  mutating func tell(_ event: IngestionEvent) {
    let before = job
    let actions = job.handle(event, at: now)
    if case .retry = event { isCancelled = false }
    if isCancelled, job.stage != .cancelled { problems.append("it goes on although it was cancelled") }
    if job.stage == .cancelled { isCancelled = true }
    problems += IngestionAudit.problems(before: before, event: event, after: job, actions: actions, at: now)
    if !(mistake == .forgetsJob && job.stage == .cancelled) { kept = job }
    for action in actions {
      switch action {
      case .begin(let work):
        if !atWork.isEmpty { problems.append("work \(work.number) began beside work \(atWork[0].number)") }
        if work.work == .publish, !missing.isEmpty { problems.append("published without every vector") }
        atWork.append(work)
      case .abandon(let number):
        if mistake == .ignoresAbandon { continue }
        givenUp += atWork.filter { $0.number == number }
        atWork.removeAll { $0.number == number }
        excuses += 1
      case .wake(let at): wake = at
      }
    }
  }

  /// The work that runs is done; nothing if none does.
  mutating func work() {
    guard let work = atWork.popLast() else { return }
    finish(work)
  }

  /// Work that was given up is done all the same, and its answer comes late.
  mutating func lateWork() {
    guard let work = givenUp.popLast() else { return }
    finish(work)
  }

  mutating func failure(isPassing: Bool, paid: Int) {
    guard let work = atWork.popLast() else { return }
    spend(paid)
    tell(.failed(number: work.number, IngestionFailure("No.", isPassing: isPassing), tokens: TokenCount(paid)))
  }

  mutating func refuseAllowance(refill: Instant?) {
    guard let work = atWork.last, case .embed = work.work else { return }
    atWork.removeLast()
    tell(.refusedForAllowance(number: work.number, refill: refill))
  }

  /// The program ends, after the provider was paid or before, and starts again.
  mutating func crash() {
    if let work = atWork.last, case .embed(let most) = work.work { pay(Array(missing.prefix(most))) }
    excuses += 1
    atWork = []
    givenUp = []
    wake = nil
    job = IngestionJob(
      id: kept.id, stage: kept.stage, progress: kept.progress, tokensSpent: kept.tokensSpent, lastSign: kept.lastSign,
      failuresInARow: kept.failuresInARow, lastNumber: kept.lastNumber)
    tell(.found(stored))
  }

  private mutating func finish(_ work: RunningWork) {
    switch work.work {
    case .extract:
      // What is late is stored as well, but never in the place of what others may read already.
      hasText = true
      tell(.extracted(number: work.number, pages: pages))
    case .chunk:
      hasChunks = hasText
      tell(.chunked(number: work.number, chunks: chunks, missing: missing.count))
    case .embed(let most):
      let batch = Array(missing.prefix(most))
      pay(batch)
      if mistake != .losesVectors { embedded.formUnion(batch) }
      spend(batch.count * 10)
      let told = mistake == .losesVectors ? max(0, missing.count - batch.count) : missing.count
      tell(
        .embedded(
          number: work.number, missing: told,
          tokens: TokenCount(mistake == .forgetsTokens ? 0 : batch.count * 10)))
    case .publish:
      if job.isRunning(work.number) || mistake == .publishesWhateverIsTold { isPublished = true }
      if isPublished, job.stage == .cancelled { problems.append("published after it was cancelled") }
      tell(.published(number: work.number))
    }
  }

  private mutating func pay(_ batch: [Int]) { for chunk in batch { timesPaid[chunk, default: 0] += 1 } }
  private mutating func spend(_ tokens: Int) { tokensTold += tokens }

  /// What must hold at any moment, and what was paid too much.
  func audit() -> [String] {
    var problems = problems
    let paidAgain = timesPaid.values.reduce(0) { $0 + $1 - 1 }
    if paidAgain > excuses * IngestionJob.batchSize { problems.append("\(paidAgain) chunks paid again, \(excuses)") }
    if excuses == 0, job.tokensSpent.count != Int64(tokensTold) { problems.append("tokens are lost") }
    if job.stage == .indexed, !isPublished { problems.append("indexed but not published") }
    if job.stage.isWorking, atWork.isEmpty, wake == nil { problems.append("nobody works on it") }
    return problems
  }
}
