import ArgumentParser
import Platform

extension CompanyCommand {
  /// `packhouse company create`. Rules P-1, P-2, E-6.
  struct Create: OperatorCommand {
    static let manual = Manual(
      command: "company create", abstract: "Create a company with its first admin.",
      discussion: """
        The company gets one platform account with one active enterprise subscription of the current price list, so \
        that its admins can provision at once. With --cloud-tokens it also gets a contract that counts from now.

        Works beside a running server and without one. Without one, a data folder that is not there is made.
        """,
      operands: [Manual.Operand(name: "COMPANY", help: "The new company's name, up to 100 characters.")],
      options: [
        adminName, adminEmail, timeZone, cloudTokens, contractEnd, noSubscription, .passwordInput, .idempotencyKey,
      ],
      examples: [
        Manual.Example(
          purpose: "A company with 200 Cloud Tokens until the end of March 2028; prints the admin's password:",
          line: "company create Fernhill --time-zone Europe/Amsterdam --admin-name \"Maud Peters\" --admin-email "
            + "maud@fernhill.example --cloud-tokens 200 --contract-end 2028-04-01"),
        Manual.Example(
          purpose: "From a script, with a password of its own:",
          line: "company create Fernhill --admin-name \"Maud Peters\" --admin-email maud@fernhill.example "
            + "--password-stdin --json < password.txt"),
      ],
      fields: Manual.Field.company(id: "id", name: "name") + [
        Manual.Field("timeZone", "Its time zone; final with its first resource.")
      ] + Manual.Field.user("admin.") + [.password] + Manual.Field.contract("contract.")
        + Manual.Field.account("account.") + [.wasRepeated])

    static let adminName = CommandOption(
      name: "admin-name", placeholder: "NAME", help: "Name of the first admin, up to 100 characters.", fallback: nil,
      example: "\"Maud Peters\"")
    static let adminEmail = CommandOption(
      name: "admin-email", placeholder: "ADDRESS",
      help: "The address with which the first admin signs in. One person has exactly one account.", fallback: nil,
      example: "maud@fernhill.example")
    static let timeZone = CommandOption(
      name: "time-zone", placeholder: "NAME",
      help:
        "The company's time zone by its IANA name: all its days, months and refills are in it. Final with its first "
        + "resource.", fallback: "UTC", example: "Europe/Amsterdam")
    static let cloudTokens = CommandOption(
      name: "cloud-tokens", placeholder: "N",
      help: "Whole number of Cloud Tokens, 1 to 10,000,000, of a contract that counts from now.",
      fallback: "no contract yet", example: "200")
    static let contractEnd = CommandOption(
      name: "contract-end", placeholder: "DAY",
      help: "The first day without that contract, YYYY-MM-DD in the company's time zone.",
      fallback: "the same date of the next year", example: "2028-04-01")
    static let noSubscription = CommandOption(
      name: "no-subscription",
      help: "Creates no platform account: self-service stays closed until `packhouse "
        + "subscription set` opens it.", fallback: CommandOption.off, kind: .flag)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let created = try await OperatorSession(input).run(
        CreateCompany(
          name: input.operand(0) ?? "", timeZone: input.text(Self.timeZone) ?? "UTC",
          adminName: input.text(Self.adminName) ?? "", adminEmail: input.text(Self.adminEmail) ?? "",
          password: try PasswordPrompt.password(input), cloudTokens: input.text(Self.cloudTokens),
          contractEnd: input.text(Self.contractEnd), hasSubscription: !input.isSet(Self.noSubscription),
          idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("id", created.id)
      fields.add("time zone", "\(created.timeZone) (final with the first resource)")
      fields.add("first admin", OutcomeText.person(created.admin))
      fields.add(
        "password",
        OutcomeText.password(
          created.password, isGiven: input.isSet(.passwordInput), wasRepeated: created.wasRepeated))
      fields.add("contract", created.contract.map(OutcomeText.contract) ?? "none yet: see `packhouse contract grant`")
      fields.add(
        "subscription",
        created.account.map(OutcomeText.account) ?? ["none yet: see `packhouse subscription set`"])
      let heading = OutcomeText.heading("Created the company “\(created.name)”.", created)
      return CommandOutput(OutcomeText.page(heading, fields), json: created)
    }
  }
}
