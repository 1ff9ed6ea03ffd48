public import Core
import Storage

extension Resources {
  /// What a resource hangs together with. Needs ``Right/seeResource``. Rule G-19.
  public func relatives(of id: ResourceID, as caller: Caller) async throws -> ResourceRelatives {
    let context = context
    return try await context.read { transaction in
      let found = try transaction.authorizedResource(id, for: .seeResource, as: caller, context)
      guard let standing = try context.companies.keptStanding(of: found.company.id, transaction) else {
        throw Transaction.noResource
      }
      return ResourceRelatives(
        embeddings: found.resource.embeddingsResource.flatMap { standing.timeline.state(of: $0, at: found.now) },
        knowledgeBases: DeprovisioningPlan.knowledgeBases(
          of: id, facts: standing.facts, timeline: standing.timeline, at: found.now))
    }
  }
}

/// A knowledge base and its embeddings resource belong together for life. Rule R-5.
public struct ResourceRelatives: Sendable {
  /// Of a knowledge base: what it uses; nil for other types.
  public let embeddings: ResourceState?
  /// Of an embeddings resource: those that use it and are not deprovisioned.
  public let knowledgeBases: [ResourceState]
}
