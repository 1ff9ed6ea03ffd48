public import Core
import Storage

extension Resources {
  /// What the form shows around the catalog's offers. Company admins only. Rules R-2, E-5.
  public func provisioningPage(as caller: Caller) async throws -> ProvisioningPage {
    let context = context
    let (standing, people) = try await context.read { transaction in
      let standing = try transaction.authorizedStanding(for: .provision, as: caller, context)
      return (standing, try transaction.users(of: standing.facts.company.id))
    }
    let now = standing.now(context.clock)
    let living = context.controlCenter.rows(of: standing, at: now, catalog: context.catalog)
      .lazy.map(\.state).filter { $0.endedAt == nil }
    return ProvisioningPage(
      company: CompanyView(standing.facts), balance: standing.timeline.balance(at: now),
      reasons: reasons(standing, at: now), orderPath: context.branding.orderPath,
      isTimeZoneFinal: !standing.facts.resources.isEmpty,
      embeddings: living.filter { $0.resource.type == .embeddings }, names: Set(living.map(\.resource.name)),
      people: Set(people.filter { $0.deactivatedAt == nil }.map(\.email)),
      deactivatedPeople: Set(people.filter { $0.deactivatedAt != nil }.map(\.email)),
      idempotencyKey: context.random.text(length: 20))
  }

  /// What a possibly incomplete request would give. Changes nothing. Company admins only. Rule R-3.
  public func specification(
    _ request: ProvisionRequest, as caller: Caller
  ) async throws -> ResourceSpecification {
    let context = context
    let standing = try await context.read { try $0.authorizedStanding(for: .provision, as: caller, context) }
    return ResourceSpecification(
      request.bySelfService, facts: standing.facts, timeline: standing.timeline, catalog: context.catalog,
      at: standing.now(context.clock), branding: context.branding)
  }

  /// Creates the resource and allocates its tokens, both or neither. Company admins only. Rules.
  ///
  /// A repeat with the same `idempotencyKey` gives the first one's outcome. Throws ``PlatformError/invalid(_:)`` with
  /// every field's problem (``ProvisionField`` names the fields), ``PlatformError/refused(_:)`` with every reason of E-1
  /// to E-4. `timeZone` sets the company's zone with its first resource; afterwards it is final, and another one is a problem
  /// of ``ProvisionField/timeZone`` (rule P-2).
  public func provision(
    _ request: ProvisionRequest, timeZone: CompanyZone? = nil, idempotencyKey: String, mode: ChangeMode = .commit,
    as caller: Caller
  ) async throws -> ProvisioningOutcome {
    guard let company = caller.user.companyID else { throw Transaction.noCompany }
    let provisioning = ProvisioningWork(request.bySelfService, timeZone: timeZone, context)
    let done = try await context.change(
      company, as: .person(caller), scope: "provision", idempotencyKey: idempotencyKey, mode: mode
    ) { try provisioning.run(&$0) }
    return ProvisioningOutcome(
      resource: done.outcome.resource, invitation: done.outcome.invitation, wasRepeated: done.wasRepeated)
  }
}

/// One provisioning inside its transaction; may run more than once. Rules.
struct ProvisioningWork: Sendable {
  private let request: ProvisionRequest
  private let timeZone: CompanyZone?
  private let resourceID: ResourceID
  private let invitation: InvitationDraft

  /// `request` carries the order reference where the operator provisions. Rule P-1.
  init(
    _ request: ProvisionRequest, timeZone: CompanyZone? = nil, resourceID: ResourceID? = nil, _ context: PlatformContext
  ) {
    self.request = request
    self.timeZone = timeZone
    self.resourceID = resourceID ?? context.random.identifier()
    invitation = InvitationDraft(context)
  }

  func run(_ work: inout CompanyWork) throws -> ProvisioningOutcome {
    try work.authorize(.provision)
    let zoneProblem = try chooseZone(&work)
    let decided = try decide(work, zoneProblem)
    let resource = decided.resource
    try work.transaction.insert(resource, first: decided.capacityChange)
    work.note(deed(decided, work))
    let invited = try buildTeam(of: resource, &work)
    try acknowledge(decided, work)
    return ProvisioningOutcome(resource: resource.id, invitation: invited, wasRepeated: false)
  }

  /// Rule P-2: the first provisioning may still choose the zone. What looks like a choice but comes too late is a problem.
  private func chooseZone(_ work: inout CompanyWork) throws -> FieldProblem? {
    guard let timeZone, timeZone != work.zone else { return nil }
    guard work.facts.resources.isEmpty, try work.transaction.setTimeZone(of: work.facts.company.id, to: timeZone) else {
      return FieldProblem(
        ProvisionField.timeZone.rawValue,
        "The company's time zone is \(work.zone), which is final since its first resource: it can't become \(timeZone)."
      )
    }
    try work.reload()
    work.note(ActivityDeed(.settings, "Set the time zone to \(timeZone)"))
    return nil
  }

  /// Everything wrong is told at once, `other` with it.
  private func decide(
    _ work: CompanyWork, _ other: FieldProblem?
  ) throws(PlatformError) -> ProvisionedResource {
    let others = other.map { [$0] } ?? []
    let decided: ProvisionedResource
    do throws(ProvisioningRefusal) {
      decided = try Provisioning.decide(
        request, facts: work.facts, timeline: work.timeline, catalog: work.context.catalog, at: work.now,
        resourceID: resourceID, branding: work.context.branding)
    } catch {
      switch error {
      case .invalid(let input): throw .invalid(InvalidInput(input.problems + others))
      case .ineligible where others.isEmpty: throw PlatformError(error)
      case .ineligible: throw .invalid(InvalidInput(others))
      }
    }
    guard others.isEmpty else { throw .invalid(InvalidInput(others)) }
    return decided
  }

  /// Rule R-4: the admin who provisions and the named user, who is invited where nobody has the address.
  private func buildTeam(of resource: Resource, _ work: inout CompanyWork) throws -> ProvisioningInvitation {
    if case .person(let caller) = work.actor { try work.addToTeam(caller.user, of: resource) }
    return try work.addNamedUser(resource.createdFor, to: resource, invitation)
  }

  /// Rule R-7.
  private func acknowledge(_ decided: ProvisionedResource, _ work: CompanyWork) throws {
    guard case .person(let caller) = work.actor else { return }
    for terms in decided.terms {
      try work.transaction.acknowledge(
        TermsAcknowledgement(
          termsID: terms.id.text, version: terms.version, userID: caller.id, resourceID: resourceID, at: work.now))
    }
  }

  private func deed(_ decided: ProvisionedResource, _ work: CompanyWork) -> ActivityDeed {
    let (resource, change) = (decided.resource, decided.capacityChange)
    let pack = Provisioning.packLabel(resource.type, change.capacity, change.allowance, work.context.catalog)
    let order = resource.orderReference.map { " on order \($0)" } ?? ""
    return ActivityDeed(
      .capacity, resource: resource.id,
      "Provisioned “\(resource.name)” (\(pack), \(change.tokens.inWords)) for \(resource.createdFor.name)\(order)")
  }
}

extension ProvisionRequest {
  /// What people ask for is always under the rules of self-service, with the terms confirmed. Rules E-1 to E-4, R-7.
  fileprivate var bySelfService: ProvisionRequest {
    var request = self
    request.origin = .selfService
    request.acknowledgedTerms = acknowledgedTerms ?? []
    return request
  }
}
