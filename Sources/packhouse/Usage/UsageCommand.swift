import ArgumentParser
import Core
import Foundation
import Platform
import Storage

/// `packhouse usage`: what calls consumed.
struct UsageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "Look at what calls consumed.", subcommands: [Export.self])

  /// `packhouse usage export`
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the usage entries of a resource, oldest first.",
      discussion: """
        Works beside a running server and includes what it has settled but not yet written to the tables. One entry is \
        one admitted call; its requestId stood in the answer's x-request-id header.

        \(SettingHelp.text)
        """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv }

    @Option(help: "Id of the resource.") var resource: String
    @Option(help: "Entries admitted on or after this day (YYYY-MM-DD, in the company's time zone).") var from: String?
    @Option(help: "Entries admitted up to and on this day.") var to: String?
    @Option(help: "json: an array of objects. csv: RFC 4180 with a header.") var format: Format = .json

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The settings below.", valueName: "settings"))
    var settings: [String] = []

    func run() async throws {
      do {
        try await export(try ServerConfiguration(try await Settings.read(arguments: settings)))
      } catch {
        throw StartProblem(error)
      }
    }

    private func export(_ configuration: ServerConfiguration) async throws {
      // The journal before the tables: what is applied in between stands in both and is told apart by its request id.
      let folder = DataFolder(configuration.data)
      let tail = try JournalReader.read(folder: folder.journal).settled.map(\.entry)
      let database = try await Database.open(configuration.database, access: .readOnly)
      let id = ResourceID(resource)
      let range = try await range(of: id, in: database)
      var written = UsageWriter(format: format)
      try await UsageExport(database: database).pages(of: id, from: range.from, to: range.to, tail: tail) { entries in
        for entry in entries { written.write(entry) }
      }
      written.end()
      await database.close()
    }

    private func range(of id: ResourceID, in database: Database) async throws -> (from: Instant?, to: Instant?) {
      let company = try await database.read { transaction in
        try transaction.resource(id).flatMap { try transaction.company($0.companyID) }
      }
      guard let company else { throw SettingsProblem(["There is no resource \(id)."]) }
      let zone = CompanyZone(company.timeZone) ?? .utc
      return (
        try day("--from", from).map { zone.firstInstant(of: $0) },
        try day("--to", to).map { zone.firstInstant(of: $0.adding(days: 1)) }
      )
    }

    private func day(_ option: String, _ text: String?) throws -> LocalDay? {
      guard let text else { return nil }
      guard let day = LocalDay(iso: text) else {
        throw SettingsProblem(["\(option) is \"\(text)\", which is not a day such as 2026-11-21."])
      }
      return day
    }
  }
}
