/// The life of one resource: its facts in the order in which they take effect.
///
/// The place where further facts about a resource come in: each adds to what ``state(at:)`` and ``allocated(at:)`` look
/// at, and nothing outside changes.
struct ResourceHistory: Sendable {
  let resource: Resource
  let months: BundleMonths
  /// Oldest first.
  private let changes: [CapacityChange]

  init(_ resource: Resource, changes: [CapacityChange], zone: CompanyZone) {
    self.resource = resource
    months = BundleMonths(activatedAt: resource.provisionedAt, zone: zone)
    // Sorting is stable by position, so that of two changes at one instant the one recorded later wins.
    self.changes = changes.enumerated()
      .sorted { ($0.element.effectiveAt, $0.offset) < ($1.element.effectiveAt, $1.offset) }
      .map(\.element)
  }

  /// Nil before provisioning.
  func state(at instant: Instant) -> ResourceState? {
    guard instant >= resource.provisionedAt, let change = change(at: instant) else { return nil }
    return ResourceState(
      resource: resource, status: .active, capacity: change.capacity, tokens: change.tokens,
      allowance: change.allowance, bundleMonth: months.month(containing: instant))
  }

  /// What the resource holds of the company's Cloud Tokens. Rule T-2.
  func allocated(at instant: Instant) -> CloudTokens {
    instant < resource.provisionedAt ? .zero : change(at: instant)?.tokens ?? .zero
  }

  /// The allowances in force during `[from, to)`, oldest first.
  func allowances(from: Instant, to: Instant) -> [AllowanceStep] {
    guard from < to else { return [] }
    let first = change(at: from).map { AllowanceStep(from: max(from, $0.effectiveAt), allowance: $0.allowance) }
    let later = changes.filter { $0.effectiveAt > from && $0.effectiveAt < to }
      .map { AllowanceStep(from: $0.effectiveAt, allowance: $0.allowance) }
    return (first.map { [$0] } ?? []) + later
  }

  /// The movements of Cloud Tokens that the life of the resource gives rise to. Rule T-3.
  var movements: [TokenMovement] {
    var held = CloudTokens.zero
    return changes.compactMap { change in
      let more = change.tokens - held
      held = change.tokens
      if more == .zero { return nil }
      return more > .zero
        ? TokenMovement(.resource(resource.id), .allocated, more, at: change.effectiveAt)
        : TokenMovement(.resource(resource.id), .released, .zero - more, at: change.effectiveAt)
    }
  }

  private func change(at instant: Instant) -> CapacityChange? {
    changes.last { $0.effectiveAt <= instant }
  }
}
