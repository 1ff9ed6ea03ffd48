public import Core
import Storage

extension Resources {
  /// "Deprovision": schedules the end of a resource. Company admins only. Rule A-5.
  ///
  /// `together` are the knowledge bases that were shown as ending with an embeddings resource; nil where nobody agreed to
  /// end any. ``PlatformError/conflict(_:)`` where others would end than those, or where the state does not permit it, which
  /// the sentence explains.
  public func deprovision(
    _ id: ResourceID, together: Set<ResourceID>? = nil, idempotencyKey: String, mode: ChangeMode = .commit,
    as caller: Caller
  ) async throws -> DeprovisioningOutcome {
    let consent = together.map(KnowledgeBaseConsent.shown) ?? .alone
    return try await change(
      id, "deprovision", nil, idempotencyKey, mode, caller, right: .deprovision,
      holds: { $0.scheduledDeprovisioning != nil || $0.endedAt != nil }
    ) { work, _ in
      try Self.deprovision(id, consent, &work)
    }
  }

  /// What would end with a resource and when, everything together. Changes nothing. Company admins only. Rule A-5.
  public func deprovisioningPreview(of id: ResourceID, as caller: Caller) async throws -> DeprovisioningOutcome {
    try await change(id, "deprovision", nil, "", .dryRun, caller, right: .deprovision) { work, _ in
      try Self.deprovision(id, .all, &work)
    }
  }

  /// "Cancel Deprovisioning", of a knowledge base with that of its embeddings resource. Company admins only. Rule A-5.
  public func cancelDeprovisioning(
    of id: ResourceID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> CancelOutcome {
    try await change(
      id, "cancel-deprovision", nil, idempotencyKey, mode, caller, right: .deprovision,
      holds: { $0.scheduledDeprovisioning == nil && $0.endedAt == nil }
    ) { work, _ in
      try Self.cancelDeprovisioning(of: id, &work)
    }
  }

  static func deprovision(
    _ id: ResourceID, _ consent: KnowledgeBaseConsent, _ work: inout CompanyWork
  ) throws -> DeprovisioningOutcome {
    let (facts, timeline, now) = (work.facts, work.timeline, work.now)
    let plan = try PlatformError.mapping { () throws(ResourceChangeRefusal) in
      try DeprovisioningPlan.decide(
        for: id, withKnowledgeBases: consent != .alone, facts: facts, timeline: timeline, at: now)
    }
    try consent.require(Set(plan.deprovisionings.map(\.resourceID)).subtracting([id]), in: facts)
    var ends: [DeprovisioningOutcome.End] = []
    for deprovisioning in plan.deprovisionings {
      try work.transaction.insert(deprovisioning)
      guard let resource = timeline.state(of: deprovisioning.resourceID, at: now)?.resource else { continue }
      let day = work.zone.day(of: deprovisioning.effectiveAt)
      work.note(
        ActivityDeed(.capacity, resource: resource.id, "Scheduled “\(resource.name)” for deprovisioning on \(day)"))
      ends.append(
        DeprovisioningOutcome.End(
          resource: resource.id, name: resource.name, at: deprovisioning.effectiveAt, day: day.description))
    }
    return DeprovisioningOutcome(ends: ends)
  }

  static func cancelDeprovisioning(of id: ResourceID, _ work: inout CompanyWork) throws -> CancelOutcome {
    let (timeline, now) = (work.timeline, work.now)
    let cancelled = try PlatformError.mapping { () throws(ResourceChangeRefusal) in
      try DeprovisioningPlan.cancel(of: id, timeline: timeline, at: now)
    }
    var kept: [CancelOutcome.Kept] = []
    for deprovisioning in cancelled {
      try work.transaction.cancel(deprovisioning)
      guard let resource = timeline.state(of: deprovisioning.resourceID, at: now)?.resource else { continue }
      kept.append(CancelOutcome.Kept(resource: resource.id, name: resource.name))
      work.note(ActivityDeed(.capacity, resource: resource.id, "Cancelled the deprovisioning of “\(resource.name)”"))
    }
    return CancelOutcome(kept: kept)
  }
}

/// Which knowledge bases may end with the embeddings resource that they use. Rule A-5.
enum KnowledgeBaseConsent: Hashable, Sendable {
  /// None: it ends only where nothing uses it.
  case alone
  /// Those that were shown to whoever agreed: no more, and no fewer, for the dates depend on them.
  case shown(Set<ResourceID>)
  /// All there are, unseen.
  case all

  /// Throws ``PlatformError/conflict(_:)``, which names what is different, unless exactly `ending` may end.
  fileprivate func require(_ ending: Set<ResourceID>, in facts: CompanyFacts) throws(PlatformError) {
    guard case .shown(let shown) = self, shown != ending else { return }
    func names(_ ids: Set<ResourceID>) -> String {
      let names = facts.resources.filter { ids.contains($0.id) }.map { "“\($0.name)”" }
      return names.isEmpty ? "others" : names.joined(separator: ", ")
    }
    let (more, fewer) = (ending.subtracting(shown), shown.subtracting(ending))
    let changes = [
      more.isEmpty ? nil : "\(names(more)) would end as well", fewer.isEmpty ? nil : "\(names(fewer)) would not",
    ]
    throw .conflict(
      "The knowledge bases that end with it are others than were shown: \(changes.compactMap { $0 }.joined(separator: ", ")). "
        + "Look at what would end, and confirm again.")
  }
}
