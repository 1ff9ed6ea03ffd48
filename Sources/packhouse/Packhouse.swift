import ArgumentParser

/// The command `packhouse`.
@main
struct Packhouse: AsyncParsableCommand {
  /// What `packhouse --version` prints.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "packhouse",
    abstract: "A self-hosted GenAI resource platform: portal, gateway and metering in one program.",
    version: version,
    subcommands: [
      Serve.self, Status.self, DoctorCommand.self, CompanyCommand.self, ContractCommand.self, SubscriptionCommand.self,
      UserCommand.self,
      ResourceCommand.self, UsageCommand.self, ProviderCommand.self, LedgerCommand.self, AuditCommand.self,
      ConfigCommand.self,
    ])
}
