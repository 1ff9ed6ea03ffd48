/// The decision on another capacity for a resource: upgrades and increases at once, downgrades at the end of the bundle
/// month, decreases when they fit. Rules, C-9.
public struct CapacityAdjustment: Hashable, Sendable {
  public enum Effect: Hashable, Sendable {
    /// More at once: the current month gains what the capacity adds. Rules.
    case increase
    /// Less at once, because what the month has used fits. Rule A-3.
    case decrease
    /// At the end of the bundle month. Rules, C-9.
    case scheduled
  }

  public let effect: Effect
  /// The fact to record.
  public let change: CapacityChange
  /// The scheduled change that it takes the place of, as it is to be recorded: cancelled. Rule A-4.
  public let superseded: CapacityChange?
  /// What it adds to the company's allocation at once; negative where it gives back, zero where it is scheduled.
  public let tokensAtOnce: CloudTokens

  /// Decides on `wanted` at `instant`.
  ///
  /// - Parameters:
  ///   - timeline: of `facts`; the caller holds the company's lock, so that they are the latest.
  ///   - origin: an order of the operator passes without the rules E-1 to E-4 (rule P-1).
  ///   - fitsThisMonth: whether what the current month has used and reserved fits an allowance. Asked at most once, and
  ///     only for decreases of units.
  public static func decide(
    _ wanted: Capacity?, for id: ResourceID, facts: CompanyFacts, timeline: CompanyTimeline, catalog: Catalog,
    at instant: Instant, origin: ProvisionRequest.Origin = .selfService, branding: Branding,
    fitsThisMonth: (Allowance) -> Bool
  ) throws(ResourceChangeRefusal) -> CapacityAdjustment {
    guard let state = timeline.state(of: id, at: instant) else { throw .notNow("There is no such resource.") }
    if let sentence = state.noCapacityChange { throw .notNow(sentence) }
    let (capacity, tokens, allowance) = try price(wanted, state, catalog)
    let current = state.capacity
    let effect: Effect
    switch (current.capacity, capacity) {
    case (.plan, .units) where tokens > current.tokens:
      throw .invalid(
        "A conversion to Cloud Tokens may cost at most what the plan costs, \(current.tokens.inWords). Convert first and "
          + "increase afterwards.")
    case (.plan, .units): effect = .scheduled
    case _ where tokens > current.tokens: effect = .increase
    case (.plan, .plan): effect = .scheduled
    default: effect = fitsThisMonth(allowance) ? .decrease : .scheduled
    }
    let more = effect == .scheduled ? .zero : tokens - current.tokens
    if effect == .increase, origin == .selfService {
      let reasons = Eligibility.reasons(
        facts: facts, timeline: timeline, asking: more, at: instant, branding: branding)
      guard reasons.isEmpty else { throw .ineligible(reasons) }
    }
    return CapacityAdjustment(
      effect: effect,
      change: CapacityChange(
        resourceID: id, capacity: capacity, tokens: tokens, allowance: allowance, recordedAt: instant,
        effectiveAt: effect == .scheduled ? state.bundleMonth.end : instant),
      superseded: state.scheduledChange?.cancelled(at: instant), tokensAtOnce: more)
  }

  /// The scheduled change, cancelled. Rules: "Cancel Plan Downgrade", "Cancel Capacity Decrease". Where the
  /// capacity can't change, it stays scheduled too: rule A-4, decision record 0015.
  public static func cancel(
    of id: ResourceID, timeline: CompanyTimeline, at instant: Instant
  ) throws(ResourceChangeRefusal) -> CapacityChange {
    guard let state = timeline.state(of: id, at: instant), let change = state.scheduledChange else {
      throw .notNow(
        "No change of capacity is scheduled for this resource. It may have taken effect or been cancelled already.")
    }
    if let sentence = state.noCapacityChange { throw .notNow(sentence) }
    return change.cancelled(at: instant)
  }

  private static func price(
    _ wanted: Capacity?, _ state: ResourceState, _ catalog: Catalog
  ) throws(ResourceChangeRefusal) -> (capacity: Capacity, tokens: CloudTokens, allowance: Allowance) {
    let type = state.resource.type
    let options = catalog.capacityOptions(for: type)
    guard let wanted else { throw .invalid(options.missing) }
    if case (.units, .plan) = (state.capacity.capacity, wanted) {
      throw .invalid("A resource by Cloud Tokens can't be converted to a fixed size. Enter a number of Cloud Tokens.")
    }
    guard let price = catalog.price(of: wanted, type: type) else { throw .invalid(options.problem(with: wanted)) }
    guard wanted != state.capacity.capacity else {
      throw .invalid(
        state.scheduledChange == nil
          ? "This is the capacity that the resource has. Choose another one."
          : "This is the capacity that the resource has. To keep it, cancel the scheduled change.")
    }
    guard wanted != state.scheduledChange?.capacity else {
      throw .invalid("This change is scheduled already. Choose another capacity, or cancel the scheduled change.")
    }
    return (wanted, price.tokens, price.allowance)
  }
}

extension ResourceState {
  /// Why the capacity can't change; nil where it can. Rules.
  public var noCapacityChange: String? {
    if resource.type == .knowledgeBase { return "Knowledge bases have one size; their capacity can't change." }
    switch status {
    case .active, .planDowngradeScheduled, .capacityDecreaseScheduled: return nil
    case .deprovisioningScheduled:
      return "“\(resource.name)” is scheduled for deprovisioning, so its capacity can't change. "
        + "Cancel the deprovisioning first."
    case .suspended:
      return "“\(resource.name)” is suspended, so its capacity can't change. It resumes as soon as Cloud Tokens are "
        + "available."
    case .deprovisioned: return "“\(resource.name)” is deprovisioned and can't be changed any more."
    }
  }
}

extension ResourceChangeRefusal {
  fileprivate static func invalid(_ message: String) -> ResourceChangeRefusal {
    .invalid(InvalidInput([FieldProblem(ChangeField.capacity.rawValue, message)]))
  }
}
