import Testing

@testable import Core

/// Facts that arrive one after the other give what all of them together give. Rule A-7.
@Suite("Facts of later")
struct LaterFactsTests {
  private static let histories: UInt64 = 400

  @Test(
    "A-7: a timeline that grows with its facts agrees with one of all facts, in 400 random histories", arguments: 0..<4)
  func grows(part: UInt64) throws {
    let size = Self.histories / 4
    for seed in part * size..<(part + 1) * size {
      let history = try #require(LifeGenerator.history(seed: seed), "seed \(seed)")
      var random = SplitMix(seed: seed &+ 77)
      if let difference = Self.difference(history, &random) {
        Issue.record("\(difference)\n\(history.text)")
        return
      }
    }
  }

  @Test("The comparison notices facts that are forgotten on the way")
  func notices() throws {
    let seen = try (0..<50 as Range<UInt64>).contains { seed in
      let history = try #require(LifeGenerator.history(seed: seed))
      var random = SplitMix(seed: seed)
      return Self.difference(history, &random, forgettingCancellations: true) != nil
    }
    #expect(seen)
  }

  @Test("What is settled is forgotten: only the balance and what is to come stay")
  func forgets() throws {
    let history = try #require(LifeGenerator.history(seed: 1))
    let end = Instant(milliseconds: history.end)
    let timeline = CompanyTimeline(history.facts, settledAt: end)
    #expect(timeline.movements(after: .distantPast, upTo: .distantFuture).allSatisfy { $0.effectiveAt > end })
    #expect(
      !CompanyTimeline(history.facts).movements(after: .distantPast, upTo: .distantFuture).allSatisfy {
        $0.effectiveAt > end
      })
    #expect(timeline.balance(at: end) == CompanyTimeline(history.facts).balance(at: end))
  }

  /// The first difference after any of the steps in which the facts arrive; nil where there is none.
  private static func difference(
    _ history: LifeHistory, _ random: inout SplitMix, forgettingCancellations: Bool = false
  ) -> String? {
    let facts = history.facts
    let instants = history.recorded.sorted()
    guard let first = instants.first else { return nil }
    var known = Instant(milliseconds: first)
    var timeline = CompanyTimeline(facts.known(at: known), settledAt: known)
    var grown = facts.known(at: known).withoutChanges
    while let next = instants.first(where: { $0 > known.milliseconds }) {
      // One fact, or several that were recorded meanwhile; settled up to the last known one, or right before the next.
      let last = Bool.random(using: &random) ? next : instants.filter { $0 >= next }.prefix(5).last ?? next
      let settledAt = Bool.random(using: &random) ? known : Instant(milliseconds: next - 1)
      let now = Instant(milliseconds: last)
      var later = facts.recorded(after: known, upTo: now)
      if forgettingCancellations { later.capacityChanges.removeAll { $0.recordedAt <= known } }
      let after = Bool.random(using: &random) ? settledAt : now
      timeline = timeline.adding(later, after: settledAt, settledAt: after)
      grown = grown.withoutChanges(adding: later)
      let whole = CompanyTimeline(facts.known(at: now))
      if grown.inOrder != facts.known(at: now).withoutChanges.inOrder { return "Other facts at \(now.utcText)." }
      if let found = difference(timeline, whole, facts, from: now, to: history.end, &random) { return found }
      known = now
    }
    return nil
  }

  private static func difference(
    _ timeline: CompanyTimeline, _ whole: CompanyTimeline, _ facts: CompanyFacts, from now: Instant, to end: Int64,
    _ random: inout SplitMix
  ) -> String? {
    let far = Instant.distantFuture
    if Array(timeline.movements(after: now, upTo: far)) != Array(whole.movements(after: now, upTo: far)) {
      return "Other movements after \(now.utcText)."
    }
    if Array(timeline.effects(after: now, upTo: far)) != Array(whole.effects(after: now, upTo: far)) {
      return "Other effects after \(now.utcText)."
    }
    let upTo = max(end, now.milliseconds + 1)
    let later = (0..<3).map { _ in Instant(milliseconds: Int64.random(in: now.milliseconds...upTo, using: &random)) }
    for instant in [now] + later {
      if timeline.balance(at: instant) != whole.balance(at: instant) { return "Another balance at \(instant.utcText)." }
      if timeline.nextEffect(after: instant) != whole.nextEffect(after: instant) {
        return "Another next effect after \(instant.utcText)."
      }
      for resource in facts.resources
      where timeline.state(of: resource.id, at: instant) != whole.state(of: resource.id, at: instant) {
        return "Another state of \(resource.id) at \(instant.utcText)."
      }
    }
    return nil
  }
}

extension CompanyFacts {
  /// With the resources as they are read.
  fileprivate var inOrder: CompanyFacts {
    var facts = self
    facts.resources.sort { ($0.provisionedAt, $0.id) < ($1.provisionedAt, $1.id) }
    return facts
  }

  /// What had been recorded or cancelled in between.
  fileprivate func recorded(after: Instant, upTo: Instant) -> LaterFacts {
    let known = known(at: upTo)
    func isNew(_ recordedAt: Instant, _ cancelledAt: Instant?) -> Bool {
      recordedAt > after || cancelledAt.map { $0 > after } ?? false
    }
    return LaterFacts(
      company: company, contracts: known.contracts, accounts: accounts,
      resources: known.resources.filter { $0.provisionedAt > after },
      capacityChanges: known.capacityChanges.filter { isNew($0.recordedAt, $0.cancelledAt) },
      deprovisionings: known.deprovisionings.filter { isNew($0.recordedAt, $0.cancelledAt) })
  }
}
