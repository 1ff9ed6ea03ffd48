public import Core
import Storage

extension Resources {
  static let longestIdempotencyKey = 100

  /// What the form shows around the catalog's offers. Company admins only. Rules R-2, E-5.
  public func provisioningPage(as caller: Caller) async throws -> ProvisioningPage {
    let now = context.clock.now()
    let facts = try await context.read { try $0.homeFacts(for: .provision, as: caller) }
    return ProvisioningPage(
      company: CompanyView(facts), balance: CompanyTimeline(facts).balance(at: now), reasons: reasons(facts, at: now),
      orderPath: context.branding.orderPath, isTimeZoneFinal: !facts.resources.isEmpty,
      idempotencyKey: context.random.text(length: 20))
  }

  /// What a possibly incomplete request would give. Changes nothing. Company admins only. Rule R-3.
  public func specification(
    _ request: ProvisionRequest, as caller: Caller
  ) async throws -> ResourceSpecification {
    let now = context.clock.now()
    let facts = try await context.read { try $0.homeFacts(for: .provision, as: caller) }
    return ResourceSpecification(
      request.bySelfService, facts: facts, catalog: context.catalog, at: now, branding: context.branding)
  }

  /// Creates the resource and allocates its tokens, both or neither. Company admins only. Rules.
  ///
  /// A repeat with the same `idempotencyKey` gives the first one's outcome. Throws ``PlatformError/invalid(_:)`` with
  /// every field's problem (``ProvisionField`` names the fields), ``PlatformError/refused(_:)`` with every reason of E-1
  /// to E-4. `timeZone` sets the company's zone with its first resource; afterwards it is final and ignored (rule P-2).
  public func provision(
    _ request: ProvisionRequest, timeZone: CompanyZone? = nil, idempotencyKey: String, as caller: Caller
  ) async throws -> ProvisioningOutcome {
    guard (1...Self.longestIdempotencyKey).contains(idempotencyKey.utf8.count) else {
      throw PlatformError.invalid("idempotencyKey", "Open the form again: it has no valid submit key.")
    }
    guard let company = caller.user.companyID else { throw PlatformError.notFound("You have no home company here.") }
    let work = ProvisioningWork(
      request: request.bySelfService, timeZone: timeZone, caller: caller, scope: "provision:\(company)",
      key: idempotencyKey,
      resourceID: context.random.identifier(), ledgerEntryID: context.random.identifier(), context: context)
    return try await context.write(locking: .company(company)) { try work.run($0) }
  }
}

/// One provisioning inside its transaction; may run more than once.
struct ProvisioningWork: Sendable {
  let request: ProvisionRequest
  let timeZone: CompanyZone?
  let caller: Caller
  let scope: String
  let key: String
  let resourceID: ResourceID
  let ledgerEntryID: Identifier<LedgerEntry>
  let context: PlatformContext

  func run(_ transaction: Transaction) throws -> ProvisioningOutcome {
    // Read again behind the lock: the caller may have lost the role since the page was opened.
    guard let user = try transaction.user(caller.id) else {
      throw PlatformError.unauthenticated("Your account is no longer there.")
    }
    let facts = try factsInFinalZone(transaction, Caller(user: user))
    // Not before anything that is decided already: of two that race for the last tokens, the second must see the first.
    let now = max(context.clock.now(), facts.resources.map(\.provisionedAt).max() ?? facts.company.createdAt)

    if case .done(let result) = try transaction.claim(scope: scope, key: key, at: now) {
      return ProvisioningOutcome(resource: ResourceID(result), wasRepeated: true)
    }
    let decided = try decide(facts, at: now)
    try transaction.insert(decided.resource, first: decided.capacityChange)
    try transaction.append(decided.ledgerEntry)
    try buildTeam(of: decided.resource, user, at: now, transaction)
    for terms in decided.terms {
      try transaction.acknowledge(
        TermsAcknowledgement(
          termsID: terms.id.text, version: terms.version, userID: user.id, resourceID: resourceID, at: now))
    }
    try transaction.recordResult(resourceID.text, scope: scope, key: key)
    return ProvisioningOutcome(resource: resourceID, wasRepeated: false)
  }

  /// Rule P-2: the first provisioning may still choose the zone.
  private func factsInFinalZone(_ transaction: Transaction, _ caller: Caller) throws -> CompanyFacts {
    let facts = try transaction.homeFacts(for: .provision, as: caller)
    guard let timeZone, facts.resources.isEmpty, timeZone != facts.zone else { return facts }
    _ = try transaction.setTimeZone(of: facts.company.id, to: timeZone)
    return try transaction.homeFacts(for: .provision, as: caller)
  }

  private func decide(_ facts: CompanyFacts, at now: Instant) throws(PlatformError) -> ProvisionedResource {
    do throws(ProvisioningRefusal) {
      return try Provisioning.decide(
        request, facts: facts, catalog: context.catalog, at: now, resourceID: resourceID,
        ledgerEntryID: ledgerEntryID, branding: context.branding)
    } catch {
      throw PlatformError(error)
    }
  }

  /// Rule R-4. Somebody without an account, or of another company, gets an invitation later; the resource keeps whom it
  /// is for.
  private func buildTeam(
    of resource: Resource, _ admin: User, at now: Instant, _ transaction: Transaction
  ) throws {
    try transaction.addToTeam(admin.id, resource.id, at: now)
    if let named = try transaction.user(email: resource.createdFor.email), named.companyID == resource.companyID,
      named.deactivatedAt == nil
    {
      try transaction.addToTeam(named.id, resource.id, at: now)
    }
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
