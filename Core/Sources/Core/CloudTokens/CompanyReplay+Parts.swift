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
      return facts.resources.sorted { ($0.provisionedAt, $0.id) < ($1.provisionedAt, $1.id) }.map { resource in
        Place(
          history: ResourceHistory(
            resource, changes: changes[resource.id] ?? [], deprovisionings: ends[resource.id] ?? [], zone: facts.zone))
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

    /// What a lack or a return of tokens turned in the end; nothing where the instant gave back what it took.
    func effect(since before: Before) -> CompanyTimeline.Effect.Kind? {
      switch (before.phase, phase) {
      case (.running, .suspended): .suspended(history.resource.id)
      case (.suspended, .running): .resumed(history.resource.id)
      default: nil
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
    /// In the order of the steps; suspensions and resumptions are known at the end.
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

    /// An item where it stands: at one instant those of resources in the order of activation, then contracts by id.
    private struct Entry {
      let at: Instant
      let item: Item
      let place: Int
      let number: Int
    }

    private var entries: [Entry]
    private var position = 0

    init(_ contracts: [Contract], _ places: [Place]) {
      entries = places.indices.flatMap { Self.entries(of: $0, places[$0]) } + Self.entries(of: contracts)
      sort()
    }

    /// Plans anew what the places at `touched` and the contracts bring after `instant`, up to which all is taken.
    mutating func replace(_ touched: Set<Int>, in places: [Place], contracts: [Contract], after instant: Instant) {
      entries = entries[position...].filter { $0.place != Self.contracts && !touched.contains($0.place) }
      entries += touched.flatMap { Self.entries(of: $0, places[$0]) }.filter { $0.at > instant }
      entries += Self.entries(of: contracts).filter { $0.at > instant }
      position = 0
      sort()
    }

    private static let contracts = Int.max

    private static func entries(of index: Int, _ place: Place) -> [Entry] {
      let changes = place.history.changes.map { ($0.effectiveAt, Item.capacity(index, $0)) }
      let ends = place.history.deprovisionings.filter(\.counts).map { ($0.effectiveAt, Item.deprovisioning(index)) }
      return (changes + ends).enumerated().map { Entry(at: $1.0, item: $1.1, place: index, number: $0) }
    }

    private static func entries(of contracts: [Contract]) -> [Entry] {
      contracts.sorted { $0.id < $1.id }.filter { $0.inForceFrom < $0.endsAt }.enumerated().flatMap {
        number, contract in
        [
          Entry(at: contract.inForceFrom, item: .contractStart(contract), place: Self.contracts, number: number),
          Entry(at: contract.endsAt, item: .contractEnd(contract), place: Self.contracts, number: number),
        ]
      }
    }

    private mutating func sort() {
      entries.sort { ($0.at, $0.place, $0.number) < ($1.at, $1.place, $1.number) }
    }

    var next: Instant? { position < entries.count ? entries[position].at : nil }

    mutating func take(at instant: Instant) -> [Item] {
      var taken: [Item] = []
      while next == instant {
        taken.append(entries[position].item)
        position += 1
      }
      return taken
    }
  }
}

extension CompanyTimeline.Effect.Kind {
  var isSuspension: Bool {
    if case .suspended = self { true } else { false }
  }
}
