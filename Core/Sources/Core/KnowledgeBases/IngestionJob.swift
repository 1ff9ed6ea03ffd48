public enum IngestionJobEntity {}
public typealias IngestionJobID = Identifier<IngestionJobEntity>

/// One document's way into a collection, as a value: what happened goes in, what to do comes out. Rule KB-12.
///
/// It reads no clock and keeps no content. At any time at most one piece of work runs, and its result is stored before
/// the next begins: so a crash costs one embedding batch at most.
public struct IngestionJob: Hashable, Sendable {
  /// Texts of one embedding batch.
  public static let batchSize = 96
  /// Failures in a row after which a job fails for good.
  public static let mostFailures = 5
  /// Seconds without a sign of life after which work is given up, and after which nobody may be left without one.
  public static let silentSeconds: Int64 = 60
  /// Seconds within which cancelled work stops.
  public static let cancelSeconds: Int64 = 2

  public let id: IngestionJobID
  public internal(set) var stage: IngestionStage
  public internal(set) var progress: IngestionProgress
  /// What the job has cost, retries and late answers included.
  public internal(set) var tokensSpent: TokenCount
  /// When something last came from the job.
  public internal(set) var lastSign: Instant
  public internal(set) var failuresInARow: Int
  /// Nothing of this is stored: a crash ends it.
  public internal(set) var running: RunningWork?
  /// Until when a job that failed in passing rests before its work begins anew.
  public internal(set) var restsUntil: Instant?
  /// Of the work that was begun last.
  public internal(set) var lastNumber: Int
  /// Chunks without a vector when the running batch was begun.
  var missingAtBegin = 0

  /// A job whose file has just been stored.
  public init(id: IngestionJobID, receivedAt now: Instant) {
    self.init(
      id: id, stage: .received, progress: IngestionProgress(), tokensSpent: .zero, lastSign: now, failuresInARow: 0,
      lastNumber: 0)
  }

  /// A job as it was stored. Tell it ``IngestionEvent/found(_:)`` before anything else.
  public init(
    id: IngestionJobID, stage: IngestionStage, progress: IngestionProgress, tokensSpent: TokenCount, lastSign: Instant,
    failuresInARow: Int, lastNumber: Int
  ) {
    self.id = id
    self.stage = stage
    self.progress = progress
    self.tokensSpent = tokensSpent
    self.lastSign = lastSign
    self.failuresInARow = failuresInARow
    self.lastNumber = lastNumber
  }

  /// Whether a job has been without a sign of life for too long while somebody waits for it.
  public func isSilent(at now: Instant) -> Bool {
    stage.isWorking && now.millisecondsSince(lastSign) > Self.silentSeconds * 1_000
  }

  /// Takes what happened and gives what to do. Answers of work that was given up change nothing but what they cost.
  public mutating func handle(_ event: IngestionEvent, at now: Instant) -> [IngestionAction] {
    switch event {
    case .start: return stage == .received ? proceed(StoredWork.nothing, at: now) : []
    case .tick: return tick(at: now)
    case .allowanceChanged:
      guard case .waitingForAllowance = stage else { return [] }
      return embedOrPublish(at: now)
    case .cancel: return cancel(at: now)
    case .retry(let stored): return retry(stored, at: now)
    case .found(let stored): return resume(stored, at: now)
    case .sign(let number):
      if isRunning(number) { lastSign = now }
      return []
    case .pagesRead(let number, let read, let pages):
      if isRunning(number, .extract) { tellPages(read, of: pages, at: now) }
      return []
    case .extracted(let number, let pages): return extracted(number, pages, at: now)
    case .chunked(let number, let chunks, let missing): return chunked(number, chunks, missing, at: now)
    case .embedded(let number, let missing, let tokens): return embedded(number, missing, tokens, at: now)
    case .published(let number): return published(number, at: now)
    case .refusedForAllowance(let number, let refill): return refused(number, refill, at: now)
    case .failed(let number, let failure, let tokens):
      spend(tokens)
      return isRunning(number) ? fail(failure, at: now) : []
    }
  }

  /// Whether an answer is of the work that runs. The shell asks it in the transaction that publishes, so that nothing of
  /// a cancelled job is ever shown.
  public func isRunning(_ number: Int) -> Bool { running?.number == number }

  func isRunning(_ number: Int, _ work: IngestionWork) -> Bool { isRunning(number) && running?.work == work }

  mutating func begin(_ work: IngestionWork, at now: Instant) -> [IngestionAction] {
    lastNumber += 1
    let begun = RunningWork(number: lastNumber, work: work)
    running = begun
    missingAtBegin = progress.chunksMissing
    restsUntil = nil
    lastSign = now
    return [.begin(begun)]
  }

  /// What is paid is counted, however late it is told.
  mutating func spend(_ tokens: TokenCount) { if tokens > .zero { tokensSpent = tokensSpent + tokens } }

  private mutating func tellPages(_ read: Int, of pages: Int?, at now: Instant) {
    lastSign = now
    progress.pages = pages.map { max(0, $0) } ?? progress.pages
    progress.pagesRead = min(max(progress.pagesRead, read), progress.pages ?? .max)
  }
}

extension StoredWork {
  /// Nothing but the file.
  static let nothing = StoredWork(pages: nil, chunks: nil, chunksMissing: 0, isPublished: false)
}
