import ArgumentParser

/// `packhouse provider`
struct ProviderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "Enter, change, list and forget accounts at model providers.",
    subcommands: [Add.self, SetSecret.self, Remove.self, List.self, History.self])
}

extension Manual.Operand {
  static let provider = Manual.Operand(
    name: "NAME", help: "The account's name; `packhouse provider list` shows them all.")
}

extension Manual.Field {
  static let fingerprint = Manual.Field(
    "fingerprint", "Eight hexadecimal digits by which the secret can be told from others.")
}
