/// How one piece of work follows another.
extension IngestionJob {
  /// Begins with the first thing that is missing.
  mutating func proceed(_ stored: StoredWork, at now: Instant) -> [IngestionAction] {
    running = nil
    restsUntil = nil
    lastSign = now
    guard !stored.isPublished else {
      finishProgress(stored)
      stage = .indexed
      return []
    }
    guard let pages = stored.pages else {
      progress = IngestionProgress()
      stage = .extracting
      return begin(.extract, at: now)
    }
    progress = IngestionProgress(pagesRead: max(0, pages), pages: max(0, pages))
    guard let chunks = stored.chunks else {
      stage = .chunking
      return begin(.chunk, at: now)
    }
    return cut(chunks, missing: stored.chunksMissing, at: now)
  }

  /// The chunks are known: those without a vector are embedded.
  private mutating func cut(_ chunks: Int, missing: Int, at now: Instant) -> [IngestionAction] {
    guard chunks > 0 else {
      progress.chunks = 0
      progress.chunksMissing = 0
      return end(
        .failed(
          IngestionFailure(
            "No text was found in the file. If its pages are pictures, add a text layer to it and upload it again.",
            isPassing: false)), at: now)
    }
    progress.chunks = chunks
    progress.chunksMissing = min(max(0, missing), chunks)
    return embedOrPublish(at: now)
  }

  mutating func embedOrPublish(at now: Instant) -> [IngestionAction] {
    stage = .embedding
    return begin(progress.chunksMissing > 0 ? .embed(atMost: Self.batchSize) : .publish, at: now)
  }

  mutating func extracted(_ number: Int, _ pages: Int, at now: Instant) -> [IngestionAction] {
    guard isRunning(number, .extract) else { return [] }
    failuresInARow = 0
    progress.pages = max(0, pages)
    progress.pagesRead = max(0, pages)
    stage = .chunking
    return begin(.chunk, at: now)
  }

  mutating func chunked(_ number: Int, _ chunks: Int, _ missing: Int, at now: Instant) -> [IngestionAction] {
    guard isRunning(number, .chunk) else { return [] }
    failuresInARow = 0
    return cut(chunks, missing: missing, at: now)
  }

  mutating func embedded(_ number: Int, _ missing: Int, _ tokens: TokenCount, at now: Instant) -> [IngestionAction] {
    spend(tokens)
    // The vectors of a batch that was given up are stored all the same, and need not be paid again.
    progress.chunksMissing = min(max(0, missing), progress.chunksMissing)
    guard isRunning(number, .embed(atMost: Self.batchSize)) else { return [] }
    guard missing < missingAtBegin else {
      // A batch that brings nothing must not be repeated for ever: it costs each time.
      return fail(
        IngestionFailure("The embeddings model gave no vectors for the texts that it was sent.", isPassing: true),
        at: now)
    }
    failuresInARow = 0
    return embedOrPublish(at: now)
  }

  mutating func published(_ number: Int, at now: Instant) -> [IngestionAction] {
    isRunning(number, .publish) ? end(.indexed, at: now) : []
  }

  mutating func refused(_ number: Int, _ refill: Instant?, at now: Instant) -> [IngestionAction] {
    guard isRunning(number, .embed(atMost: Self.batchSize)) else { return [] }
    running = nil
    lastSign = now
    // An instant that has passed would make the job ask without a pause.
    let refill = refill.map { max($0, now.adding(seconds: 1)) }
    stage = .waitingForAllowance(refill: refill)
    return refill.map { [.wake(at: $0)] } ?? []
  }

  /// A passing failure is tried again after a pause that doubles; a lasting one, or too many, end the job.
  mutating func fail(_ failure: IngestionFailure, at now: Instant) -> [IngestionAction] {
    failuresInARow += 1
    guard failure.isPassing, failuresInARow < Self.mostFailures else { return end(.failed(failure), at: now) }
    running = nil
    lastSign = now
    let until = now.adding(seconds: 1 << Int64(failuresInARow - 1))
    restsUntil = until
    return [.wake(at: until)]
  }

  /// Nothing runs any more.
  func stopping() -> [IngestionAction] { running.map { [.abandon(number: $0.number)] } ?? [] }

  mutating func end(_ stage: IngestionStage, at now: Instant) -> [IngestionAction] {
    self.stage = stage
    running = nil
    restsUntil = nil
    lastSign = now
    return []
  }

  private mutating func finishProgress(_ stored: StoredWork) {
    progress = IngestionProgress(
      pagesRead: stored.pages ?? progress.pagesRead, pages: stored.pages ?? progress.pages,
      chunks: stored.chunks ?? progress.chunks, chunksMissing: 0)
  }
}
