import Core
import Testing

@Suite("Histories of ingestion jobs")
struct IngestionHistoryTests {
  @Test("KB-12: 20,000 random histories keep to the rules, and every job gets to its end when all goes well again")
  func histories() {
    let seed = UInt64.random(in: 0 ... .max)
    print("ingestion histories, seed \(seed)")
    var random = SplitMix(seed: seed)
    var ends: Set<String> = []
    for number in 0..<20_000 {
      var world = history(.none, &random)
      ends.insert(kind(world.job.stage))
      let problems = world.audit() + completion(&world)
      guard problems.isEmpty else {
        Issue.record("history \(number) of seed \(seed): \(problems.prefix(3))")
        return
      }
    }
    #expect(ends == ["received", "working", "waiting", "failed", "cancelled", "indexed"], "seed \(seed)")
  }

  @Test(
    "A planted mistake of the shell is caught",
    arguments: IngestionWorld.Mistake.allCases.filter { $0 != .none }.map(\.rawValue))
  func planted(mistake: String) throws {
    let mistake = try #require(IngestionWorld.Mistake(rawValue: mistake))
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(seed: seed)
    let caught = (0..<20_000).first { _ in
      var world = history(mistake, &random)
      return !(world.audit() + completion(&world)).isEmpty
    }
    print("planted \(mistake), seed \(seed), caught by \(caught ?? -1)")
    #expect(caught != nil, "seed \(seed)")
  }

  @Test("KB-12: every sequence of four events, from every stage, keeps to the rules")
  func exhaustive() {
    let failure = IngestionFailure("No.", isPassing: true)
    let lasting = IngestionFailure("No.", isPassing: false)
    let done = StoredWork(pages: 3, chunks: 200, chunksMissing: 0, isPublished: false)
    let some = StoredWork(pages: 3, chunks: 200, chunksMissing: 120, isPublished: false)
    let none = StoredWork(pages: nil, chunks: nil, chunksMissing: 0, isPublished: false)
    var steps = 0
    func events(_ job: IngestionJob, _ now: Instant) -> [IngestionEvent] {
      let number = job.lastNumber
      return [
        .start, .tick, .cancel, .allowanceChanged, .retry(some), .retry(none), .found(done), .found(some),
        .sign(number: number), .pagesRead(number: number, 2, of: 3), .extracted(number: number, pages: 3),
        .chunked(number: number, chunks: 200, missing: 120), .chunked(number: number, chunks: 0, missing: 0),
        .embedded(number: number, missing: 24, tokens: 7), .embedded(number: number, missing: 0, tokens: 7),
        .embedded(number: number - 1, missing: 60, tokens: 7), .published(number: number),
        .refusedForAllowance(number: number, refill: now.adding(seconds: 90)),
        .refusedForAllowance(number: number, refill: nil), .failed(number: number, failure, tokens: 3),
        .failed(number: number, lasting, tokens: 0), .failed(number: number - 1, failure, tokens: 3),
      ]
    }
    func walk(_ job: IngestionJob, _ now: Instant, _ left: Int) {
      guard left > 0 else { return }
      for event in events(job, now) {
        var next = job
        let actions = next.handle(event, at: now)
        steps += 1
        let problems = IngestionAudit.problems(before: job, event: event, after: next, actions: actions, at: now)
        if !problems.isEmpty { Issue.record("\(job.stage), \(event): \(problems)") }
        walk(next, now.adding(seconds: 45), left - 1)
      }
    }
    let now = Instant(milliseconds: 1_800_000_000_000)
    for begin in [IngestionEvent.start, .tick] {
      var job = IngestionJob(id: IngestionJobID("j"), receivedAt: now)
      _ = job.handle(begin, at: now)
      walk(job, now, 4)
    }
    #expect(steps > 400_000)
  }

  /// One job's life up to some moment.
  private func history(_ mistake: IngestionWorld.Mistake, _ random: inout SplitMix) -> IngestionWorld {
    var world = IngestionWorld(
      pages: .random(in: 0...4, using: &random), chunks: .random(in: 0...400, using: &random), mistake: mistake)
    for _ in 0..<Int.random(in: 0...24, using: &random) {
      switch Int.random(in: 0..<30, using: &random) {
      case 0..<3: world.tell(.start)
      case 3..<12: world.work()
      case 12: world.lateWork()
      case 13: world.tell(.cancel)
      case 14..<16: world.tell(.retry(world.stored))
      case 16: world.crash()
      case 17: world.failure(isPassing: true, paid: Int.random(in: 0...9, using: &random))
      case 18: world.failure(isPassing: Bool.random(using: &random), paid: 0)
      case 19: world.refuseAllowance(refill: world.now.adding(seconds: .random(in: -5...5_000, using: &random)))
      case 20: world.refuseAllowance(refill: nil)
      case 21: world.tell(.allowanceChanged)
      case 22..<24: world.passToWake()
      case 24: world.tell(.tick)
      case 25: world.pass(milliseconds: .random(in: 0...70_000, using: &random))
      case 26: world.tell(.sign(number: world.job.lastNumber))
      case 27: world.tell(.pagesRead(number: world.job.lastNumber, 1, of: 2))
      case 28: world.tell(.published(number: world.job.lastNumber - 1))
      default: world.tell(.extracted(number: 0, pages: 9))
      }
    }
    return world
  }

  /// From now on all goes well, somebody retries, and time passes: within few steps the job is at its end.
  private func completion(_ world: inout IngestionWorld) -> [String] {
    for _ in 0..<40 where world.job.stage != .indexed {
      switch world.job.stage {
      case .received: world.tell(.start)
      case .failed, .cancelled: world.tell(.retry(world.stored))
      case .waitingForAllowance: world.tell(.allowanceChanged)
      case .extracting, .chunking, .embedding, .indexed: break
      }
      world.passToWake()
      world.work()
    }
    var problems = world.audit()
    let isDone = world.chunks == 0 ? world.job.stage != .indexed : world.job.stage == .indexed
    if !isDone { problems.append("it never came to its end: \(world.job.stage)") }
    if world.job.stage == .indexed, !world.missing.isEmpty { problems.append("vectors are missing") }
    return problems
  }

  private func kind(_ stage: IngestionStage) -> String {
    switch stage {
    case .received: "received"
    case .extracting, .chunking, .embedding: "working"
    case .waitingForAllowance: "waiting"
    case .failed: "failed"
    case .cancelled: "cancelled"
    case .indexed: "indexed"
    }
  }
}
