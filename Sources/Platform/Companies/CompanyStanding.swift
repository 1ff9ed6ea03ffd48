import Core

/// A company's facts with what follows from them, as of one revision.
struct CompanyStanding: Sendable {
  /// Without changes of capacity and deprovisionings: the timeline has them.
  let facts: CompanyFacts
  let timeline: CompanyTimeline
  let revision: Int64
  /// The latest instant at which a fact was recorded or something took effect; ahead of the clock by as many
  /// milliseconds as facts came too fast for it. Decision record 0015.
  let settledAt: Instant

  /// Takes time for the whole history.
  init(_ facts: CompanyFacts, revision: Int64, settledAt: Instant) {
    self.init(
      facts: facts.withoutChanges, timeline: CompanyTimeline(facts, settledAt: settledAt), revision: revision,
      settledAt: settledAt)
  }

  private init(facts: CompanyFacts, timeline: CompanyTimeline, revision: Int64, settledAt: Instant) {
    self.facts = facts
    self.timeline = timeline
    self.revision = revision
    self.settledAt = settledAt
  }

  /// Takes time for what is new and what is to come. `later` is everything that was recorded after `settledAt`.
  func adding(_ later: LaterFacts, revision: Int64, settledAt: Instant) -> CompanyStanding {
    CompanyStanding(
      facts: facts.withoutChanges(adding: later),
      timeline: timeline.adding(later, after: self.settledAt, settledAt: settledAt), revision: revision,
      settledAt: settledAt)
  }

  /// The same facts once the ledger has come further.
  func settled(at settledAt: Instant) -> CompanyStanding {
    CompanyStanding(
      facts: facts, timeline: timeline.settled(at: settledAt), revision: revision, settledAt: settledAt)
  }

  /// The present as the company's facts have it: never before one of them.
  func now(_ clock: WallClock) -> Instant { max(clock.now(), settledAt) }
}
