import ArgumentParser
import Platform

extension ResourceCommand {
  /// `packhouse resource list`. Rule R-1.
  struct List: OperatorCommand {
    static let manual = Manual(
      command: "resource list", abstract: "List the resources of a company, the oldest first.",
      discussion: """
        With their status and its date, their capacity, and the Cloud Tokens that they hold. Works beside a running \
        server and without one.
        """,
      operands: [.company], options: [all],
      examples: [
        Manual.Example(purpose: "What Fernhill has:", line: "resource list Fernhill"),
        Manual.Example(
          purpose: "The ids of everything on one order:",
          line: "resource list Fernhill --json | jq -r '.[] | select(.orderReference == \"SO-4711\").id'"),
      ],
      isArray: true, fields: listed())

    static let all = CommandOption(
      name: "all", help: "Lists deprovisioned ones as well.", fallback: "they are left out", kind: .flag)

    @Argument(parsing: .allUnrecognized) var arguments: [String] = []

    func perform(_ input: CommandInput) async throws -> CommandOutput {
      let resources = try await input.look {
        try await $0.resources(of: input.operand(0) ?? "", includingEnded: input.isSet(Self.all))
      }
      var table = TextTable(
        ["ID", "NAME", "TYPE", "STATUS", "ON", "CAPACITY", "CLOUD TOKENS", "REGION", "ENVIRONMENT", "ORDER"],
        numbers: [6])
      for resource in resources {
        table.add([
          resource.id, resource.name, resource.type, resource.status,
          resource.statusDay ?? resource.suspensionDay.map { "suspended \($0)" } ?? "", resource.capacity,
          resource.cloudTokens.grouped, resource.region, resource.environment, resource.orderReference ?? "",
        ])
      }
      return CommandOutput(
        table.text(
          none: "No resource yet. Admins provision in the portal; `packhouse resource provision` does it here."),
        json: resources)
    }

    /// Members of a resource, for the manuals of all commands that print one.
    static func listed(_ prefix: String = "") -> [Manual.Field] {
      let members = [
        ("id", "The resource's id."), ("name", "Its display name."),
        ("type", "\"text\", \"embeddings\" or \"knowledge-base\"."),
        ("status", "As people read it, such as \"ACTIVE\" or \"CAPACITY DECREASE SCHEDULED\"."),
        ("statusChangesAt", "When what the status announces takes effect."), ("statusDay", "The day of it."),
        ("capacity", "The plan's name, or GenAI Units a month."),
        ("cloudTokens", "Cloud Tokens that it holds at present."),
        ("scheduledCapacity", "The capacity that is to follow."), ("scheduledCloudTokens", "Its Cloud Tokens."),
        ("suspendsAt", "When it will be suspended unless Cloud Tokens return."), ("suspensionDay", "The day of it."),
        ("environment", "\"Test\", \"Acceptance\" or \"Production\"."), ("region", "The region's id."),
        ("crossRegion", "Whether cross-region inference is on."), ("models[]", "Ids of the enabled models."),
        ("defaultModel", "The one that answers calls which name none."),
        ("embeddingsResource", "Of a knowledge base: the id of the embeddings resource that it uses."),
        ("refillsAt", "When its allowance is refilled next."), ("refillDay", "The day of it."),
        ("provisionedAt", "When it was provisioned."), ("provisionedDay", "The day of it."),
        ("orderReference", "The order (SKU) on which it was provisioned; left out for self-service."),
        ("createdForName", "Whom it was created for."), ("createdForEmail", "Their address."),
      ]
      return members.map { Manual.Field("\(prefix)\($0.0)", $0.1) }
    }
  }
}
