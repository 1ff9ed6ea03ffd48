public import Core
import Storage
import Synchronization

extension Resources {
  /// "Adjust Plan": upgrades at once, schedules downgrades. Company admins only. Rules, C-9.
  ///
  /// `revision` is that of the state which the form was made from; ``PlatformError/conflict(_:)`` where the resource
  /// changed meanwhile, or its state does not permit the change. ``PlatformError/refused(_:)`` where tokens do not suffice.
  public func adjustCapacity(
    of id: ResourceID, to capacity: Capacity?, revision: Instant?, idempotencyKey: String, mode: ChangeMode = .commit,
    as caller: Caller
  ) async throws -> CapacityOutcome {
    let adjusting = Adjusting(resource: id, capacity: capacity, allowances: allowances, mode: mode)
    return try await adjusting.restoringOnFailure {
      try await change(
        id, "capacity", revision, idempotencyKey, mode, caller, holds: { $0.has(capacity) }
      ) { work, state in
        try adjusting.run(&work, state)
      }
    }
  }

  /// "Edit Resource": name, environment, default model and, where it is given, the Cloud Tokens, all or nothing. Company
  /// admins only. Rules. Errors as for ``adjustCapacity(of:to:revision:idempotencyKey:mode:as:)``.
  public func edit(
    _ id: ResourceID, _ edit: ResourceEdit, capacity: Capacity?, revision: Instant?, idempotencyKey: String,
    mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> EditOutcome {
    let adjusting = Adjusting(resource: id, capacity: capacity, allowances: allowances, mode: mode)
    return try await adjusting.restoringOnFailure {
      let now = context.clock.now()
      return try await change(
        id, "edit", revision, idempotencyKey, mode, caller,
        holds: { $0.has(capacity) && (try? edit.applied(to: $0, at: now)) == $0.resource }
      ) { work, state in
        try Self.edit(edit, adjusting, &work, state)
      }
    }
  }

  /// All problems of both halves are told at once.
  private static func edit(
    _ edit: ResourceEdit, _ adjusting: Adjusting, _ work: inout CompanyWork, _ state: ResourceState
  ) throws -> EditOutcome {
    let now = work.now
    let edited = Result { try edit.applied(to: state, at: now) }
    let isSame = adjusting.capacity == nil || adjusting.capacity == state.capacity.capacity
    let adjusted = isSame ? .success(nil) : Result { try Optional(adjusting.run(&work, state)) }
    let (resource, outcome) = try PlatformError.both(edited, adjusted)
    let hasChanged = resource != state.resource
    if hasChanged {
      try work.transaction.update(resource)
      work.note(
        ActivityDeed(.settings, resource: resource.id, resource.changes(from: state.resource, work.context.catalog)))
    }
    return EditOutcome(capacity: outcome, hasChanged: hasChanged || outcome != nil)
  }

  /// "Cancel Plan Downgrade", "Cancel Capacity Decrease": at once. Company admins only. Rules.
  public func cancelCapacityChange(
    of id: ResourceID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> CancelOutcome {
    try await change(
      id, "cancel-capacity", nil, idempotencyKey, mode, caller, holds: { $0.scheduledChange == nil }
    ) { work, state in
      let cancelled = try PlatformError.mapping { () throws(ResourceChangeRefusal) in
        try CapacityAdjustment.cancel(of: id, timeline: work.timeline, at: work.now)
      }
      try work.transaction.cancel(cancelled)
      work.note(
        ActivityDeed(
          .capacity, resource: id,
          "Cancelled the change of “\(state.resource.name)” to \(work.label(cancelled)) that was scheduled for "
            + "\(work.zone.day(of: cancelled.effectiveAt))"))
      return CancelOutcome(kept: [CancelOutcome.Kept(resource: id, name: state.resource.name)])
    }
  }

  /// What all changes of one resource have in common: its company's lock, the caller's right, the form's revision.
  ///
  /// `holds` is true of the state that the change leads to: a repeat of what was undone since is refused, because it does
  /// nothing.
  func change<Outcome: Codable & Sendable>(
    _ id: ResourceID, _ verb: String, _ revision: Instant?, _ idempotencyKey: String, _ mode: ChangeMode,
    _ caller: Caller, right: Right = .changeCapacity, holds: ((ResourceState) -> Bool)? = nil,
    _ body: @escaping @Sendable (inout CompanyWork, ResourceState) throws -> Outcome
  ) async throws -> Outcome {
    let context = context
    let company = try await context.read {
      try $0.authorizedResource(id, for: right, as: caller, context).company.id
    }
    let done = try await context.change(
      company, as: .person(caller), scope: "\(verb):\(id)", idempotencyKey: idempotencyKey, mode: mode
    ) { work in
      let state = try work.authorizedState(of: id, for: right)
      if let revision, revision != state.revision {
        throw PlatformError.conflict(
          "“\(state.resource.name)” was changed while this form was open. Look at what it is now, and send the form "
            + "again if it still fits.")
      }
      return try body(&work, state)
    }
    if done.wasRepeated, let holds {
      let state = try await context.read { try $0.authorizedResource(id, for: right, as: caller, context).state }
      guard holds(state) else { throw PlatformError.undone("“\(state.resource.name)”") }
    }
    return done.outcome
  }
}

/// One change of capacity inside its transaction; may run more than once.
struct Adjusting: Sendable {
  let resource: ResourceID
  let capacity: Capacity?
  let allowances: RunningAllowances
  let mode: ChangeMode
  /// A decrease that holds for running calls already.
  private let attempted = AttemptedDecrease()

  init(
    resource: ResourceID, capacity: Capacity?, allowances: RunningAllowances, mode: ChangeMode
  ) {
    self.resource = resource
    self.capacity = capacity
    self.allowances = allowances
    self.mode = mode
  }

  /// Takes back what running calls were told where the change is not recorded after all.
  func restoringOnFailure<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch {
      takeBack()
      throw error
    }
  }

  private func takeBack() {
    let attempt = attempted.value.withLock { attempt in
      defer { attempt = nil }
      return attempt
    }
    if let attempt { allowances.restore(attempt) }
  }

  func run(_ work: inout CompanyWork, _ state: ResourceState) throws -> CapacityOutcome {
    // Of an earlier run of the same transaction, which was rolled back.
    takeBack()
    let settled = try work.transaction.consumption(of: resource, bundleMonthStart: state.bundleMonth.start)
    let now = work.now
    let (facts, timeline, context) = (work.facts, work.timeline, work.context)
    let decided = try PlatformError.mapping { () throws(ResourceChangeRefusal) in
      try CapacityAdjustment.decide(
        capacity, for: resource, facts: facts, timeline: timeline, catalog: context.catalog, at: now,
        branding: context.branding,
        fitsThisMonth: { allowance in
          fits(
            RunningAllowances.Decrease(
              resource: resource, monthStart: state.bundleMonth.start, allowance: allowance, recordedAt: now,
              settled: settled))
        })
    }
    if let superseded = decided.superseded { try work.transaction.cancel(superseded) }
    try work.transaction.append(decided.change)
    work.note(ActivityDeed(.capacity, resource: resource, sentence(decided, state, work)))
    return CapacityOutcome(decided, zone: work.zone, label: work.label(decided.change))
  }

  private func fits(_ decrease: RunningAllowances.Decrease) -> Bool {
    guard allowances.lower(decrease, mode) else { return false }
    if mode == .commit { attempted.value.withLock { $0 = decrease } }
    return true
  }

  private func sentence(_ decided: CapacityAdjustment, _ state: ResourceState, _ work: CompanyWork) -> String {
    let label = work.label(decided.change)
    let instead = decided.superseded.map { ", instead of the scheduled change to \(work.label($0))" } ?? ""
    let name = "“\(state.resource.name)”"
    return switch decided.effect {
    case .increase: "Increased \(name) from \(work.label(state.capacity)) to \(label)\(instead)"
    case .decrease: "Decreased \(name) from \(work.label(state.capacity)) to \(label)\(instead)"
    case .scheduled:
      "Scheduled \(name) to change to \(label) on \(work.zone.day(of: decided.change.effectiveAt))\(instead)"
    }
  }
}

/// The last decrease that was told to running calls; outlives the transaction, which may run twice.
private final class AttemptedDecrease: Sendable {
  let value = Mutex<RunningAllowances.Decrease?>(nil)
}

extension ResourceState {
  /// True where it has this capacity, or will have it; none is asked for with nil.
  fileprivate func has(_ wanted: Capacity?) -> Bool {
    wanted == nil || wanted == capacity.capacity || wanted == scheduledChange?.capacity
  }
}

extension CompanyWork {
  /// A capacity in words, such as `M (60 Cloud Tokens)`.
  func label(_ change: CapacityChange) -> String {
    "\(context.catalog.capacityLabel(change.capacity, change.allowance)) (\(change.tokens.inWords))"
  }
}

extension Resource {
  /// What was edited, in words.
  fileprivate func changes(from before: Resource, _ catalog: Catalog) -> String {
    var parts: [String] = []
    if name != before.name { parts.append("renamed “\(before.name)” to “\(name)”") }
    if environment != before.environment {
      parts.append("moved “\(name)” from \(before.environment.rawValue) to \(environment.rawValue)")
    }
    if defaultModel != before.defaultModel {
      let model = defaultModel.map { catalog.model($0)?.displayName ?? $0.text } ?? "none"
      parts.append("set the default model of “\(name)” to \(model)")
    }
    let text = parts.joined(separator: ", ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
