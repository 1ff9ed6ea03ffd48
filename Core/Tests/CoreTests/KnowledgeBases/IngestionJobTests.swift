import Core
import Testing

@Suite("Ingestion jobs")
struct IngestionJobTests {
  private let start = Instant(milliseconds: 1_800_000_000_000)

  private func begun(_ actions: [IngestionAction]) -> RunningWork? {
    if case .begin(let work)? = actions.last { work } else { nil }
  }

  /// A job with 200 chunks of which none has a vector; its first batch runs.
  private func embedding() throws -> (IngestionJob, RunningWork) {
    var job = IngestionJob(id: IngestionJobID("j"), receivedAt: start)
    let extract = try #require(begun(job.handle(.start, at: start)))
    let chunk = try #require(begun(job.handle(.extracted(number: extract.number, pages: 12), at: start)))
    let embed = try #require(begun(job.handle(.chunked(number: chunk.number, chunks: 200, missing: 200), at: start)))
    #expect([extract.work, chunk.work, embed.work] == [.extract, .chunk, .embed(atMost: 96)])
    return (job, embed)
  }

  @Test("KB-12: a job goes from its file to the index, and tells pages, chunks and tokens")
  func wholeWay() throws {
    var job = IngestionJob(id: IngestionJobID("j"), receivedAt: start)
    #expect(job.stage == .received)
    let extract = try #require(begun(job.handle(.start, at: start)))
    _ = job.handle(.pagesRead(number: extract.number, 5, of: 12), at: start.adding(seconds: 3))
    #expect(job.stage == .extracting && job.progress.pagesRead == 5 && job.progress.pages == 12)
    var (working, work) = try embedding()
    for missing in [104, 8, 0] {
      #expect(work.work == .embed(atMost: 96))
      work = try #require(
        begun(working.handle(.embedded(number: work.number, missing: missing, tokens: 1_000), at: start)))
      #expect(working.progress.chunksEmbedded == 200 - missing)
    }
    #expect(work.work == .publish && working.stage == .embedding)
    #expect(working.handle(.published(number: work.number), at: start).isEmpty)
    #expect(working.stage == .indexed && working.tokensSpent == 3_000)
  }

  @Test("KB-15: where every vector is there, nothing is embedded")
  func nothingMissing() throws {
    var job = IngestionJob(id: IngestionJobID("j"), receivedAt: start)
    let extract = try #require(begun(job.handle(.start, at: start)))
    let chunk = try #require(begun(job.handle(.extracted(number: extract.number, pages: 1), at: start)))
    let next = begun(job.handle(.chunked(number: chunk.number, chunks: 3, missing: 0), at: start))
    #expect(next?.work == .publish)
  }

  @Test("KB-12: without allowance a job waits and goes on by itself at the refill")
  func allowance() throws {
    var (job, work) = try embedding()
    let refill = start.adding(seconds: 86_400)
    #expect(job.handle(.refusedForAllowance(number: work.number, refill: refill), at: start) == [.wake(at: refill)])
    #expect(job.stage == .waitingForAllowance(refill: refill))
    #expect(!job.isSilent(at: refill))
    #expect(job.handle(.tick, at: start.adding(seconds: 60)) == [.wake(at: refill)])
    #expect(begun(job.handle(.tick, at: refill))?.work == .embed(atMost: 96))
    var (suspended, running) = try embedding()
    #expect(suspended.handle(.refusedForAllowance(number: running.number, refill: nil), at: start).isEmpty)
    #expect(begun(suspended.handle(.allowanceChanged, at: start))?.work == .embed(atMost: 96))
  }

  @Test("KB-12: cancelled at once; a batch that was on its way is counted, and its vectors count for a retry")
  func cancelling() throws {
    var (job, work) = try embedding()
    #expect(job.handle(.cancel, at: start) == [.abandon(number: work.number)])
    #expect(job.stage == .cancelled && !job.isRunning(work.number))
    #expect(job.handle(.embedded(number: work.number, missing: 104, tokens: 500), at: start).isEmpty)
    #expect(job.stage == .cancelled && job.tokensSpent == 500)
    let stored = StoredWork(pages: 12, chunks: 200, chunksMissing: 104, isPublished: false)
    #expect(begun(job.handle(.retry(stored), at: start))?.work == .embed(atMost: 96))
    #expect(job.progress.chunksEmbedded == 96)
  }

  @Test("KB-12: no job is silent for more than 60 s: its work is given up and begun anew, five times at most")
  func silence() throws {
    var (job, work) = try embedding()
    var now = start
    _ = job.handle(.sign(number: work.number), at: start.adding(seconds: 30))
    #expect(job.handle(.tick, at: start.adding(seconds: 90)).isEmpty)
    now = start.adding(seconds: 91)
    #expect(job.isSilent(at: now))
    for failure in 1...5 {
      let actions = job.handle(.tick, at: now)
      #expect(actions.first == .abandon(number: work.number))
      guard failure < 5 else { break }
      let until = try #require(job.restsUntil)
      #expect(until == now.adding(seconds: 1 << Int64(failure - 1)))
      work = try #require(begun(job.handle(.tick, at: until)))
      now = until.adding(milliseconds: 60_001)
    }
    guard case .failed(let failure) = job.stage else {
      Issue.record("\(job.stage)")
      return
    }
    #expect(failure.reason.contains("60 seconds"))
  }

  @Test("KB-12: after a crash a job goes on with what is missing")
  func crash() throws {
    let (job, work) = try embedding()
    func restored() -> IngestionJob {
      IngestionJob(
        id: job.id, stage: job.stage, progress: job.progress, tokensSpent: 700, lastSign: job.lastSign,
        failuresInARow: 0, lastNumber: job.lastNumber)
    }
    var again = restored()
    let stored = StoredWork(pages: 12, chunks: 200, chunksMissing: 8, isPublished: false)
    let next = try #require(begun(again.handle(.found(stored), at: start.adding(seconds: 5))))
    #expect(next.work == .embed(atMost: 96) && next.number > work.number && again.tokensSpent == 700)
    var published = restored()
    let done = StoredWork(pages: 12, chunks: 200, chunksMissing: 0, isPublished: true)
    #expect(published.handle(.found(done), at: start).isEmpty && published.stage == .indexed)
    var nothing = restored()
    let none = StoredWork(pages: nil, chunks: nil, chunksMissing: 0, isPublished: false)
    #expect(begun(nothing.handle(.found(none), at: start))?.work == .extract)
  }

  @Test("KB-12: a batch that brings no vector is not repeated for ever")
  func barrenBatches() throws {
    var (job, work) = try embedding()
    for _ in 1..<5 {
      _ = job.handle(.embedded(number: work.number, missing: 200, tokens: 10), at: start)
      let until = try #require(job.restsUntil)
      work = try #require(begun(job.handle(.tick, at: until)))
    }
    _ = job.handle(.embedded(number: work.number, missing: 200, tokens: 10), at: start)
    #expect(job.stage.isEnd && job.tokensSpent == 50)
  }

  @Test("KB-12: what was given up may still bring vectors, without harm to the batch that runs")
  func lateBatch() throws {
    var (job, first) = try embedding()
    let late = start.adding(seconds: 61)
    #expect(job.handle(.tick, at: late).first == .abandon(number: first.number))
    let second = try #require(begun(job.handle(.tick, at: late.adding(seconds: 1))))
    _ = job.handle(.embedded(number: first.number, missing: 104, tokens: 10), at: late)
    #expect(job.progress.chunksMissing == 104 && job.isRunning(second.number))
    // The second batch was of the same chunks, so it brings nothing new; that is no failure.
    _ = job.handle(.embedded(number: second.number, missing: 104, tokens: 10), at: late)
    #expect(job.failuresInARow == 0 && job.tokensSpent == 20)
  }

  @Test("KB-12: a file without text fails with a reason and how to mend it")
  func noText() throws {
    var job = IngestionJob(id: IngestionJobID("j"), receivedAt: start)
    let extract = try #require(begun(job.handle(.start, at: start)))
    let chunk = try #require(begun(job.handle(.extracted(number: extract.number, pages: 4), at: start)))
    #expect(job.handle(.chunked(number: chunk.number, chunks: 0, missing: 0), at: start).isEmpty)
    guard case .failed(let failure) = job.stage else {
      Issue.record("\(job.stage)")
      return
    }
    #expect(failure.reason.contains("text layer") && !failure.isPassing)
  }
}
