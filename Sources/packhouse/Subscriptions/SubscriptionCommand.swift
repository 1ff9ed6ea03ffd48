import ArgumentParser
import Platform

/// `packhouse subscription`
struct SubscriptionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subscription", abstract: "Say what platform accounts and subscriptions a company has.",
    subcommands: [SetOne.self, List.self])

  /// `packhouse subscription set`. Rules E-2 to E-4.
  struct SetOne: OperatorCommand {
    static let manual = Manual(
      command: "subscription set", abstract: "Say what a platform account's subscription is, or remove an account.",
      discussion: """
        A company's admins can provision by themselves while it has exactly one platform account, with exactly one \
        active enterprise subscription, on the FY21 price list or newer. This command says what should be so: an \
        account or subscription that is not there yet is added, one that is there is changed, and saying the same again \
        changes nothing. What is left out stays as it is.

        Works beside a running server and without one.
        """,
      operands: [.company],
      options: [account, number, kind, status, priceList, removeAccount, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "What every new company has:",
          line: "subscription set Fernhill --account main --kind enterprise --status active --price-list FY26"),
        Manual.Example(purpose: "Closes self-service:", line: "subscription set Fernhill --status inactive"),
        Manual.Example(purpose: "Two accounts were merged:", line: "subscription set Fernhill --remove-account second"),
      ],
      fields: Manual.Field.company() + Manual.Field.account("accounts[].") + [
        Manual.Field("reasons[]", "Why self-service is closed, Cloud Tokens apart; empty where it is open."),
        Manual.Field("hasChanged", "False where everything was so already."), .wasRepeated,
      ])

    static let account = CommandOption(
      name: "account", placeholder: "NAME",
      help: "The platform account, 1 to 50 letters, digits, dots, hyphens and underscores.",
      fallback: "the only one, or main where there is none", example: "main")
    static let number = CommandOption(
      name: "number", placeholder: "N",
      help: "Which of the account's subscriptions, from 1 to 20. The next free number adds one.", fallback: "1",
      example: "2")
    static let kind = CommandOption(
      name: "kind", placeholder: "enterprise|other", help: "What kind of subscription it is.",
      fallback: "as it is; enterprise for a new one", example: "enterprise")
    static let status = CommandOption(
      name: "status", placeholder: "active|inactive", help: "Whether it is in force.",
      fallback: "as it is; active for a new one", example: "active")
    static let priceList = CommandOption(
      name: "price-list", placeholder: "FYnn", help: "Fiscal year of the price list that it is based on.",
      fallback: "as it is; the current year for a new one", example: "FY26")
    static let removeAccount = CommandOption(
      name: "remove-account", placeholder: "NAME",
      help:
        "Removes this account, which must be there, with its subscriptions; no other option of an account may stand "
        + "beside it.",
      fallback: "none is removed", example: "second")

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let set = try await OperatorSession(input).run(
        SetSubscription(
          company: input.operand(0) ?? "", account: input.text(Self.account), number: input.text(Self.number),
          kind: input.text(Self.kind), status: input.text(Self.status), priceList: input.text(Self.priceList),
          removeAccount: input.text(Self.removeAccount), idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("accounts", set.accounts.isEmpty ? ["none"] : set.accounts.flatMap(OutcomeText.account))
      fields.add("self-service", set.reasons.isEmpty ? ["open, as far as accounts go"] : set.reasons)
      let done =
        set.hasChanged
        ? "Changed the platform accounts of “\(set.companyName)”."
        : "Everything was so already in “\(set.companyName)”."
      return CommandOutput(OutcomeText.page(OutcomeText.heading(done, set), fields), json: set)
    }
  }

  /// `packhouse subscription list`
  struct List: OperatorCommand {
    static let manual = Manual(
      command: "subscription list", abstract: "List the platform accounts of a company with their subscriptions.",
      discussion: "Works beside a running server and without one.", operands: [.company],
      examples: [Manual.Example(purpose: "What eligibility sees:", line: "subscription list Fernhill")], isArray: true,
      fields: Manual.Field.account())

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let accounts = try await input.look { try await $0.accounts(of: input.operand(0) ?? "") }
      var table = TextTable(["ACCOUNT", "NUMBER", "KIND", "STATUS", "PRICE LIST"], numbers: [1])
      for account in accounts {
        if account.subscriptions.isEmpty { table.add([account.name, "", "no subscription", "", ""]) }
        for subscription in account.subscriptions {
          table.add([
            account.name, String(subscription.number), subscription.kind, subscription.status, subscription.priceList,
          ])
        }
      }
      return CommandOutput(
        table.text(none: "No platform account. `packhouse subscription set` makes one."), json: accounts)
    }
  }
}
