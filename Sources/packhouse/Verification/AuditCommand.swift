import ArgumentParser
import Core
import Platform

/// `packhouse audit`
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check that activity is as it was written.",
    subcommands: [Verify.self, Head.self])

  /// `packhouse audit verify`. Rule G-20.
  struct Verify: OperatorCommand {
    static let manual = Manual(
      command: "audit verify", abstract: "Check every line of activity, and that none was changed or cut off.",
      discussion: """
        Each line of a company's activity carries a hash over itself and the line before it, so that whoever changes, \
        removes or inserts one is found out. That the end was cut off shows only against an earlier head: the server \
        logs the heads once a day, and `packhouse audit head` prints them. Keep some where the database's owner cannot \
        reach them.

        Changes nothing; works beside a running server and without one. Needs the installation's master key.
        """,
      operands: [.optionalCompany("check")], options: [sinceHead],
      examples: [
        Manual.Example(purpose: "All companies:", line: "audit verify"),
        Manual.Example(
          purpose: "Against a head from the log:", line: "audit verify --since-head \"$(cat fernhill.head)\""),
      ],
      isArray: true,
      fields: Manual.Field.company() + [
        Manual.Field("lines", "Lines that were checked."),
        Manual.Field("intact", "True where nothing is wrong."),
        Manual.Field("problems[]", "One sentence for each problem, at most 100."),
        Manual.Field("furtherProblems", "How many more there are."),
        Manual.Field("head", "The signed end of intact activity, to be kept for --since-head."),
      ],
      findingStatus: "Something was changed or cut off; it is printed.")

    static let sinceHead = CommandOption(
      name: "since-head", placeholder: "HEAD",
      help: "An earlier head, company.position.hash.signature, up to which the activity must still be the same.",
      fallback: "none", example: "\"$(cat fernhill.head)\"", kind: .list)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let findings = try await input.look { reports, configuration in
        try await reports.verifyActivity(
          of: input.operand(0), since: input.list(Self.sinceHead), masterKey: try configuration.existingMasterKey())
      }
      let lines = findings.flatMap { finding -> [String] in
        let count = "\(OutcomeText.count(Int(finding.lines), "line")) checked"
        let problems = OutcomeText.count(finding.problems.count + finding.furtherProblems, "problem")
        let verdict = finding.intact ? "intact" : problems
        let name = finding.companyName ?? "a company that is gone"
        return ["\(name) (\(finding.company)): \(count), \(verdict)"] + finding.problems.map { "  \($0)" }
          + (finding.furtherProblems > 0 ? ["  and \(finding.furtherProblems) more"] : [])
      }
      let isFine = findings.allSatisfy(\.intact)
      let advice = isFine ? [] : ["", ActivityReport.advice]
      return CommandOutput(
        lines.isEmpty ? "There is no company yet, and so no activity." : (lines + advice).joined(separator: "\n"),
        json: findings, status: isFine ? 0 : ExitStatus.found)
    }
  }

  /// `packhouse audit head`. Rule G-20.
  struct Head: OperatorCommand {
    static let manual = Manual(
      command: "audit head", abstract: "Print the signed end of activity, to be kept for later checks.",
      discussion: """
        Whoever has a head can tell later whether anything up to it was changed or cut off: give it to `packhouse audit \
        verify --since-head`. Changes nothing; works beside a running server and without one. Needs the installation's \
        master key.
        """,
      operands: [.optionalCompany("print it of")],
      examples: [
        Manual.Example(
          purpose: "Kept for later:", line: "audit head Fernhill --json | jq -r '.[].head' > fernhill.head")
      ],
      isArray: true,
      fields: Manual.Field.company() + [
        Manual.Field("lines", "Number of the last line."), Manual.Field("head", "The signed head."),
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let heads = try await input.look { reports, configuration in
        try await reports.activityHeads(of: input.operand(0), masterKey: try configuration.existingMasterKey())
      }
      var table = TextTable(["COMPANY", "NAME", "LINES", "HEAD"], numbers: [2])
      for head in heads { table.add([head.company, head.companyName, head.lines.grouped, head.head]) }
      return CommandOutput(table.text(none: "There is no company yet, and so no activity."), json: heads)
    }
  }
}
