/// The life of one resource: its facts in the order in which they take effect, and the turns that the company's tokens
/// gave it. Made by ``CompanyReplay``.
struct ResourceHistory: Sendable {
  /// What a resource is apart from its facts.
  enum Phase: Hashable, Sendable {
    case running
    /// Rule T-5, with the instant at which its thirty days are over.
    case suspended(until: Instant)
    case ended
  }

  /// A phase and the instant from which it holds.
  struct Turn: Hashable, Sendable {
    let from: Instant
    let phase: Phase
  }

  /// From when a resource is marked, and until when it may keep its place; nil from when it is not. Rule T-5.
  struct Mark: Hashable, Sendable {
    let from: Instant
    let suspendsAt: Instant?
  }

  var resource: Resource
  let months: BundleMonths
  /// Those that count, in the order of effect; of two at one instant the one recorded later is the last.
  private(set) var changes: [CapacityChange]
  /// In the order of recording, cancelled ones included.
  private var scheduledChanges: [CapacityChange]
  /// In the order of recording, cancelled ones included.
  private(set) var deprovisionings: [Deprovisioning]
  /// Oldest first; running from the activation on.
  var turns: [Turn]
  /// Oldest first; none where it was never marked.
  var marks: [Mark] = []

  init(_ resource: Resource, changes: [CapacityChange], deprovisionings: [Deprovisioning] = [], zone: CompanyZone) {
    self.resource = resource
    months = BundleMonths(activatedAt: resource.provisionedAt, zone: zone)
    self.changes = changes.filter(\.counts)
      .sorted { ($0.effectiveAt, $0.recordedAt) < ($1.effectiveAt, $1.recordedAt) }
    scheduledChanges = changes.filter { $0.recordedAt < $0.effectiveAt }.sorted { $0.recordedAt < $1.recordedAt }
    self.deprovisionings = deprovisionings.sorted { $0.recordedAt < $1.recordedAt }
    turns = [Turn(from: resource.provisionedAt, phase: .running)]
  }

  /// Facts of later: new ones, and ones that were cancelled, which take the place of what they were.
  mutating func add(_ later: [CapacityChange], _ ends: [Deprovisioning]) {
    let again = Set(later.map(\.recordedAt))
    changes.removeAll { again.contains($0.recordedAt) }
    scheduledChanges.removeAll { again.contains($0.recordedAt) }
    changes += later.filter(\.counts)
    changes.sort { ($0.effectiveAt, $0.recordedAt) < ($1.effectiveAt, $1.recordedAt) }
    scheduledChanges += later.filter { $0.recordedAt < $0.effectiveAt }
    scheduledChanges.sort { $0.recordedAt < $1.recordedAt }
    let endings = Set(ends.map(\.recordedAt))
    deprovisionings.removeAll { endings.contains($0.recordedAt) }
    deprovisionings = (deprovisionings + ends).sorted { $0.recordedAt < $1.recordedAt }
  }

  /// Nil before provisioning.
  func state(at instant: Instant) -> ResourceState? {
    let turn = turn(at: instant)
    // A change that was to take effect with the end comes too late: deprovisioning goes first. Rule A-4.
    let lastInstant = turn.phase == .ended ? turn.from.adding(milliseconds: -1) : instant
    guard instant >= resource.provisionedAt, let change = change(at: lastInstant) else { return nil }
    let scheduled = scheduledChanges.last { $0.isPending(at: instant) }
    let deprovisioning = deprovisionings.last { $0.isPending(at: instant) }
    let endedAt: Instant? = turn.phase == .ended ? turn.from : nil
    let (status, changesAt) = status(turn.phase, change, scheduled, deprovisioning)
    return ResourceState(
      resource: resource, status: status, statusChangesAt: changesAt, capacity: change,
      tokens: turn.phase == .running ? change.tokens : .zero, scheduledChange: endedAt == nil ? scheduled : nil,
      scheduledDeprovisioning: endedAt == nil ? deprovisioning : nil,
      suspendsAt: turn.phase == .running ? marks.last { $0.from <= instant }?.suspendsAt : nil, endedAt: endedAt,
      // What ends does so where a month ends: the last month is the one before.
      bundleMonth: months.month(containing: lastInstant),
      revision: revision(at: instant))
  }

  /// The allowances in force during `[from, to)`, oldest first.
  func allowances(from: Instant, to: Instant) -> [AllowanceStep] {
    guard from < to else { return [] }
    let first = change(at: from).map { AllowanceStep(from: max(from, $0.effectiveAt), allowance: $0.allowance) }
    let later = effectiveChanges.filter { $0.effectiveAt > from && $0.effectiveAt < to }
      .map { AllowanceStep(from: $0.effectiveAt, allowance: $0.allowance) }
    return (first.map { [$0] } ?? []) + later
  }

  /// The capacity that holds at `instant`.
  func change(at instant: Instant) -> CapacityChange? {
    effectiveChanges.last { $0.effectiveAt <= instant }
  }

  /// At the instant of its end a resource is deprovisioned before its capacity changes. Rule A-4.
  private var effectiveChanges: ArraySlice<CapacityChange> {
    guard let end = turns.last, end.phase == .ended else { return changes[...] }
    return changes.prefix { $0.effectiveAt < end.from }
  }

  private func turn(at instant: Instant) -> Turn {
    turns.last { $0.from <= instant } ?? turns[0]
  }

  /// The order of precedence is that of decision record 0015.
  private func status(
    _ phase: Phase, _ current: CapacityChange, _ scheduled: CapacityChange?, _ deprovisioning: Deprovisioning?
  ) -> (ResourceStatus, Instant?) {
    switch phase {
    case .ended: return (.deprovisioned, nil)
    case .suspended(let until): return (.suspended, min(until, deprovisioning?.effectiveAt ?? until))
    case .running: break
    }
    if let deprovisioning { return (.deprovisioningScheduled, deprovisioning.effectiveAt) }
    guard let scheduled, scheduled.tokens < current.tokens else { return (.active, nil) }
    guard case .plan = scheduled.capacity else { return (.capacityDecreaseScheduled, scheduled.effectiveAt) }
    return (.planDowngradeScheduled, scheduled.effectiveAt)
  }

  private func revision(at instant: Instant) -> Instant {
    // The latest effect is that of the latest change, and what was recorded before it is not later.
    let effect = changes.last { $0.effectiveAt <= instant }.map { [$0.effectiveAt] } ?? []
    let instants =
      effect + scheduledChanges.map(\.recordedAt) + scheduledChanges.compactMap(\.cancelledAt)
      + deprovisionings.map(\.recordedAt) + deprovisionings.compactMap(\.cancelledAt) + turns.map(\.from)
      + [resource.changedAt]
    return instants.filter { $0 <= instant }.max() ?? resource.provisionedAt
  }
}
