import Core

/// A company's facts with what follows from them, as of one revision.
struct CompanyStanding: Sendable {
  let facts: CompanyFacts
  let timeline: CompanyTimeline
  let revision: Int64
  /// The latest instant at which a fact was recorded or something took effect; ahead of the clock by as many
  /// milliseconds as facts came too fast for it. Decision record 0015.
  private let settledAt: Instant

  init(_ facts: CompanyFacts, revision: Int64, settledAt: Instant) {
    self.facts = facts
    timeline = CompanyTimeline(facts)
    self.revision = revision
    self.settledAt = settledAt
  }

  /// The present as the company's facts have it: never before one of them.
  func now(_ clock: WallClock) -> Instant { max(clock.now(), settledAt) }
}
