/// What a history is made for: counted, so that it is known to happen.
enum LifeEvent: Int, CaseIterable, Sendable {
  case marked, markLost, markedAtOwnMonthEnd
  case suspended, resumed, wentOn, smallerOvertook
  case thirtyDaysOver, thirtyDaysOverAtMonthEnd, deprovisionedAsScheduled,
    deprovisionedWhileSuspended
  case changeTookEffect, changeTookEffectAtSuspension, changeLostToDeprovisioning
  case changeCancelled, deprovisioningCancelled, downgradeSuperseded,
    embeddingsCancelledWithKnowledgeBase
  case embeddingsScheduledWithKnowledgeBase, embeddingsKept, embeddingsEndedWithKnowledgeBase,
    embeddingsKeptAndResumed
  case contractAtMonthEnd, contractLate, contractOver, contractGap, contractOverlap,
    contractAtThirtyDays
  case overdrawn, provisionedAtMidnight, twoAtOneInstant, conversion, conversionAtSameCost
  case immediateDecrease, increase, planUpgrade
  case anchor29, anchor30, anchor31, leapDayRefill
}

/// How often each event occurred.
struct LifeCounts: Sendable {
  private var counts = [Int](repeating: 0, count: LifeEvent.allCases.count)

  subscript(_ event: LifeEvent) -> Int { counts[event.rawValue] }

  mutating func count(_ event: LifeEvent) { counts[event.rawValue] += 1 }

  static func += (a: inout Self, b: Self) {
    for index in a.counts.indices { a.counts[index] += b.counts[index] }
  }

  var text: String { LifeEvent.allCases.map { "\($0) \(self[$0])" }.joined(separator: ", ") }
}
