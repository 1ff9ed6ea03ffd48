import ArgumentParser

/// `packhouse company`
struct CompanyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "company", abstract: "Create companies and look at them.",
    subcommands: [Create.self, List.self, Show.self])
}
