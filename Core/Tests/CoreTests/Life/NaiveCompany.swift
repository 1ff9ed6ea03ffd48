import Core

/// A company as a clerk would keep it: a card for each resource, a pile of contracts, and a walk from one instant to the
/// next at which there may be something to do. Written from rules T-1 to T-5, A-1 to A-7, B-1 and record 0015 alone; it
/// shares no code and no idea with the rule under test, and takes its time. Times are milliseconds.
struct NaiveCompany {
  struct ContractNote {
    let id: Identifier<Contract>
    let tokens: Int64
    /// From when it counts: not before somebody knew of it.
    let from: Int64
    let until: Int64
    let recordedAt: Int64
  }

  let calendar: LifeCalendar
  let mistake: PlantedMistake?
  /// Looks at everything at every midnight too. It makes no difference, but takes long.
  let comesEveryDay: Bool
  var cards: [ResourceCard] = []
  /// Positions of the cards, oldest activation first; of two at one instant the smaller id first.
  var order: [Int] = []
  var contracts: [ContractNote] = []

  var now: Int64
  /// Tokens of the contracts in force.
  var total: Int64 = 0
  var ledger: [TokenMovement] = []
  /// Instants at which something took effect, in order.
  var effects: [Int64] = []
  var counts = LifeCounts()

  /// A company of which nothing is recorded yet, at `now`.
  init(
    _ calendar: LifeCalendar, at now: Int64, mistake: PlantedMistake? = nil,
    comesEveryDay: Bool = false
  ) {
    self.calendar = calendar
    self.now = now
    self.mistake = mistake
    self.comesEveryDay = comesEveryDay
  }

  /// A company of which `facts` are going to be recorded.
  init(
    _ facts: CompanyFacts, _ calendar: LifeCalendar, mistake: PlantedMistake? = nil,
    comesEveryDay: Bool = false
  ) {
    self.init(
      calendar, at: facts.company.createdAt.milliseconds, mistake: mistake,
      comesEveryDay: comesEveryDay)
    for resource in facts.resources { note(resource) }
    for contract in facts.contracts { note(contract) }
    for change in facts.capacityChanges { note(change) }
    for deprovisioning in facts.deprovisionings { note(deprovisioning) }
  }

  var allocated: Int64 {
    var sum: Int64 = 0
    for card in cards {
      let countsAll = mistake == .suspendedKeepsItsTokens && card.isAlive(at: now)
      sum += countsAll ? card.tokens : card.holds
    }
    return sum
  }
  var available: Int64 { total - allocated }

  /// Does everything that is due until `instant`, and what is due then.
  mutating func goOn(through instant: Int64) {
    while let next = nextInstant(), next <= instant { work(at: next) }
    now = max(now, instant)
  }

  /// Goes on until nothing is left to happen of itself.
  mutating func goOnToTheEnd() {
    while let next = nextInstant() {
      if comesEveryDay, next > lastKnown + 200 * 86_400_000 { return }
      work(at: next)
    }
  }

  private var lastKnown: Int64 {
    var last = effects.last ?? now
    for contract in contracts { last = max(last, contract.until) }
    for card in cards {
      for change in card.changes { last = max(last, change.effectiveAt) }
      for end in card.ends { last = max(last, end.effectiveAt) }
    }
    return last
  }
}

// MARK: - Taking notes

extension NaiveCompany {
  mutating func note(_ contract: Contract) {
    let start = contract.startsAt.milliseconds
    let from =
      mistake == .lateContractFromItsStart ? start : max(start, contract.recordedAt.milliseconds)
    let until = contract.endsAt.milliseconds + (mistake == .contractEndInclusive ? 1 : 0)
    guard from < until else { return }
    contracts.append(
      ContractNote(
        id: contract.id, tokens: contract.tokens.count, from: from, until: until,
        recordedAt: contract.recordedAt.milliseconds))
  }

  mutating func note(_ resource: Resource) {
    let activation = resource.provisionedAt.milliseconds
    cards.append(
      ResourceCard(
        id: resource.id, type: resource.type,
        uses: resource.embeddingsResource.flatMap { position(of: $0) },
        provisionedAt: activation,
        monthStarts: calendar.monthStarts(activatedAt: activation, slides: mistake == .anchorSlides)
      ))
    order = cards.indices.sorted { a, b in
      (cards[a].provisionedAt, cards[a].id.text) < (cards[b].provisionedAt, cards[b].id.text)
    }
  }

  /// One that was recorded at the same instant is replaced: it was cancelled since.
  mutating func note(_ change: CapacityChange) {
    guard let card = position(of: change.resourceID) else { return }
    let note = ResourceCard.ChangeNote(
      mistake == .scheduledChangeAtOnce
        ? change.atOnce : mistake == .cancellationForgotten ? change.kept : change)
    if let old = cards[card].changes.firstIndex(where: { $0.recordedAt == note.recordedAt }) {
      cards[card].changes[old] = note
    } else {
      cards[card].changes.append(note)
    }
  }

  mutating func note(_ deprovisioning: Deprovisioning) {
    guard let card = position(of: deprovisioning.resourceID) else { return }
    let note = ResourceCard.EndNote(
      mistake == .cancellationForgotten ? deprovisioning.kept : deprovisioning)
    if let old = cards[card].ends.firstIndex(where: { $0.recordedAt == note.recordedAt }) {
      cards[card].ends[old] = note
    } else {
      cards[card].ends.append(note)
    }
  }

  func position(of id: ResourceID) -> Int? { cards.firstIndex { $0.id == id } }

  /// The next instant at which there may be something to do. Ends of bundle months matter only to whoever is marked.
  func nextInstant() -> Int64? {
    var next = Int64.max
    for contract in contracts {
      if contract.from > now { next = min(next, contract.from) }
      if contract.until > now { next = min(next, contract.until) }
    }
    for card in cards where card.endedAt == nil {
      if card.provisionedAt > now { next = min(next, card.provisionedAt) }
      for change in card.changes where change.effectiveAt > now {
        next = min(next, change.effectiveAt)
      }
      for end in card.ends where end.effectiveAt > now { next = min(next, end.effectiveAt) }
      if let keptUntil = card.keptUntil, keptUntil > now { next = min(next, keptUntil) }
      if card.markedSince != nil { next = min(next, card.monthStarts[card.month(of: now) + 1]) }
    }
    if comesEveryDay {
      next = min(next, calendar.beginnings[calendar.day(of: now) + 1])
    }
    return next == Int64.max ? nil : next
  }
}

extension CapacityChange {
  /// The same change, taking effect when it is recorded.
  fileprivate var atOnce: CapacityChange {
    CapacityChange(
      resourceID: resourceID, capacity: capacity, tokens: tokens, allowance: allowance,
      recordedAt: recordedAt,
      effectiveAt: recordedAt)
  }

  /// The same change, never cancelled.
  fileprivate var kept: CapacityChange {
    CapacityChange(
      resourceID: resourceID, capacity: capacity, tokens: tokens, allowance: allowance,
      recordedAt: recordedAt,
      effectiveAt: effectiveAt)
  }
}

extension Deprovisioning {
  /// The same, never cancelled.
  fileprivate var kept: Deprovisioning {
    Deprovisioning(resourceID: resourceID, recordedAt: recordedAt, effectiveAt: effectiveAt)
  }
}
