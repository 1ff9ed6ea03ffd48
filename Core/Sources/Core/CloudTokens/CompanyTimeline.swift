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

  private let histories: [ResourceID: ResourceHistory]
  /// The knowledge bases of each embeddings resource. Rule R-5.
  private let knowledgeBases: [ResourceID: [ResourceID]]
  /// From when each balance holds, oldest first.
  private let balances: [(from: Instant, balance: TokenBalance)]
  /// Every movement of tokens in the order of effect, past and future. Rule T-3.
  public let movements: [TokenMovement]
  private let effects: [Effect]

  public init(_ facts: CompanyFacts) {
    var replay = CompanyReplay(facts)
    replay.run()
    histories = replay.histories
    knowledgeBases = facts.resources.reduce(into: [:]) { users, resource in
      if let embeddings = resource.embeddingsResource { users[embeddings, default: []].append(resource.id) }
    }
    balances = replay.balances
    movements = replay.movements
    effects = replay.effects
  }

  /// The balance at `instant`; what takes effect at that very instant counts. Rule T-2.
  public func balance(at instant: Instant) -> TokenBalance {
    let count = balances.partitionPoint { $0.from <= instant }
    return count == 0 ? TokenBalance(total: .zero, allocated: .zero) : balances[count - 1].balance
  }

  /// The state of a resource at `instant`; nil where it is unknown or not yet provisioned.
  public func state(of resource: ResourceID, at instant: Instant) -> ResourceState? {
    guard var state = histories[resource]?.state(at: instant) else { return nil }
    if state.status == .suspended, isKept(resource, at: instant) {
      state.statusChangesAt = state.scheduledDeprovisioning?.effectiveAt
    }
    return state
  }

  /// True for an embeddings resource that a knowledge base uses which is not deprovisioned: suspended, it stays.
  private func isKept(_ embeddings: ResourceID, at instant: Instant) -> Bool {
    knowledgeBases[embeddings, default: []].contains { user in
      histories[user]?.state(at: instant).map { $0.endedAt == nil } ?? false
    }
  }

  /// The bundle months of a resource; nil where it is unknown. Rule B-1.
  public func bundleMonths(of resource: ResourceID) -> BundleMonths? {
    histories[resource]?.months
  }

  /// The allowances in force during `[from, to)`, oldest first: the steps of the limit line. Rule G-5.
  public func allowances(of resource: ResourceID, from: Instant, to: Instant) -> [AllowanceStep] {
    histories[resource]?.allowances(from: from, to: to) ?? []
  }

  /// The movements with `after < effectiveAt <= upTo`, in the order of effect.
  public func movements(after: Instant, upTo: Instant) -> ArraySlice<TokenMovement> {
    let first = movements.partitionPoint { $0.effectiveAt <= after }
    return movements[first..<max(first, movements.partitionPoint { $0.effectiveAt <= upTo })]
  }

  /// What took effect with `after < at <= upTo` because time passed, in order.
  public func effects(after: Instant, upTo: Instant) -> ArraySlice<Effect> {
    let first = effects.partitionPoint { $0.at <= after }
    return effects[first..<max(first, effects.partitionPoint { $0.at <= upTo })]
  }

  /// The first instant after `instant` at which something of the company takes effect; nil where nothing will. Refills
  /// are not among them.
  public func nextEffect(after instant: Instant) -> Instant? {
    let next = balances.partitionPoint { $0.from <= instant }
    return next < balances.count ? balances[next].from : nil
  }

  /// The latest instant up to `instant` at which something of the company took effect.
  public func lastEffect(upTo instant: Instant) -> Instant? {
    let next = balances.partitionPoint { $0.from <= instant }
    return next == 0 ? nil : balances[next - 1].from
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
