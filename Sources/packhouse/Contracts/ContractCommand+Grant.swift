import ArgumentParser
import Platform

extension ContractCommand {
  /// `packhouse contract grant`. Rule T-1.
  struct Grant: OperatorCommand {
    static let manual = Manual(
      command: "contract grant", abstract: "Grant Cloud Tokens to a company by a contract.",
      discussion: """
        The Cloud Tokens count from the start of the contract until its end, but never before they were granted. \
        Contracts add up. When one ends while resources hold its Cloud Tokens, nothing stops at once: what no longer \
        fits is suspended at the end of its bundle month.

        A contract is a fact and cannot be changed or taken back. Works beside a running server and without one.
        """,
      operands: [.company], options: [cloudTokens, to, from, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "200 Cloud Tokens from now until the end of 2027:",
          line: "contract grant Fernhill --cloud-tokens 200 --to 2028-01-01"),
        Manual.Example(
          purpose: "A renewal that begins when that contract ends; done once, however often the script runs:",
          line: "contract grant Fernhill --cloud-tokens 300 --from 2028-01-01 --to 2029-01-01 --idempotency-key "
            + "renewal-2028"),
      ],
      fields: Manual.Field.company() + [Manual.Field("timeZone", "Its time zone.")]
        + Manual.Field.contract("contract.") + Manual.Field.balance() + [
          Manual.Field("notes[]", "What is worth knowing, in sentences."), .wasRepeated,
        ])

    static let cloudTokens = CommandOption(
      name: "cloud-tokens", placeholder: "N", help: "Whole number of Cloud Tokens, 1 to 10,000,000.", fallback: nil,
      example: "200")
    static let to = CommandOption(
      name: "to", placeholder: "DAY",
      help: "The first day without the contract, YYYY-MM-DD in the company's time zone. It must lie in the future.",
      fallback: nil, example: "2028-01-01")
    static let from = CommandOption(
      name: "from", placeholder: "DAY",
      help:
        "The first day of the contract, YYYY-MM-DD in the company's time zone. One in the past is recorded as such, "
        + "but the Cloud Tokens count from now.", fallback: "now", example: "2027-01-01")

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let granted = try await OperatorSession(input).run(
        GrantContract(
          company: input.operand(0) ?? "", cloudTokens: input.text(Self.cloudTokens) ?? "",
          from: input.text(Self.from), to: input.text(Self.to) ?? "", idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("contract", granted.contract.id)
      fields.add("from", "\(granted.contract.startDay), \(granted.timeZone)")
      fields.add("until", "\(granted.contract.endDay) (the first day without it)")
      fields.add("Cloud Tokens", OutcomeText.balance(granted.balance))
      let heading = OutcomeText.heading(
        "Granted \(granted.contract.cloudTokens.grouped) Cloud Tokens to “\(granted.companyName)”.", granted)
      return CommandOutput(OutcomeText.page(heading, fields, notes: granted.notes), json: granted)
    }
  }

  /// `packhouse contract list`
  struct List: OperatorCommand {
    static let manual = Manual(
      command: "contract list", abstract: "List the contracts of a company, by start.",
      discussion: "Works beside a running server and without one.", operands: [.company],
      examples: [Manual.Example(purpose: "All contracts, also those that are over:", line: "contract list Fernhill")],
      isArray: true, fields: Manual.Field.contract())

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let contracts = try await input.look { try await $0.contracts(of: input.operand(0) ?? "") }
      var table = TextTable(["ID", "CLOUD TOKENS", "FROM", "UNTIL", "STATUS"], numbers: [1])
      for contract in contracts {
        table.add([
          contract.id, contract.cloudTokens.grouped, contract.startDay, contract.endDay, contract.status.rawValue,
        ])
      }
      return CommandOutput(
        table.text(none: "No contract yet. `packhouse contract grant` grants Cloud Tokens."), json: contracts)
    }
  }
}
