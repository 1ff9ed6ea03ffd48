import ArgumentParser
import Platform

extension ProviderCommand {
  /// `packhouse provider list`. Rule N-1.
  struct List: OperatorCommand {
    static let manual = Manual(
      command: "provider list", abstract: "List the provider accounts, and where their secrets come from.",
      discussion: """
        Those of the providers file, then those that were entered with `packhouse provider add`. Secrets are never \
        shown: a fingerprint tells which one it is. Changes nothing; works beside a running server and without one.
        """,
      examples: [Manual.Example(purpose: "All of them:", line: "provider list")], isArray: true,
      fields: [
        Manual.Field("name", "The account's name."), Manual.Field("kind", "Its kind."),
        Manual.Field("region", "The region in which its calls are answered."),
        Manual.Field("address", "Its base address, where that is not the provider's own."),
        Manual.Field("isInFile", "True where the providers file describes it."),
        Manual.Field(
          "secret",
          "\"environment\", \"stored\", \"missing\" (to be entered), \"none\" (not needed) or \"unreadable\"."),
        Manual.Field("variables[]", "Names of the environment variables that the secret comes from."),
        Manual.Field("fingerprint", "Of a stored secret."),
        Manual.Field("enteredAt", "When the stored secret was entered."),
        Manual.Field("enteredBy", "Who entered it."), Manual.Field("models[]", "Ids of the models that it serves."),
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let accounts = try await input.look { try await $0.providerAccounts() }
      var table = TextTable(["NAME", "KIND", "REGION", "SECRET", "FINGERPRINT", "ENTERED", "MODELS"], numbers: [6])
      for account in accounts {
        let source =
          account.secret == .environment ? account.variables.joined(separator: " ") : account.secret.rawValue
        table.add([
          account.name, account.kind ?? "-", account.region ?? "-", source, account.fingerprint ?? "-",
          account.enteredAt ?? "-", "\(account.models.count)",
        ])
      }
      return CommandOutput(
        table.text(none: "No provider account yet. `packhouse provider add` enters one."), json: accounts)
    }
  }

  /// `packhouse provider history`. Rule G-20.
  struct History: OperatorCommand {
    static let manual = Manual(
      command: "provider history", abstract: "List who entered, changed and removed provider accounts when.",
      discussion: """
        The last 100 lines of the installation's own activity, newest first. Like the activity of companies it is only \
        appended to, each line with a hash over itself and the one before: `packhouse audit verify` checks them. Changes \
        nothing; works beside a running server and without one.
        """,
      examples: [Manual.Example(purpose: "What was done:", line: "provider history")], isArray: true,
      fields: [
        Manual.Field("line", "Number of the line, from 1."), Manual.Field("at", "When it was done."),
        Manual.Field("by", "Who did it."), Manual.Field("sentence", "What was done."),
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let lines = try await input.look { try await $0.providerHistory() }
      var table = TextTable(["AT", "BY", "WHAT"])
      for line in lines { table.add([line.at, line.by, line.sentence]) }
      return CommandOutput(table.text(none: "Nothing was done yet."), json: lines)
    }
  }
}
