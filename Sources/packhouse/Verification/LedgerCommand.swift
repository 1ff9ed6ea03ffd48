import ArgumentParser
import Platform

/// `packhouse ledger`
struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Check the ledger of Cloud Tokens.", subcommands: [Verify.self])

  /// `packhouse ledger verify`. Rule T-3.
  struct Verify: OperatorCommand {
    static let manual = Manual(
      command: "ledger verify", abstract: "Recompute every balance from the facts and compare it with the ledger.",
      discussion: """
        Contracts, capacities and deprovisionings are facts; each movement of Cloud Tokens that follows from them stands \
        in the ledger once. This reads both and tells every difference. Changes nothing; works beside a running server \
        and without one.
        """,
      operands: [.optionalCompany("check")],
      examples: [
        Manual.Example(purpose: "All companies:", line: "ledger verify"),
        Manual.Example(purpose: "One company, for a script:", line: "ledger verify Fernhill --json"),
      ],
      isArray: true,
      fields: Manual.Field.company() + [
        Manual.Field("entries", "Ledger entries that were checked."),
        Manual.Field("completeUpTo", "What became due after it is entered with the next change."),
        Manual.Field("available", "Cloud Tokens that the entries leave available."),
        Manual.Field("agrees", "True where there is no difference."),
        Manual.Field("differences[]", "One sentence for each, at most 100."),
        Manual.Field("furtherDifferences", "How many more there are."),
      ],
      findingStatus: "There are differences; they are printed.")

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let reports = try await input.look { try await $0.verifyLedger(of: input.operand(0)) }
      let lines = reports.flatMap { report -> [String] in
        let entries = "\(Int64(report.entries).grouped) ledger \(report.entries == 1 ? "entry" : "entries") checked"
        let count = report.differences.count + report.furtherDifferences
        let verdict = report.agrees ? "agrees" : OutcomeText.count(count, "difference")
        return ["\(report.companyName) (\(report.company)): \(entries), \(verdict)"]
          + report.differences.map { "  \($0)" }
          + (report.furtherDifferences > 0 ? ["  and \(report.furtherDifferences) more"] : [])
      }
      let isFine = reports.allSatisfy(\.agrees)
      return CommandOutput(
        lines.isEmpty ? "There is no company yet, and so no ledger." : lines.joined(separator: "\n"), json: reports,
        status: isFine ? 0 : ExitStatus.found)
    }
  }
}
