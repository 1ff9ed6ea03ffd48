import ArgumentParser
import Platform

/// `packhouse user`
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Create and close people's accounts, set new passwords, and list who is there.",
    subcommands: [Create.self, ResetPasswordOf.self, Deactivate.self, Reactivate.self, List.self])

  /// `packhouse user create`. Rule P-3.
  struct Create: OperatorCommand {
    static let manual = Manual(
      command: "user create", abstract: "Create an account for somebody of a company.",
      discussion: """
        Admins see the Control Center and everything of their company; members see the resources on whose team they \
        are. Works beside a running server and without one.
        """,
      operands: [.company], options: [name, email, admin, .passwordInput, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "A member; prints the password:",
          line: "user create Fernhill --name \"Joris Blom\" --email joris@fernhill.example"),
        Manual.Example(
          purpose: "An admin who chose a password before:",
          line: "user create Fernhill --name \"Cleo Mori\" --email cleo@fernhill.example --admin --password-stdin"),
      ],
      fields: Manual.Field.company() + Manual.Field.user("user.") + [.password, .wasRepeated])

    static let name = CommandOption(
      name: "name", placeholder: "NAME", help: "The person's name, up to 100 characters.", fallback: nil,
      example: "\"Joris Blom\"")
    static let email = CommandOption(
      name: "email", placeholder: "ADDRESS", help: "The address to sign in with. One person has exactly one account.",
      fallback: nil, example: "joris@fernhill.example")
    static let admin = CommandOption(
      name: "admin", help: "Makes the person an admin of the company.", fallback: "a member", kind: .flag)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let created = try await OperatorSession(input).run(
        CreateUser(
          company: input.operand(0) ?? "", name: input.text(Self.name) ?? "", email: input.text(Self.email) ?? "",
          isAdmin: input.isSet(Self.admin), password: try PasswordPrompt.password(input),
          idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("id", created.user.id)
      fields.add("email", created.user.email)
      fields.add("role", created.user.role)
      fields.add(
        "password",
        OutcomeText.password(
          created.password, isGiven: input.isSet(.passwordInput), wasRepeated: created.wasRepeated))
      let heading = OutcomeText.heading(
        "Created an account for \(created.user.name) in “\(created.companyName)”.", created)
      return CommandOutput(OutcomeText.page(heading, fields), json: created)
    }
  }

  /// `packhouse user reset-password`. Rule G-21.
  struct ResetPasswordOf: OperatorCommand {
    static let manual = Manual(
      command: "user reset-password", abstract: "Set a new password for somebody and end all their sessions.",
      discussion: """
        Whoever is signed in with the old password is signed out at the next request, and failed sign-ins no longer \
        count. Keys belong to resources and stay. Works beside a running server and without one.
        """,
      operands: [Manual.Operand(name: "EMAIL", help: "The address that the person signs in with.")],
      options: [.passwordInput, .idempotencyKey],
      examples: [
        Manual.Example(purpose: "Prints the new password:", line: "user reset-password maud@fernhill.example")
      ],
      fields: [
        Manual.Field("name", "The person's name."), Manual.Field("email", "The address to sign in with."),
        Manual.Field("endedSessions", "Number of sessions that were running."), .password, .wasRepeated,
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let reset = try await OperatorSession(input).run(
        ResetPassword(
          email: input.operand(0) ?? "", password: try PasswordPrompt.password(input),
          idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("email", reset.email)
      fields.add(
        "password",
        OutcomeText.password(reset.password, isGiven: input.isSet(.passwordInput), wasRepeated: reset.wasRepeated))
      fields.add("sessions", "\(reset.endedSessions) ended")
      let heading = OutcomeText.heading("Set a new password for \(reset.name).", reset)
      return CommandOutput(OutcomeText.page(heading, fields), json: reset)
    }
  }

  /// `packhouse user list`
  struct List: OperatorCommand {
    static let manual = Manual(
      command: "user list", abstract: "List the people of a company, by name.",
      discussion: "Works beside a running server and without one.", operands: [.company],
      examples: [Manual.Example(purpose: "Who belongs to Fernhill:", line: "user list Fernhill")], isArray: true,
      fields: Manual.Field.user())

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let users = try await input.look { try await $0.users(of: input.operand(0) ?? "") }
      var table = TextTable(["NAME", "EMAIL", "ROLE", "STATUS"])
      for user in users {
        let since = user.deactivatedDay.map { " on \($0)" } ?? ""
        table.add([user.name, user.email, user.role, "\(user.status)\(since)"])
      }
      return CommandOutput(table.text(none: "Nobody yet. `packhouse user create` adds somebody."), json: users)
    }
  }
}
