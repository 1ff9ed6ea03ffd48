/// What a job asks to be done.
public enum IngestionWork: Hashable, Sendable {
  /// Read the file's text into pages and store them.
  case extract
  /// Cut the stored pages into chunks and store them.
  case chunk
  /// Embed the first chunks without a vector, and store the vectors with what they cost.
  case embed(atMost: Int)
  /// Put the new chunks in the place of the document's old ones, in one change (KB-2).
  case publish
}

/// Work that was asked for and has not been answered. Its number tells its answers from those of work that was given up.
public struct RunningWork: Hashable, Sendable {
  public let number: Int
  public let work: IngestionWork

  public init(number: Int, work: IngestionWork) {
    self.number = number
    self.work = work
  }
}

/// What happened to a job.
///
/// The shell stores the job in the same transaction as what an event tells of, and performs the actions after it.
public enum IngestionEvent: Hashable, Sendable {
  /// It is the job's turn.
  case start
  /// Running work is alive.
  case sign(number: Int)
  /// So many pages are read; `of` where they are counted.
  case pagesRead(number: Int, Int, of: Int?)
  case extracted(number: Int, pages: Int)
  case chunked(number: Int, chunks: Int, missing: Int)
  /// A batch's vectors are stored. `missing` is how many chunks are still without one, `tokens` what the batch cost.
  case embedded(number: Int, missing: Int, tokens: TokenCount)
  case published(number: Int)
  /// The embeddings resource let the batch not in; nothing was paid.
  case refusedForAllowance(number: Int, refill: Instant?)
  /// The work went wrong; `tokens` is what it cost all the same.
  case failed(number: Int, IngestionFailure, tokens: TokenCount)
  /// The embeddings resource was resumed, refilled or enlarged.
  case allowanceChanged
  /// Time went by.
  case tick
  case cancel
  /// Somebody wants a failed or cancelled job to go on.
  case retry(StoredWork)
  /// The program starts and finds the job stored.
  case found(StoredWork)
}

/// What the shell must do.
public enum IngestionAction: Hashable, Sendable {
  case begin(RunningWork)
  /// Stop work; nothing that it still stores may show. Effective within ``IngestionJob/cancelSeconds``.
  case abandon(number: Int)
  /// Send a tick at this instant.
  case wake(at: Instant)
}
