extension CompanyReplay {
  /// One resource while the facts are walked through.
  struct Place {
    var history: ResourceHistory
    /// Nil before its first capacity.
    var phase: ResourceHistory.Phase?
    /// What its capacity costs.
    var tokens = CloudTokens.zero
    /// Where a marked resource gives up its place; nil for one that is not marked.
    private(set) var monthEnd: Instant?
    /// Of a knowledge base: where its embeddings resource stands.
    var embeddings: Int?
    /// Of an embeddings resource: how many that are not deprovisioned use it.
    var knowledgeBases = 0

    var isRunning: Bool { phase == .running }
    var held: CloudTokens { isRunning ? tokens : .zero }
    var suspendedUntil: Instant? {
      if case .suspended(let until) = phase { until } else { nil }
    }

    /// In the order of activation, oldest first.
    static func all(of facts: CompanyFacts) -> [Place] {
      let changes = Dictionary(grouping: facts.capacityChanges, by: \.resourceID)
      let ends = Dictionary(grouping: facts.deprovisionings, by: \.resourceID)
      let resources = facts.resources.sorted { ($0.provisionedAt, $0.id) < ($1.provisionedAt, $1.id) }
      let positions = Dictionary(zip(resources.map(\.id), resources.indices), uniquingKeysWith: { first, _ in first })
      return resources.map { resource in
        var place = Place(
          history: ResourceHistory(
            resource, changes: changes[resource.id] ?? [], deprovisionings: ends[resource.id] ?? [], zone: facts.zone))
        place.embeddings = resource.embeddingsResource.flatMap { positions[$0] }
        return place
      }
    }

    /// Turns at one instant leave the last one only, and none that changes nothing.
    mutating func turn(to phase: ResourceHistory.Phase, at instant: Instant) {
      self.phase = phase
      if phase != .running { unmark(at: instant) }
      if history.turns.last?.from == instant, history.turns.count > 1 { history.turns.removeLast() }
      guard history.turns.last?.phase != phase else { return }
      history.turns.append(ResourceHistory.Turn(from: instant, phase: phase))
    }

    /// Rule T-5: until the first end of its bundle month after `instant`.
    mutating func mark(at instant: Instant) {
      monthEnd = history.months.month(containing: instant).end
      history.marks.append(ResourceHistory.Mark(from: instant, suspendsAt: monthEnd))
    }

    mutating func unmark(at instant: Instant) {
      guard monthEnd != nil else { return }
      monthEnd = nil
      history.marks.append(ResourceHistory.Mark(from: instant, suspendsAt: nil))
    }

    func movement(from before: CloudTokens, at instant: Instant) -> TokenMovement? {
      let more = held - before
      if more == .zero { return nil }
      return more > .zero
        ? TokenMovement(.resource(history.resource.id), .allocated, more, at: instant)
        : TokenMovement(.resource(history.resource.id), .released, .zero - more, at: instant)
    }

    func effect(since before: Before) -> CompanyTimeline.Effect.Kind? {
      let id = history.resource.id
      switch (before.phase, phase) {
      case (.running, .suspended): return .suspended(id)
      case (.suspended, .running): return .resumed(id)
      case (.running, .ended), (.suspended, .ended): return .deprovisioned(id)
      default: return nil
      }
    }
  }

  /// What a resource was before an instant that touches it.
  struct Before {
    let phase: ResourceHistory.Phase?
    let held: CloudTokens
  }

  /// What one instant brings.
  struct Moment {
    let at: Instant
    private(set) var before: [Int: Before] = [:]
    /// Of contracts.
    var movements: [TokenMovement] = []
    var effects: [CompanyTimeline.Effect.Kind] = []

    init(at instant: Instant) { at = instant }

    mutating func touch(_ index: Int, _ place: Place) {
      if before[index] == nil { before[index] = Before(phase: place.phase, held: place.held) }
    }
  }

  /// What the facts say will happen when, in order.
  struct Agenda {
    enum Item {
      case deprovisioning(Int)
      case capacity(Int, CapacityChange)
      case contractEnd(Contract)
      case contractStart(Contract)
    }

    private let items: [(at: Instant, item: Item)]
    private var position = 0

    init(_ contracts: [Contract], _ places: [Place]) {
      var items: [(at: Instant, item: Item)] = []
      for (index, place) in places.enumerated() {
        items += place.history.changes.map { ($0.effectiveAt, .capacity(index, $0)) }
        items += place.history.deprovisionings.filter(\.counts).map { ($0.effectiveAt, .deprovisioning(index)) }
      }
      for contract in contracts.sorted(by: { $0.id < $1.id }) where contract.inForceFrom < contract.endsAt {
        items.append((contract.inForceFrom, .contractStart(contract)))
        items.append((contract.endsAt, .contractEnd(contract)))
      }
      // Stable: what was put in first comes first at one instant.
      self.items = items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    var next: Instant? { position < items.count ? items[position].at : nil }

    mutating func take(at instant: Instant) -> [Item] {
      var taken: [Item] = []
      while next == instant {
        taken.append(items[position].item)
        position += 1
      }
      return taken
    }
  }
}
