import ArgumentParser
import Platform

extension ResourceCommand {
  /// `packhouse resource provision`. Rules P-1, R-2 to R-6.
  struct Provision: OperatorCommand {
    static let manual = Manual(
      command: "resource provision", abstract: "Provision a resource that was ordered through sales.",
      discussion: """
        The same as "Provision Resource" in the portal, but without the checks of self-service (enough Cloud Tokens, \
        platform account, subscription, price list), and recorded as ordered by the operator under --order. More Cloud \
        Tokens than the contracts grant are allocated all the same: grant a contract as well, or resources are \
        suspended at the end of their bundle month, the newest first.

        A text or embeddings resource needs --model and either --cloud-tokens or --size. A knowledge base needs \
        --embeddings-resource, and no model: it takes that of the embeddings resource, or --model where that has \
        several. The user whom it is for joins its team; somebody unknown is invited to the company.

        Works beside a running server and without one.
        """,
      operands: [.company],
      options: [
        order, type, name, environment, region, userName, userEmail, model, defaultModel, cloudTokens, size,
        crossRegion,
        embeddingsResource, timeZone, .dryRun, .idempotencyKey,
      ],
      examples: [
        Manual.Example(
          purpose: "A text resource with 3,000 GenAI Units a month, first only looked at:",
          line: "resource provision Fernhill --order SO-4711 --type text --name \"Support assistant\" --environment "
            + "production --region eu-central-1 --model claude-sonnet-4-6 --cloud-tokens 30 --user-name \"Joris Blom\" "
            + "--user-email joris@fernhill.example --dry-run"),
        Manual.Example(
          purpose: "An embeddings resource of the plan S:",
          line:
            "resource provision Fernhill --order SO-4712 --type embeddings --name \"Document search\" --environment "
            + "test --region local --model packhouse-minilm-l6-v2 --size S --user-name \"Joris Blom\" --user-email "
            + "joris@fernhill.example"),
      ],
      fields: Manual.Field.company() + [
        Manual.Field("timeZone", "Its time zone."), Manual.Field("dryRun", "True where nothing was provisioned."),
      ] + List.listed("resource.") + specified + Manual.Field.balance() + [
        Manual.Field(
          "user", "\"onTeam\", \"invited\", \"notInvited\" or \"tooMany\": what became of the user whom it is for."),
        Manual.Field("notes[]", "What is worth knowing, in sentences."), .wasRepeated,
      ])

    private static let specified = [
      Manual.Field("specification.allowance", "What each bundle month permits."),
      Manual.Field("specification.cloudTokens", "Cloud Tokens that it allocates."),
      Manual.Field("specification.regions[]", "Names of the regions that may answer, its own first."),
      Manual.Field("specification.refill", "When its allowance is refilled, in words."),
      Manual.Field("specification.terms[].party", "A third party behind its models."),
      Manual.Field("specification.terms[].title", "The terms of that party."),
      Manual.Field("specification.terms[].version", "Their version."),
      Manual.Field("specification.terms[].url", "Where they stand."),
    ]

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let done = try await OperatorSession(input).run(Self.request(input))
      let specification = done.specification
      var fields = TextFields()
      fields.add("id", done.resource?.id)
      fields.add("allowance", specification.allowance)
      fields.add("refilled", specification.refill)
      fields.add("regions", specification.regions)
      fields.add("Cloud Tokens", "\(specification.cloudTokens.grouped); \(OutcomeText.balance(done.balance))")
      fields.add("user", Self.user(done.user, isDryRun: done.dryRun))
      fields.add("terms", specification.terms.map { "\($0.title) of \($0.party), version \($0.version): \($0.url)" })
      let heading = Self.heading(done, input)
      return CommandOutput(OutcomeText.page(heading, fields, notes: done.notes), json: done)
    }

    /// Of what is recorded: a repeat may have been typed differently.
    private static func heading(_ done: ProvisionResource.Outcome, _ input: CommandInput) -> String {
      guard let resource = done.resource else {
        return
          "Nothing was changed. This would be provisioned: “\(input.text(name) ?? "")” for “\(done.companyName)”."
      }
      return OutcomeText.heading(
        "Provisioned “\(resource.name)” for “\(done.companyName)” on order \(resource.orderReference ?? "").", done)
    }

    static func request(_ input: CommandInput) -> ProvisionResource {
      ProvisionResource(
        company: input.operand(0) ?? "", order: input.text(order) ?? "", type: input.text(type) ?? "",
        name: input.text(name) ?? "", environment: input.text(environment) ?? "", region: input.text(region) ?? "",
        crossRegion: input.text(crossRegion), models: input.list(model), defaultModel: input.text(defaultModel),
        embeddingsResource: input.text(embeddingsResource), cloudTokens: input.text(cloudTokens),
        size: input.text(size), userName: input.text(userName) ?? "", userEmail: input.text(userEmail) ?? "",
        timeZone: input.text(timeZone), isDryRun: input.isSet(.dryRun), idempotencyKey: input.idempotencyKey)
    }

    private static func user(_ outcome: String, isDryRun: Bool) -> String {
      switch outcome {
      case "onTeam": isDryRun ? "would join the team" : "is on the team"
      case "invited": isDryRun ? "would be invited to the company" : "is invited to the company"
      default: isDryRun ? "would not be on the team" : "is not on the team"
      }
    }
  }
}
