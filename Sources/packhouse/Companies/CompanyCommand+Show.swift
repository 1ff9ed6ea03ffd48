import ArgumentParser
import Platform

extension CompanyCommand {
  /// `packhouse company show`
  struct Show: OperatorCommand {
    static let manual = Manual(
      command: "company show", abstract: "Show a company at a glance.",
      discussion: """
        Its Cloud Tokens, its contracts that are not over, its platform accounts, how many people and resources it has, \
        and whether its admins can provision by themselves. Works beside a running server and without one.
        """,
      operands: [.company],
      examples: [Manual.Example(purpose: "By its name:", line: "company show Fernhill")],
      fields: List.listed("company.") + [
        Manual.Field("externalInvitations", "Whether its teams may invite people of other companies.")
      ] + Manual.Field.contract("contracts[].") + Manual.Field.account("accounts[].") + [
        Manual.Field("admins", "Admins who are not deactivated."),
        Manual.Field("members", "Members who are not deactivated."),
        Manual.Field("statuses", "Number of resources by status, such as {\"ACTIVE\": 3}."),
        Manual.Field("selfServiceReasons[]", "Why its admins cannot provision by themselves; empty where they can."),
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let report = try await input.look { try await $0.company(input.operand(0) ?? "") }
      let company = report.company
      var fields = TextFields()
      fields.add("id", company.id)
      fields.add("created", company.createdDay)
      fields.add("time zone", company.timeZone)
      fields.add("Cloud Tokens", OutcomeText.balance(company.balance))
      fields.add(
        "contracts",
        report.contracts.isEmpty ? ["none in force or to come"] : report.contracts.map(OutcomeText.contract))
      fields.add("accounts", report.accounts.isEmpty ? ["none"] : report.accounts.flatMap(OutcomeText.account))
      fields.add("self-service", report.selfServiceReasons.isEmpty ? ["open"] : report.selfServiceReasons)
      fields.add(
        "people", "\(OutcomeText.count(report.admins, "admin")), \(OutcomeText.count(report.members, "member"))")
      fields.add("invitations", report.externalInvitations ? "of other companies' people too" : "of colleagues only")
      let statuses = report.statuses.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      fields.add("resources", statuses.isEmpty ? ["none"] : statuses)
      return CommandOutput(OutcomeText.page(company.name, fields), json: report)
    }
  }
}
