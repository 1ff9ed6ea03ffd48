/// What the recorded facts of a company mean at any instant: a pure function of facts and time. Rules T-2, T-5, A-7.
///
/// Nothing has to happen at the instants in between: a change takes effect because time passed it, whether or not a
/// server ran. The future is derived as well, as it will be if nothing more is recorded.
public struct CompanyTimeline: Sendable {
  /// What took effect because time passed: the reconciler makes it visible. Rule A-7.
  public struct Effect: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case contractBegan(Identifier<Contract>)
      case contractEnded(Identifier<Contract>)
      /// A scheduled change of capacity. Rules, C-9.
      case capacityChanged(ResourceID)
      /// Rule T-5: it will be suspended unless tokens return.
      case marked(ResourceID)
      case suspended(ResourceID)
      case resumed(ResourceID)
      case deprovisioned(ResourceID)
    }

    public let at: Instant
    public let kind: Kind

    public init(at: Instant, kind: Kind) {
      self.at = at
      self.kind = kind
    }
  }

  /// The walk through the facts where nothing is added any more.
  private let settled: CompanyReplay
  /// From there on, as far as somebody asked.
  private let walk: CompanyWalk

  public init(_ facts: CompanyFacts) {
    self.init(settled: CompanyReplay(facts))
  }

  /// For those who ask from `settledAt` on, up to which nothing is recorded any more: balances, movements and effects of
  /// before are forgotten, and ``adding(_:after:settledAt:)`` does not walk through them again.
  public init(_ facts: CompanyFacts, settledAt: Instant) {
    var replay = CompanyReplay(facts)
    replay.settle(through: settledAt)
    self.init(settled: replay)
  }

  private init(settled: CompanyReplay) {
    self.settled = settled
    walk = CompanyWalk(settled)
  }

  /// The timeline of the same company with facts that were recorded since: what it says from `settledAt` on is what a
  /// timeline of all the facts says. Takes time for what is new and what is asked, not for the past.
  ///
  /// - Parameters:
  ///   - before: nothing of `later` is recorded or takes effect up to then, unless the facts so far have it.
  ///   - settledAt: with `later`, nothing is recorded up to then any more; not earlier than `before`.
  public func adding(_ later: LaterFacts, after before: Instant, settledAt: Instant) -> CompanyTimeline {
    var replay = settled
    replay.settle(through: before)
    replay.add(later)
    replay.settle(through: settledAt)
    return CompanyTimeline(settled: replay)
  }

  /// The same timeline for those who ask from `settledAt` on.
  public func settled(at settledAt: Instant) -> CompanyTimeline {
    var replay = settled
    replay.settle(through: settledAt)
    return CompanyTimeline(settled: replay)
  }

  /// The balance at `instant`; what takes effect at that very instant counts. Rule T-2.
  public func balance(at instant: Instant) -> TokenBalance {
    walk.through(instant) { replay in
      let count = replay.balances.partitionPoint { $0.from <= instant }
      return count == 0 ? TokenBalance(total: .zero, allocated: .zero) : replay.balances[count - 1].balance
    }
  }

  /// The state of a resource at `instant`; nil where it is unknown or not yet provisioned.
  public func state(of resource: ResourceID, at instant: Instant) -> ResourceState? {
    walk.through(instant) { $0.state(of: resource, at: instant) }
  }

  /// When a resource that is marked at `instant` will be suspended; nil for one that is not marked, and for one that goes on
  /// in its place, because what others give up suffices. Rule T-5.
  public func suspension(of resource: ResourceID, at instant: Instant) -> Instant? {
    guard let end = state(of: resource, at: instant)?.suspendsAt else { return nil }
    return state(of: resource, at: end)?.status == .suspended ? end : nil
  }

  /// The bundle months of a resource; nil where it is unknown. Rule B-1.
  public func bundleMonths(of resource: ResourceID) -> BundleMonths? {
    settled.history(of: resource)?.months
  }

  /// The allowances in force during `[from, to)`, oldest first: the steps of the limit line. Rule G-5.
  public func allowances(of resource: ResourceID, from: Instant, to: Instant) -> [AllowanceStep] {
    walk.through(to) { $0.history(of: resource)?.allowances(from: from, to: to) ?? [] }
  }

  /// The movements with `after < effectiveAt <= upTo`, in the order of effect. Rule T-3.
  public func movements(after: Instant, upTo: Instant) -> ArraySlice<TokenMovement> {
    walk.through(upTo) { replay in
      let movements = replay.movements
      let first = movements.partitionPoint { $0.effectiveAt <= after }
      return movements[first..<max(first, movements.partitionPoint { $0.effectiveAt <= upTo })]
    }
  }

  /// The first `count` movements with `after < effectiveAt`, in the order of effect; fewer where no more will be.
  public func movements(after: Instant, first count: Int) -> ArraySlice<TokenMovement> {
    walk.through(after) { replay in
      let first = replay.movements.partitionPoint { $0.effectiveAt <= after }
      while replay.movements.count < first + count, let next = replay.nextInstant() { replay.advance(through: next) }
      return replay.movements[first...].prefix(count)
    }
  }

  /// What took effect with `after < at <= upTo` because time passed, in order.
  public func effects(after: Instant, upTo: Instant) -> ArraySlice<Effect> {
    walk.through(upTo) { replay in
      let effects = replay.effects
      let first = effects.partitionPoint { $0.at <= after }
      return effects[first..<max(first, effects.partitionPoint { $0.at <= upTo })]
    }
  }

  /// The first instant after `instant` at which something of the company takes effect; nil where nothing will. Refills
  /// are not among them.
  public func nextEffect(after instant: Instant) -> Instant? {
    walk.through(instant) { replay in
      let next = replay.balances.partitionPoint { $0.from <= instant }
      return next < replay.balances.count ? replay.balances[next].from : replay.nextInstant()
    }
  }

  /// The latest instant up to `instant` at which something of the company took effect.
  public func lastEffect(upTo instant: Instant) -> Instant? {
    walk.through(instant) { replay in
      let next = replay.balances.partitionPoint { $0.from <= instant }
      return next == 0 ? nil : replay.balances[next - 1].from
    }
  }
}

/// An allowance and the instant from which it holds.
public struct AllowanceStep: Hashable, Sendable {
  public let from: Instant
  public let allowance: Allowance

  public init(from: Instant, allowance: Allowance) {
    self.from = from
    self.allowance = allowance
  }
}

extension Array {
  /// How many leading elements satisfy `isBefore`, which holds for a prefix only; found by halving.
  fileprivate func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
