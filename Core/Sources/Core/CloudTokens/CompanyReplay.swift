/// Walks through a company's facts from the first instant at which something happens to the last, and keeps what each
/// instant brings. Decision record 0015 words the order of one instant.
struct CompanyReplay {
  private(set) var balances: [(from: Instant, balance: TokenBalance)] = []
  private(set) var movements: [TokenMovement] = []
  private(set) var effects: [CompanyTimeline.Effect] = []

  /// In the order of activation, oldest first.
  private var places: [Place]
  private var positions: [ResourceID: Int]
  /// Where the knowledge bases of each embeddings resource stand. Rule R-5.
  private var knowledgeBases: [Int: [Int]] = [:]
  private var agenda: Agenda
  /// What took effect up to then is walked through.
  private(set) var reached = Instant(milliseconds: .min)
  private var total = CloudTokens.zero
  private var allocated = CloudTokens.zero
  /// Positions in `places`, ascending. Both are empty in the usual course of things.
  private var suspended: [Int] = []
  private var marked: [Int] = []
  private let zone: CompanyZone

  /// Days that a suspended resource is kept. Rule T-5.
  static let daysOfSuspension = 30

  init(_ facts: CompanyFacts) {
    zone = facts.zone
    places = Place.all(of: facts)
    positions = Dictionary(
      places.enumerated().map { ($1.history.resource.id, $0) }, uniquingKeysWith: { first, _ in first })
    agenda = Agenda(facts.contracts, places)
    for index in places.indices { link(index) }
  }

  /// A knowledge base to its embeddings resource.
  private mutating func link(_ index: Int) {
    guard let embeddings = places[index].history.resource.embeddingsResource.flatMap({ positions[$0] }) else { return }
    places[index].embeddings = embeddings
    knowledgeBases[embeddings, default: []].append(index)
  }

  // MARK: - What was found

  /// Of a resource; nil where it is unknown.
  func history(of resource: ResourceID) -> ResourceHistory? { positions[resource].map { places[$0].history } }

  /// At an instant up to which all is walked through; nil where it is unknown or not yet provisioned.
  func state(of resource: ResourceID, at instant: Instant) -> ResourceState? {
    guard let index = positions[resource], var state = places[index].history.state(at: instant) else { return nil }
    if state.status == .suspended, hasKnowledgeBase(index, at: instant) {
      state.statusChangesAt = state.scheduledDeprovisioning?.effectiveAt
    }
    return state
  }

  /// True for an embeddings resource that a knowledge base uses which is not deprovisioned: suspended, it stays.
  private func hasKnowledgeBase(_ embeddings: Int, at instant: Instant) -> Bool {
    knowledgeBases[embeddings, default: []].contains { user in
      places[user].history.state(at: instant).map { $0.endedAt == nil } ?? false
    }
  }

  // MARK: - Facts of later

  /// Adds facts that were recorded after everything that is walked through: they change nothing of it. Rule A-7.
  mutating func add(_ later: LaterFacts) {
    for resource in later.resources.sorted(by: { ($0.provisionedAt, $0.id) < ($1.provisionedAt, $1.id) }) {
      if let index = positions[resource.id] {
        places[index].history.resource = resource
      } else {
        positions[resource.id] = places.count
        places.append(Place(history: ResourceHistory(resource, changes: [], zone: zone)))
        link(places.count - 1)
      }
    }
    let changes = Dictionary(grouping: later.capacityChanges, by: \.resourceID)
    let ends = Dictionary(grouping: later.deprovisionings, by: \.resourceID)
    let touched = Set(Set(changes.keys).union(ends.keys).compactMap { positions[$0] })
    for index in touched {
      let id = places[index].history.resource.id
      places[index].history.add(changes[id] ?? [], ends[id] ?? [])
    }
    agenda.replace(touched, in: places, contracts: later.contracts, after: reached)
  }

  /// Walks up to `instant` and forgets what was moved and the balances in between.
  mutating func settle(through instant: Instant) {
    advance(through: instant)
    (movements, effects) = ([], [])
    balances = balances.suffix(1)
  }

  // MARK: - Walking

  /// Walks through all that takes effect up to `last`. Each turn of the loop uses up a fact, a month end of a marked
  /// resource, or the thirty days of a suspended one.
  mutating func advance(through last: Instant) {
    reached = max(reached, last)
    while let instant = nextInstant(), instant <= last {
      var moment = Moment(at: instant)
      let items = agenda.take(at: instant)
      deprovision(items, &moment)
      changeCapacities(items, &moment)
      changeContracts(items, &moment)
      let candidates = marked.filter { places[$0].monthEnd == instant }
      settleSuspensions(candidates, &moment)
      close(moment)
    }
  }

  /// When something takes effect next; nil where nothing will.
  func nextInstant() -> Instant? {
    let ends = marked.compactMap { places[$0].monthEnd }
    let dues = suspended.compactMap { isKept($0) ? nil : places[$0].suspendedUntil }
    return ([agenda.next].compactMap { $0 } + ends + dues).min()
  }

  // MARK: - The steps of one instant

  private mutating func deprovision(_ items: [Agenda.Item], _ moment: inout Moment) {
    // Knowledge bases first: the end of one may be what a suspended embeddings resource was kept for.
    for type in [ResourceType.knowledgeBase, nil] {
      func isOfType(_ index: Int) -> Bool { type == nil || places[index].history.resource.type == type }
      for case .deprovisioning(let index) in items where isOfType(index) { end(index, &moment) }
      for index in suspended where isOfType(index) {
        guard let due = places[index].suspendedUntil, due <= moment.at, !isKept(index) else { continue }
        end(index, &moment)
      }
    }
    // Once for all that ended: there may be thousands.
    suspended = suspended.filter { places[$0].phase != .ended }
    marked = marked.filter { places[$0].phase != .ended }
  }

  private mutating func end(_ index: Int, _ moment: inout Moment) {
    guard places[index].phase != .ended else { return }
    moment.touch(index, places[index])
    if places[index].phase != nil { moment.effects.append(.deprovisioned(places[index].history.resource.id)) }
    if places[index].isRunning { allocated = allocated - places[index].tokens }
    places[index].turn(to: .ended, at: moment.at)
    if let user = places[index].embeddings { places[user].knowledgeBases -= 1 }
  }

  /// A suspended embeddings resource stays while a knowledge base needs its vectors.
  private func isKept(_ index: Int) -> Bool { places[index].knowledgeBases > 0 }

  private mutating func changeCapacities(_ items: [Agenda.Item], _ moment: inout Moment) {
    for case .capacity(let index, let change) in items where places[index].phase != .ended {
      moment.touch(index, places[index])
      if places[index].phase == nil {
        places[index].phase = .running
        if let user = places[index].embeddings { places[user].knowledgeBases += 1 }
      }
      if places[index].isRunning { allocated = allocated - places[index].tokens + change.tokens }
      places[index].tokens = change.tokens
      if change.recordedAt < change.effectiveAt {
        moment.effects.append(.capacityChanged(places[index].history.resource.id))
      }
    }
  }

  private mutating func changeContracts(_ items: [Agenda.Item], _ moment: inout Moment) {
    for case .contractEnd(let contract) in items {
      total = total - contract.tokens
      moment.movements.append(TokenMovement(.contract(contract.id), .expired, contract.tokens, at: moment.at))
      moment.effects.append(.contractEnded(contract.id))
    }
    for case .contractStart(let contract) in items {
      total = total + contract.tokens
      moment.movements.append(TokenMovement(.contract(contract.id), .granted, contract.tokens, at: moment.at))
      if contract.recordedAt < moment.at { moment.effects.append(.contractBegan(contract.id)) }
    }
  }

  /// Rule T-5. `candidates` were marked before this instant, and their bundle months end with it.
  private mutating func settleSuspensions(_ candidates: [Int], _ moment: inout Moment) {
    let still = candidates.isEmpty || allocated <= total ? [] : Set(marksNow())
    for index in candidates where still.contains(index) {
      moment.touch(index, places[index])
      allocated = allocated - places[index].tokens
      let day = zone.day(of: moment.at).adding(days: Self.daysOfSuspension)
      places[index].turn(to: .suspended(until: zone.firstInstant(of: day)), at: moment.at)
      suspended.append(index)
    }
    if !suspended.isEmpty, allocated <= total { resume(&moment) }
    renewMarks(at: moment.at, &moment)
  }

  private mutating func resume(_ moment: inout Moment) {
    suspended.sort()
    for index in suspended where places[index].tokens <= total - allocated {
      moment.touch(index, places[index])
      allocated = allocated + places[index].tokens
      places[index].turn(to: .running, at: moment.at)
    }
    suspended.removeAll { places[$0].isRunning }
  }

  /// Newest first, until the unmarked fit.
  private func marksNow() -> [Int] {
    var unmarked = allocated
    var marks: [Int] = []
    for index in places.indices.reversed() where places[index].isRunning {
      guard unmarked > total else { break }
      unmarked = unmarked - places[index].tokens
      marks.append(index)
    }
    return marks.reversed()
  }

  private mutating func renewMarks(at instant: Instant, _ moment: inout Moment) {
    guard !marked.isEmpty || allocated > total else { return }
    let now = allocated > total ? marksNow() : []
    let staying = Set(now)
    for index in marked where !staying.contains(index) { places[index].unmark(at: instant) }
    for index in now where places[index].monthEnd.map({ $0 <= instant }) ?? true {
      let isNew = places[index].monthEnd == nil
      places[index].mark(at: instant)
      if isNew { moment.effects.append(.marked(places[index].history.resource.id)) }
    }
    marked = now
  }

  // MARK: - The end of one instant

  /// Keeps the net effect. At one instant releases come first, then contracts, then what needs tokens; within a kind the
  /// order of activation.
  private mutating func close(_ moment: Moment) {
    let touched = moment.before.sorted { $0.key < $1.key }.map { index, before in (places[index], before) }
    let moved = touched.compactMap { place, before in place.movement(from: before.held, at: moment.at) }
    movements += moved.filter { $0.kind == .released } + moment.movements + moved.filter { $0.kind == .allocated }
    let turned = touched.compactMap { place, before in place.effect(since: before) }
    let kinds = moment.effects + turned.filter(\.isSuspension) + turned.filter { !$0.isSuspension }
    effects += kinds.map { CompanyTimeline.Effect(at: moment.at, kind: $0) }
    balances.append((moment.at, TokenBalance(total: total, allocated: allocated)))
  }
}
