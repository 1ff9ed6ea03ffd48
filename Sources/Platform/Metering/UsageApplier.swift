import Core
public import Logging
public import ServiceLifecycle
public import Storage
import Synchronization

/// Moves settled calls from the journal to the usage tables, in batches. Rule M-7: within 200 ms.
public final class UsageApplier: Service {
  static let interval: Duration = .milliseconds(100)
  /// Entries of one transaction.
  static let batchSize = 2_000
  /// Attempts at the end, before what is left stays in the journal for the next start.
  static let finalAttempts = 5

  private let journal: MeteringJournal
  private let database: Database
  private let logger: Logger
  private let isFailing = Mutex(false)

  public init(journal: MeteringJournal, database: Database, logger: Logger) {
    self.journal = journal
    self.database = database
    self.logger = logger
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.applyPending()
        try? await Task.sleep(for: Self.interval)
      }
    }
    for _ in 0..<Self.finalAttempts {
      if await applyPending() { return }
    }
  }

  /// Applies everything that is settled. False where storage did not take it; it is tried again later, and being
  /// idempotent by request id it can be tried at any time.
  @discardableResult
  public func applyPending() async -> Bool {
    while true {
      guard let batch = journal.takePending(max: Self.batchSize) else { return true }
      do {
        let journalID = journal.id
        try await database.write { transaction in
          try transaction.apply(batch.entries, journal: journalID, upTo: batch.watermark)
        }
        journal.applied(upTo: batch.watermark)
        note(failure: nil)
      } catch {
        note(failure: error)
        return false
      }
    }
  }

  /// Tells the first failure and the recovery: ten lines a second would hide everything else.
  private func note(failure: (any Error)?) {
    let hasChanged = isFailing.withLock { isFailing in
      defer { isFailing = failure != nil }
      return isFailing != (failure != nil)
    }
    guard hasChanged else { return }
    if let failure {
      logger.error(
        "usage cannot be written to the database; it waits in the journal", metadata: ["error": "\(failure)"])
    } else {
      logger.notice("usage is written to the database again")
    }
  }
}
