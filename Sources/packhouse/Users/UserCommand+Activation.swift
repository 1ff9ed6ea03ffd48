import ArgumentParser
import Core
import Platform

extension UserCommand {
  /// `packhouse user deactivate`. Rule P-7.
  struct Deactivate: OperatorCommand {
    static let manual = Manual(
      command: "user deactivate", abstract: "End all access of somebody at once.",
      discussion: """
        All sessions end and nobody signs in with the account until `packhouse user reactivate`. Never refused, not even \
        for a company's last admin: an account that fell into wrong hands can always be closed. Keys belong to \
        resources and stay; look whether some have to be revoked. Doing it again changes nothing.

        Works beside a running server and without one.
        """,
      operands: [.company], options: [UserActivation.email, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "An account that fell into wrong hands:",
          line: "user deactivate Fernhill --email maud@fernhill.example")
      ],
      fields: UserActivation.fields)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      try await UserActivation.perform(.deactivate, input)
    }
  }

  /// `packhouse user reactivate`. Rule P-7.
  struct Reactivate: OperatorCommand {
    static let manual = Manual(
      command: "user reactivate", abstract: "Let somebody in again who was deactivated.",
      discussion: """
        Role, teams and password are as they were; set another one with `packhouse user reset-password`. Doing it again \
        changes nothing.

        Works beside a running server and without one.
        """,
      operands: [.company], options: [UserActivation.email, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "Somebody who is back:", line: "user reactivate Fernhill --email maud@fernhill.example")
      ],
      fields: UserActivation.fields)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      try await UserActivation.perform(.reactivate, input)
    }
  }
}

/// What both commands have in common.
private enum UserActivation {
  static let email = CommandOption(
    name: "email", placeholder: "ADDRESS", help: "The address of somebody whose home is the company.", fallback: nil,
    example: "maud@fernhill.example")

  static let fields =
    Manual.Field.company() + Manual.Field.user("user.") + [
      Manual.Field("hasChanged", "False where it was so already."),
      Manual.Field("notes[]", "What is worth knowing, in sentences."), .wasRepeated,
    ]

  static func perform(_ change: MemberChange, _ input: CommandInput) async throws -> CommandOutput {
    let done = try await OperatorSession(input).run(
      ChangeMember(
        company: input.operand(0) ?? "", email: input.text(email) ?? "", change: change,
        idempotencyKey: input.idempotencyKey))
    let what =
      done.hasChanged
      ? "\(change == .deactivate ? "Deactivated" : "Reactivated") \(OutcomeText.person(done.user)) of “\(done.companyName)”."
      : "Everything was so already: \(OutcomeText.person(done.user)) of “\(done.companyName)” is \(done.user.status)."
    return CommandOutput(
      OutcomeText.page(OutcomeText.heading(what, done), TextFields(), notes: done.notes), json: done)
  }
}
