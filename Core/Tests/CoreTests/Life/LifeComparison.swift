@testable import Core

/// Holds a ``CompanyTimeline`` against the naive model of the same company.
struct LifeComparison {
  /// More are not listed.
  static let mostDifferences = 10

  let history: LifeHistory
  private(set) var differences: [String] = []
  private var random: SplitMix

  init(_ history: LifeHistory) {
    self.history = history
    random = SplitMix(seed: history.seed &+ 1)
  }

  /// What `CompanyTimeline` says otherwise than the model about a history; nothing where they agree.
  ///
  /// - Parameters:
  ///   - facts: what the timeline is given, where that is not what the history says.
  ///   - mistake: what the model gets wrong.
  static func differences(
    _ history: LifeHistory, facts: CompanyFacts? = nil, mistake: PlantedMistake? = nil
  ) -> [String] {
    guard let calendar = history.calendar else { return ["There is no zone \(history.zoneName)."] }
    var comparison = LifeComparison(history)
    let timeline = CompanyTimeline(facts ?? history.facts)
    let company = NaiveCompany(history.facts, calendar, mistake: mistake)
    comparison.followAlong(timeline, company)
    if comparison.differences.isEmpty, facts == nil, mistake == nil {
      comparison.lookAhead(timeline, calendar)
    }
    return Array(comparison.differences.prefix(mostDifferences))
  }

  /// Every instant at which something happened and the millisecond before it, some others, and the ledger.
  private mutating func followAlong(_ timeline: CompanyTimeline, _ company: NaiveCompany) {
    var company = company
    for (instant, isThorough) in samples() {
      company.goOn(through: instant)
      if isThorough {
        compareAll(timeline, company)
      } else {
        compareBalance(timeline, company)
        compareOne(timeline, company)
      }
      if differences.count >= Self.mostDifferences { return }
    }
    company.goOnToTheEnd()
    compareLedger(Array(timeline.movements(after: .distantPast, upTo: .distantFuture)), company.ledger)
  }

  /// In order, each with whether every resource is looked at.
  private mutating func samples() -> [(Int64, Bool)] {
    var all: [(Int64, Bool)] = []
    for instant in history.effects { all += [(instant - 1, false), (instant, true)] }
    for instant in history.recorded { all += [(instant - 1, false), (instant, false)] }
    for _ in 0..<6 {
      all.append((Int64.random(in: history.start..<history.end, using: &random), true))
    }
    return all.sorted { $0.0 < $1.0 }
  }

  /// What was known at some instant gives the same past, and the future that comes if nothing more is recorded.
  private mutating func lookAhead(_ timeline: CompanyTimeline, _ calendar: LifeCalendar) {
    guard let first = history.recorded.first, let last = history.recorded.last else { return }
    let now = Int64.random(in: first...last, using: &random)
    let instant = Instant(milliseconds: now)
    let known = history.facts.known(at: instant)
    let then = CompanyTimeline(known)
    for _ in 0..<3 {
      comparePast(
        then, timeline,
        at: Instant(milliseconds: Int64.random(in: history.start...now, using: &random)))
    }
    comparePast(then, timeline, at: instant)
    var company = NaiveCompany(known, calendar)
    company.goOn(through: now)
    compareAll(then, company)
    var rest = company
    rest.goOnToTheEnd()
    compareLedger(Array(then.movements(after: .distantPast, upTo: .distantFuture)), rest.ledger)
    for effect in rest.effects where effect > now && differences.count < Self.mostDifferences {
      company.goOn(through: effect)
      compareAll(then, company)
    }
  }
}

// MARK: - One instant

extension LifeComparison {
  private mutating func compareAll(_ timeline: CompanyTimeline, _ company: NaiveCompany) {
    compareBalance(timeline, company)
    for position in company.cards.indices { compare(timeline, company, position) }
  }

  private mutating func compareOne(_ timeline: CompanyTimeline, _ company: NaiveCompany) {
    guard let position = company.cards.indices.randomElement(using: &random) else { return }
    compare(timeline, company, position)
  }

  private mutating func compareBalance(_ timeline: CompanyTimeline, _ company: NaiveCompany) {
    let instant = Instant(milliseconds: company.now)
    let balance = timeline.balance(at: instant)
    guard balance.total.count != company.total || balance.allocated.count != company.allocated
    else { return }
    let said = "\(balance.allocated.count) of \(balance.total.count)"
    differences.append(
      "\(instant.utcText): the balance is \(said), not \(company.allocated) of \(company.total)")
  }

  private mutating func compare(
    _ timeline: CompanyTimeline, _ company: NaiveCompany, _ position: Int
  ) {
    let instant = Instant(milliseconds: company.now)
    let id = company.cards[position].id
    let state = timeline.state(of: id, at: instant)
    let view = company.view(of: position)
    guard let state, let view else {
      if (state == nil) != (view == nil) {
        differences.append(
          "\(instant.utcText): \(id) is \(state == nil ? "not there" : "there already")")
      }
      return
    }
    for (what, said, expected) in Self.differences(state, view) {
      differences.append("\(instant.utcText): \(what) of \(id) is \(said), not \(expected)")
    }
  }

  private static func differences(_ state: ResourceState, _ view: ResourceView) -> [(
    String, String, String
  )] {
    var found: [(String, String, String)] = []
    func differ(_ what: String, _ said: Int64?, _ expected: Int64?) {
      if said != expected { found.append((what, time(said), time(expected))) }
    }
    if state.status != view.status {
      found.append(("the status", state.status.rawValue, view.status.rawValue))
    }
    if state.tokens.count != view.tokens {
      found.append(("what is held", "\(state.tokens.count)", "\(view.tokens)"))
    }
    if state.capacity != view.capacity || state.allowance != view.capacity.allowance {
      found.append(("the capacity", words(state.capacity), words(view.capacity)))
    }
    if state.bundleMonth.index != view.month {
      found.append(("the index of the month", "\(state.bundleMonth.index)", "\(view.month)"))
    }
    differ("the date of the status", state.statusChangesAt?.milliseconds, view.statusChangesAt)
    differ("the suspension to come", state.suspendsAt?.milliseconds, view.turn)
    differ("the end", state.endedAt?.milliseconds, view.endedAt)
    differ("the month's start", state.bundleMonth.start.milliseconds, view.monthStart)
    differ("the refill", state.refillsAt.milliseconds, view.monthEnd)
    differ(
      "the effect of the change", state.scheduledChange?.effectiveAt.milliseconds,
      view.waitingChange?.effectiveAt)
    differ(
      "the decision of the change", state.scheduledChange?.recordedAt.milliseconds,
      view.waitingChange?.recordedAt)
    differ(
      "the effect of the deprovisioning", state.scheduledDeprovisioning?.effectiveAt.milliseconds,
      view.waitingEnd?.effectiveAt)
    return found
  }

  private static func words(_ change: CapacityChange) -> String {
    "\(change.tokens.count) as of \(change.effectiveAt.utcText)"
  }

  private static func time(_ milliseconds: Int64?) -> String {
    milliseconds.map { Instant(milliseconds: $0).utcText } ?? "none"
  }
}

// MARK: - The ledger, the past and the future

extension LifeComparison {
  private mutating func compareLedger(_ movements: [TokenMovement], _ ledger: [TokenMovement]) {
    guard movements != ledger else { return }
    let place = zip(movements, ledger).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let first = place ?? min(movements.count, ledger.count)
    let said = first < movements.count ? movements[first].words : "none"
    let expected = first < ledger.count ? ledger[first].words : "none"
    differences.append("movement \(first + 1) is \(said), not \(expected)")
  }

  /// What two timelines say about the same instant, but for when a scheduled change is cancelled later.
  private mutating func comparePast(
    _ then: CompanyTimeline, _ now: CompanyTimeline, at instant: Instant
  ) {
    if then.balance(at: instant) != now.balance(at: instant) {
      differences.append("\(instant.utcText): what was recorded later moved the balance")
    }
    for resource in history.facts.resources {
      let (before, after) = (
        then.state(of: resource.id, at: instant), now.state(of: resource.id, at: instant)
      )
      guard before?.withoutCancellations != after?.withoutCancellations else { continue }
      differences.append("\(instant.utcText): what was recorded later changed \(resource.id)")
    }
  }
}

extension ResourceState {
  fileprivate var withoutCancellations: ResourceState {
    ResourceState(
      resource: resource, status: status, statusChangesAt: statusChangesAt, capacity: capacity,
      tokens: tokens,
      scheduledChange: scheduledChange.map { change in
        CapacityChange(
          resourceID: change.resourceID, capacity: change.capacity, tokens: change.tokens,
          allowance: change.allowance, recordedAt: change.recordedAt,
          effectiveAt: change.effectiveAt)
      },
      scheduledDeprovisioning: scheduledDeprovisioning.map { end in
        Deprovisioning(
          resourceID: end.resourceID, recordedAt: end.recordedAt, effectiveAt: end.effectiveAt)
      },
      suspendsAt: suspendsAt, endedAt: endedAt, bundleMonth: bundleMonth, revision: revision)
  }
}
