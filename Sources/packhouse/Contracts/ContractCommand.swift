import ArgumentParser

/// `packhouse contract`
struct ContractCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract", abstract: "Grant Cloud Tokens to companies, and list what was granted.",
    subcommands: [Grant.self, List.self])
}
