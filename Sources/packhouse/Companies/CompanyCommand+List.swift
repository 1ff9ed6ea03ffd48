import ArgumentParser
import Platform

extension CompanyCommand {
  /// `packhouse company list`
  struct List: OperatorCommand {
    static let manual = Manual(
      command: "company list", abstract: "List the companies, by name.",
      discussion: "Works beside a running server and without one.",
      examples: [
        Manual.Example(purpose: "The ids of all companies:", line: "company list --json | jq -r '.[].id'")
      ],
      isArray: true,
      fields: listed())

    /// Members of a company, for the manuals of all commands that print one.
    static func listed(_ prefix: String = "") -> [Manual.Field] {
      Manual.Field.company(id: "\(prefix)id", name: "\(prefix)name") + [
        Manual.Field("\(prefix)timeZone", "Its time zone."), Manual.Field("\(prefix)createdAt", "When it was created."),
        Manual.Field("\(prefix)createdDay", "The day of it."),
      ] + Manual.Field.balance("\(prefix)balance.") + [
        Manual.Field("\(prefix)resources", "Number of resources that are not deprovisioned.")
      ]
    }

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let companies = try await input.look { try await $0.companies() }
      var table = TextTable(
        ["ID", "NAME", "TIME ZONE", "CREATED", "AVAILABLE", "ALLOCATED", "TOTAL", "RESOURCES"], numbers: [4, 5, 6, 7])
      for company in companies {
        table.add([
          company.id, company.name, company.timeZone, company.createdDay, company.balance.available.grouped,
          company.balance.allocated.grouped, company.balance.total.grouped, String(company.resources),
        ])
      }
      return CommandOutput(
        table.text(none: "There is no company yet. `packhouse company create` makes one."), json: companies)
    }
  }
}
