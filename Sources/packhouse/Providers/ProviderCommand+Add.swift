import ArgumentParser
import Platform

extension ProviderCommand {
  /// `packhouse provider add`. Rule N-1.
  struct Add: OperatorCommand {
    static let manual = Manual(
      command: "provider add", abstract: "Enter an account at a model provider, with its secret.",
      discussion: """
        The account serves every model of the catalog that names a model of this kind for its region. A running server \
        uses it within a second; the providers file is not needed for it. An account that needs models of its own, or a \
        list of them, is described in the providers file with `credentials: stored`, and gets its secret with `packhouse \
        provider set-secret`. With the catalog that is built in those are all accounts of the kinds anthropic and \
        openai-compatible.

        The secret is read from standard input, or from a file with --secret-file; never from the command line, where \
        other users of the machine could see it. Kinds anthropic, cohere and openai-compatible have one key, on one \
        line. Kind bedrock has a bearer token on one line, or the access key id, the secret access key and, where there \
        is one, the session token, each on a line of its own.

        The secret is sealed with a key derived from the installation's master key before it reaches the database, and \
        is never shown again: only its fingerprint is. Without the master key it is lost. Works beside a running server \
        and without one.
        """,
      operands: [
        Manual.Operand(
          name: "NAME",
          help: "What the account is to be called: up to 64 letters, digits, dots, hyphens or underscores.")
      ],
      options: [kind, region, address, SecretPrompt.file, .idempotencyKey],
      examples: [
        Manual.Example(
          purpose: "Bedrock in Frankfurt, with a bearer token that is asked for:",
          line: "provider add frankfurt --kind bedrock --region eu-central-1"),
        Manual.Example(
          purpose: "The same with an access key that a file holds on two lines:",
          line: "provider add frankfurt --kind bedrock --region eu-central-1 --secret-file /run/secrets/bedrock"),
        Manual.Example(
          purpose: "Embeddings at Cohere's own service, for resources in Frankfurt:",
          line: "provider add cohere --kind cohere --region eu-central-1 < cohere.key"),
      ],
      fields: [
        Manual.Field("name", "The account's name."), Manual.Field("kind", "Its kind."),
        Manual.Field("region", "The region in which its calls are answered."),
        Manual.Field("address", "Its base address, where that is not the provider's own."), .fingerprint,
        Manual.Field("models[]", "Ids of the models that it serves."),
        Manual.Field("notes[]", "What is worth knowing, in sentences."), .wasRepeated,
      ])

    static let kind = CommandOption(
      name: "kind", placeholder: "KIND",
      help: "What answers there: bedrock, anthropic, cohere or openai-compatible.", fallback: nil, example: "bedrock")
    static let region = CommandOption(
      name: "region", placeholder: "REGION",
      help: "The region of the catalog in which the account's calls are answered; calls never leave their area.",
      fallback: "local for kind openai-compatible; the others need it", example: "eu-central-1")
    static let address = CommandOption(
      name: "address", placeholder: "URL",
      help: "The base address, for a server or proxy of one's own; for kind openai-compatible with /v1 at its end.",
      fallback: "the provider's own address for the region; kind openai-compatible needs it",
      example: "http://gpu1.example:8000/v1")

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let added = try await OperatorSession(input).run(
        AddProviderAccount(
          name: input.operand(0) ?? "", kind: input.text(Self.kind) ?? "", region: input.text(Self.region),
          address: input.text(Self.address), secret: try SecretPrompt.secret(input),
          idempotencyKey: input.idempotencyKey))
      var fields = TextFields()
      fields.add("kind", added.kind)
      fields.add("region", added.region)
      fields.add("address", added.address)
      fields.add("fingerprint", added.fingerprint)
      fields.add("models", added.models)
      let heading = OutcomeText.heading("Added the provider account \(added.name).", added)
      return CommandOutput(OutcomeText.page(heading, fields, notes: added.notes), json: added)
    }
  }
}
