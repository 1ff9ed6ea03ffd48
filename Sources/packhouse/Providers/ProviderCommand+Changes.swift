import ArgumentParser
import Platform

extension ProviderCommand {
  /// `packhouse provider set-secret`. Rule N-1.
  struct SetSecret: OperatorCommand {
    static let manual = Manual(
      command: "provider set-secret", abstract: "Change the secret of a provider account, or enter its first one.",
      discussion: """
        For accounts that were entered with `packhouse provider add`, and for those that the providers file describes \
        with `credentials: stored` or without saying where their secret is. A running server uses the new secret within \
        a second; calls that are on their way end with the old one.

        Refused where the row of an added account is not as it was written, or was sealed with another master key: the \
        new secret would go to whatever address stands there. Remove the account and add it again.

        The secret is read as `packhouse provider add` reads it: from standard input or a file, never from the command \
        line. It is never shown again. Works beside a running server and without one.
        """,
      operands: [.provider], options: [SecretPrompt.file, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "A new key from a file:", line: "provider set-secret frankfurt --secret-file /run/secrets/bedrock"),
        Manual.Example(purpose: "From standard input:", line: "provider set-secret frankfurt < bedrock.key"),
      ],
      fields: [
        Manual.Field("name", "The account's name."), Manual.Field("kind", "Its kind."), .fingerprint,
        Manual.Field("earlierFingerprint", "That of the secret before."), .wasRepeated,
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let done = try await OperatorSession(input).run(
        SetProviderSecret(
          name: input.operand(0) ?? "", secret: try SecretPrompt.secret(input), idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("kind", done.kind)
      fields.add("fingerprint", done.fingerprint)
      fields.add("before", done.earlierFingerprint)
      let verb = done.earlierFingerprint == nil ? "Entered" : "Changed"
      let heading = OutcomeText.heading("\(verb) the secret of the provider account \(done.name).", done)
      return CommandOutput(OutcomeText.page(heading, fields), json: done)
    }
  }

  /// `packhouse provider remove`. Rule N-1.
  struct Remove: OperatorCommand {
    static let manual = Manual(
      command: "provider remove", abstract: "Forget a provider account and its secret.",
      discussion: """
        A running server stops using it within a second; calls that are on their way end with it. Asks for \
        confirmation; --yes confirms beforehand. Refused while the providers file describes the account: take it out of \
        the file first. Works beside a running server and without one.
        """,
      operands: [.provider], options: [.yes, .idempotencyKey],
      examples: [
        Manual.Example(purpose: "Asks first:", line: "provider remove frankfurt"),
        Manual.Example(purpose: "From a script:", line: "provider remove frankfurt --yes --json"),
      ],
      fields: [
        Manual.Field("name", "The account's name."), Manual.Field("models[]", "Ids of the models that it served."),
        Manual.Field("unserved[]", "Those of them that no other account serves in its region."), .wasRepeated,
      ])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let request = RemoveProviderAccount(name: input.operand(0) ?? "", idempotencyKey: input.idempotencyKey)
      if input.problems(with: request.problems).isEmpty {
        try Confirmation.ask("This forgets the provider account \(request.name) and its secret.", input)
      }
      let done = try await OperatorSession(input).run(request)
      var fields = TextFields()
      fields.add("unserved", done.unserved)
      let heading = OutcomeText.heading("Removed the provider account \(done.name) and its secret.", done)
      return CommandOutput(OutcomeText.page(heading, fields), json: done)
    }
  }
}
