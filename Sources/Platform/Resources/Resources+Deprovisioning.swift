public import Core
import Storage

extension Resources {
  /// "Deprovision": schedules the end of a resource, with `withKnowledgeBases` also of the knowledge bases that use it.
  /// Company admins only. Rule A-5.
  ///
  /// ``PlatformError/conflict(_:)`` where its state does not permit it, which the sentence explains.
  public func deprovision(
    _ id: ResourceID, withKnowledgeBases: Bool, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> DeprovisioningOutcome {
    try await change(id, "deprovision", nil, idempotencyKey, mode, caller, right: .deprovision) { work, _ in
      try Self.deprovision(id, withKnowledgeBases: withKnowledgeBases, &work)
    }
  }

  /// "Cancel Deprovisioning", of a knowledge base with that of its embeddings resource. Company admins only. Rule A-5.
  public func cancelDeprovisioning(
    of id: ResourceID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> CancelOutcome {
    try await change(id, "cancel-deprovision", nil, idempotencyKey, mode, caller, right: .deprovision) { work, _ in
      try Self.cancelDeprovisioning(of: id, &work)
    }
  }

  static func deprovision(
    _ id: ResourceID, withKnowledgeBases: Bool, _ work: inout CompanyWork
  ) throws -> DeprovisioningOutcome {
    let (facts, timeline, now) = (work.facts, work.timeline, work.now)
    let plan = try PlatformError.mapping { () throws(ResourceChangeRefusal) in
      try DeprovisioningPlan.decide(
        for: id, withKnowledgeBases: withKnowledgeBases, facts: facts, timeline: timeline, at: now)
    }
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
    var names: [String] = []
    for deprovisioning in cancelled {
      try work.transaction.cancel(deprovisioning)
      guard let resource = timeline.state(of: deprovisioning.resourceID, at: now)?.resource else { continue }
      names.append(resource.name)
      work.note(ActivityDeed(.capacity, resource: resource.id, "Cancelled the deprovisioning of “\(resource.name)”"))
    }
    return CancelOutcome(names: names)
  }
}
