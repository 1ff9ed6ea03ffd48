import ArgumentParser
import Platform

extension ResourceCommand {
  /// `packhouse resource deprovision`. Rule A-5.
  struct Deprovision: OperatorCommand {
    static let manual = Manual(
      command: "resource deprovision", abstract: "Schedule the end of a resource.",
      discussion: """
        It works until the end of its bundle month; then nothing new is admitted, its keys end and its Cloud Tokens \
        return. Until then `packhouse resource cancel-deprovisioning` takes it back.

        Prints what would end when and asks for confirmation; --yes confirms beforehand. Where nobody can be asked \
        (standard input is no terminal) it is refused without --yes. An embeddings resource that knowledge bases use \
        ends only together with them. Works beside a running server and without one.
        """,
      operands: [.resource], options: [withKnowledgeBases, .yes, .dryRun, .idempotencyKey],
      examples: [
        Manual.Example(purpose: "Asks before it is scheduled:", line: "resource deprovision k3v9x0q2mz"),
        Manual.Example(
          purpose: "From a script, with the knowledge bases that use it:",
          line: "resource deprovision k3v9x0q2mz --with-knowledge-bases --yes --json"),
      ],
      fields: Manual.Field.company() + [
        Manual.Field("timeZone", "Its time zone."),
        Manual.Field("ends[].id", "Id of a resource that ends, knowledge bases first."),
        Manual.Field("ends[].name", "Its display name."), Manual.Field("ends[].endsAt", "When it ends."),
        Manual.Field("ends[].endDay", "The day of it, at its beginning."),
        Manual.Field("dryRun", "True where nothing was scheduled."), .wasRepeated,
      ])

    static let withKnowledgeBases = CommandOption(
      name: "with-knowledge-bases",
      help: "Also ends the knowledge bases that use an embeddings resource, each with its own bundle month.",
      fallback: "an embeddings resource in use is refused", kind: .flag)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      var request = DeprovisionResource(
        resource: input.operand(0) ?? "", withKnowledgeBases: input.isSet(Self.withKnowledgeBases),
        isDryRun: input.isSet(.dryRun), idempotencyKey: input.idempotencyKey)
      let session = OperatorSession(input)
      if !request.isDryRun, !input.isSet(.yes) {
        request.isDryRun = true
        let would = try await session.run(request)
        // Nothing is left to be confirmed.
        guard !would.wasRepeated else { return Self.output(would) }
        try Confirmation.ask(Self.text(of: would), input)
        request.isDryRun = false
        request.shown = would.ends.map(\.id)
      }
      return Self.output(try await session.run(request))
    }

    private static func output(_ done: DeprovisionResource.Outcome) -> CommandOutput {
      let text = done.dryRun ? "Nothing was changed. \(text(of: done))" : text(of: done)
      return CommandOutput(OutcomeText.heading(text, done), json: done)
    }

    private static func text(of outcome: DeprovisionResource.Outcome) -> String {
      let lines = outcome.ends.map { "  “\($0.name)” (\($0.id)) on \($0.endDay), 00:00 \(outcome.timeZone)" }
      let verb = outcome.dryRun ? "This would end" : "Scheduled to end"
      return "\(verb) in “\(outcome.companyName)”:\n\(lines.joined(separator: "\n"))"
    }
  }

  /// `packhouse resource cancel-deprovisioning`. Rule A-5.
  struct CancelDeprovisioningOf: OperatorCommand {
    static let manual = Manual(
      command: "resource cancel-deprovisioning", abstract: "Let a resource go on that was scheduled to end.",
      discussion: """
        With a knowledge base its embeddings resource goes on as well. Works beside a running server and without one.
        """,
      operands: [.resource], options: [.idempotencyKey],
      examples: [Manual.Example(purpose: "It goes on:", line: "resource cancel-deprovisioning k3v9x0q2mz")],
      fields: Manual.Field.company() + [Manual.Field("names[]", "Names of the resources that go on."), .wasRepeated])

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let done = try await OperatorSession(input).run(
        CancelDeprovisioning(resource: input.operand(0) ?? "", idempotencyKey: input.idempotencyKey))
      let names = done.names.map { "“\($0)”" }.joined(separator: " and ")
      let verb = done.names.count == 1 ? "goes" : "go"
      return CommandOutput(OutcomeText.heading("\(names) of “\(done.companyName)” \(verb) on.", done), json: done)
    }
  }
}
