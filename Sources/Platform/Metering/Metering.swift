public import Core
public import Logging
public import Storage

/// Journal, book, desk and applier of one node, opened in the order that loses nothing. Rules M-1, M-2.
public struct Metering: Sendable {
  public let journal: MeteringJournal
  public let book: AllowanceBook
  public let desk: AdmissionDesk
  public let applier: UsageApplier

  /// Opens the journal in `folder`, settles what a crash left open, and brings everything into the tables before the
  /// first call is admitted: from then on the book knows what is settled.
  ///
  /// `onFsyncFailure` ends the process: after a failed sync nobody knows what is on the disk.
  public static func open(
    folder: String, options: JournalOptions, database: Database, catalog: Catalog, clock: WallClock,
    random: RandomSource, logger: Logger, onFsyncFailure: @escaping @Sendable (JournalProblem) -> Void
  ) async throws -> Metering {
    let opened = try MeteringJournal.open(
      folder: folder, options: options, random: random, onFsyncFailure: onFsyncFailure)
    for damage in opened.damages { logger.error("the metering journal was damaged", metadata: ["damage": "\(damage)"]) }
    let journal = opened.journal
    let journalID = journal.id
    journal.applied(upTo: try await database.read { try $0.appliedWatermark(of: journalID) })
    for open in opened.openCalls {
      try journal.settled(interrupted(open, catalog: catalog, at: clock.now()))
    }
    if !opened.openCalls.isEmpty {
      logger.notice(
        "calls that the last run left open are settled as interrupted", metadata: ["calls": "\(opened.openCalls.count)"]
      )
    }
    let applier = UsageApplier(journal: journal, database: database, logger: logger)
    guard await applier.applyPending() else { throw MeteringProblem.usageNotApplied }
    let book = AllowanceBook()
    let desk = AdmissionDesk(book: book, journal: journal, database: database, clock: clock, logger: logger)
    return Metering(journal: journal, book: book, desk: desk, applier: applier)
  }

  /// What a call is charged whose process died. Rule M-2.
  private static func interrupted(
    _ open: JournalContents.OpenCall, catalog: Catalog, at now: Instant
  ) -> UsageEntry {
    let model = catalog.model(open.call.model)
    let usage = Settlement.interrupted(
      open.call, outputCharacters: open.outputCharacters,
      milliCharactersPerToken: model?.limits.milliCharactersPerToken ?? Self.cautiousMilliCharactersPerToken)
    return UsageEntry(
      call: open.call, servedRegion: open.call.region, usage: usage, finishedAt: max(now, open.call.admittedAt),
      timeToFirstToken: nil, status: .interrupted, attempts: 1, isEstimated: true)
  }

  /// Where the catalog no longer has the model.
  static let cautiousMilliCharactersPerToken = 3_500

  /// True while calls can be admitted.
  public var isReady: Bool { journal.problem == nil && !journal.isBacklogged }
}

/// Why metering could not be opened.
public enum MeteringProblem: Error, CustomStringConvertible {
  case usageNotApplied

  public var description: String {
    switch self {
    case .usageNotApplied:
      "The usage in the metering journal could not be written to the database. The log above says why; nothing is lost."
    }
  }
}
