/// The decision to end a resource at the end of its bundle month, and to take that back. Rules A-4, A-5.
public struct DeprovisioningPlan: Hashable, Sendable {
  /// The facts to record, one for each resource that ends; knowledge bases before their embeddings resource.
  public let deprovisionings: [Deprovisioning]

  /// When the resource itself ends.
  public var effectiveAt: Instant { deprovisionings[deprovisionings.count - 1].effectiveAt }

  /// Decides on the end of `id` at `instant`.
  ///
  /// - Parameter withKnowledgeBases: that the knowledge bases of an embeddings resource end as well, each at the end of
  ///   its own bundle month; without it an embeddings resource in use is refused.
  public static func decide(
    for id: ResourceID, withKnowledgeBases: Bool, facts: CompanyFacts, timeline: CompanyTimeline, at instant: Instant
  ) throws(ResourceChangeRefusal) -> DeprovisioningPlan {
    guard let state = timeline.state(of: id, at: instant) else { throw .notNow("There is no such resource.") }
    guard state.endedAt == nil else { throw .notNow("“\(state.resource.name)” is deprovisioned already.") }
    guard state.scheduledDeprovisioning == nil else {
      throw .notNow("“\(state.resource.name)” is scheduled for deprovisioning already.")
    }
    let users = knowledgeBases(of: id, facts: facts, timeline: timeline, at: instant)
    let staying = users.filter { $0.scheduledDeprovisioning == nil }
    guard staying.isEmpty || withKnowledgeBases else {
      let names = staying.map { "“\($0.resource.name)”" }.joined(separator: ", ")
      throw .notNow(
        "“\(state.resource.name)” is used by \(staying.count == 1 ? "the knowledge base" : "the knowledge bases") \(names) "
          + "and can only be deprovisioned together with \(staying.count == 1 ? "it" : "them").")
    }
    let others = staying.map {
      Deprovisioning(resourceID: $0.resource.id, recordedAt: instant, effectiveAt: $0.bundleMonth.end)
    }
    let lastUser = (others + users.compactMap(\.scheduledDeprovisioning)).map(\.effectiveAt).max()
    let own = Deprovisioning(
      resourceID: id, recordedAt: instant, effectiveAt: end(of: state, timeline, notBefore: lastUser))
    return DeprovisioningPlan(deprovisionings: others + [own])
  }

  /// What is recorded when the end of `id` is cancelled: its own, and with a knowledge base's that of its embeddings
  /// resource.
  public static func cancel(
    of id: ResourceID, timeline: CompanyTimeline, at instant: Instant
  ) throws(ResourceChangeRefusal) -> [Deprovisioning] {
    guard let state = timeline.state(of: id, at: instant), let own = state.scheduledDeprovisioning else {
      throw .notNow("No deprovisioning is scheduled for this resource. It may have been cancelled already.")
    }
    let embeddings = state.resource.embeddingsResource.flatMap { timeline.state(of: $0, at: instant) }
    return [own, embeddings?.scheduledDeprovisioning].compactMap { $0?.cancelled(at: instant) }
  }

  /// The knowledge bases that use an embeddings resource and are not deprovisioned. Rules R-5, A-5.
  public static func knowledgeBases(
    of id: ResourceID, facts: CompanyFacts, timeline: CompanyTimeline, at instant: Instant
  ) -> [ResourceState] {
    facts.resources.filter { $0.embeddingsResource == id }
      .compactMap { timeline.state(of: $0.id, at: instant) }
      .filter { $0.endedAt == nil }
  }

  /// The first end of the resource's bundle month at or after `user`, the end of the last knowledge base.
  private static func end(of state: ResourceState, _ timeline: CompanyTimeline, notBefore user: Instant?) -> Instant {
    guard let user, user > state.bundleMonth.end, let months = timeline.bundleMonths(of: state.resource.id) else {
      return state.bundleMonth.end
    }
    return months.month(containing: user.adding(milliseconds: -1)).end
  }
}
