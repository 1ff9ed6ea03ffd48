import ArgumentParser

/// `packhouse resource`
struct ResourceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resource", abstract: "Provision and deprovision resources on behalf of a company.",
    subcommands: [Provision.self, Deprovision.self, CancelDeprovisioningOf.self, List.self])
}
