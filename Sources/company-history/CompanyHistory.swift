import ArgumentParser
import Core
import Storage

/// A company with years behind it, for benchmarks: the facts are written as the program itself writes them, and the
/// server enters what follows from them when it starts.
@main
struct CompanyHistory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "company-history",
    abstract: "Writes a company with many resources and a long history into a data folder.",
    discussion: """
      The folder gets a database if it has none; no server may run on it meanwhile. The same options write the \
      same company. \
      Give it a person with `packhouse user create`, and start the server: it enters \
      the ledger.
      """)

  @Option(help: "Data folder.")
  var data: String

  @Option(help: "PostgreSQL database instead of the folder's own.")
  var database: String?

  @Option(help: "Name of the company.")
  var name = "Fernhill"

  @Option(help: "Resources, deprovisioned ones included.")
  var resources = 10_000

  @Option(help: "Ledger entries that follow from the history, about.")
  var entries = 1_000_000

  @Option(help: "Days that the history lasts.")
  var days = 1_095

  @Option(help: "When the history ends, in milliseconds since 1970.")
  var end: Int64

  @Option(help: "Chooses another history.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (20...100_000).contains(resources) else { throw ValidationError("--resources: from 20 to 100,000.") }
    guard (resources...10_000_000).contains(entries) else {
      throw ValidationError("--entries: at least one for each resource, at most 10,000,000.")
    }
    guard (60...3_650).contains(days) else { throw ValidationError("--days: from 60 to 3,650.") }
  }

  func run() async throws {
    let folder = DataFolder(data)
    try folder.create()
    // A server keeps what it has read in memory: nobody writes beside it.
    let lock = try FolderLock.acquire(folder)
    defer { withExtendedLifetime(lock) {} }
    let location = database.map(DatabaseLocation.postgres) ?? .sqlite(path: folder.database)
    let opened = try await Database.open(location)
    let plan = HistoryPlan(
      name: name, resources: resources, entries: entries, days: days, end: Instant(milliseconds: end))
    let draft = HistoryDraft(plan, seed: seed)
    let started = ContinuousClock.now
    try await opened.write(locking: .company(draft.company.id)) { transaction in
      try draft.insert(into: transaction)
    }
    await opened.close()
    print(
      "Wrote \(draft.resources.count) resources and \(draft.changes.count) changes of capacity of “\(name)” in "
        + "\((ContinuousClock.now - started).components.seconds) s.")
  }
}

/// How large and how long.
struct HistoryPlan: Sendable {
  let name: String
  let resources: Int
  let entries: Int
  let days: Int
  /// The latest fact is recorded before it.
  let end: Instant

  var start: Instant { end.adding(milliseconds: -Int64(days) * 86_400_000) }
}
