import ArgumentParser

/// The command `packhouse`.
@main
struct Packhouse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "packhouse",
    abstract: "A self-hosted GenAI resource platform: portal, gateway and metering in one program.",
    subcommands: [
      Serve.self, Status.self, CompanyCommand.self, ContractCommand.self, SubscriptionCommand.self, UserCommand.self,
      ResourceCommand.self, UsageCommand.self, LedgerCommand.self, AuditCommand.self, ConfigCommand.self,
    ])
}
