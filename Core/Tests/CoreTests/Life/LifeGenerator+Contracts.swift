import Core

extension LifeGenerator {
  mutating func recordContract(at now: Int64, _ desk: NaiveCompany) {
    let last = facts.contracts.map(\.endsAt.milliseconds).max()
    var start = contractStart(at: now, last: last, desk)
    if start > self.end { start = now }
    let end = contractEnd(after: start)
    if let last {
      if start > last { counts.count(.contractGap) }
      if start < last, end > now { counts.count(.contractOverlap) }
    }
    if start < now { counts.count(end <= now ? .contractOver : .contractLate) }
    let ends = desk.cards.contains {
      $0.endedAt == nil && ($0.isMonthEnd(end) || $0.isMonthEnd(start))
    }
    if ends { counts.count(.contractAtMonthEnd) }
    // Ids that do not follow the order of recording.
    let letter = ["c", "a", "d", "b"].randomElement(using: &random) ?? "c"
    let contract = Contract(
      id: Identifier("\(letter)-\(facts.contracts.count)"), companyID: facts.company.id,
      tokens: CloudTokens(Int64.random(in: 10...240, using: &random)),
      startsAt: Instant(milliseconds: start),
      endsAt: Instant(milliseconds: end), recordedAt: Instant(milliseconds: now))
    facts.contracts.append(contract)
    company.note(contract)
  }

  private mutating func contractStart(at now: Int64, last: Int64?, _ desk: NaiveCompany) -> Int64 {
    let roll = Int.random(in: 0..<100, using: &random)
    // The very instant at which somebody's thirty days are over.
    if chance(25),
      let kept = desk.cards.filter({ $0.endedAt == nil }).compactMap(\.keptUntil).first(where: {
        $0 > now
      })
    {
      counts.count(.contractAtThirtyDays)
      return kept
    }
    switch roll {
    case 0..<30: return now
    case 30..<45: return now - Int64.random(in: 1...(40 * Self.day), using: &random)
    case 45..<55: return monthEnd(after: now) ?? now
    case 55..<65: return now + Int64.random(in: 1...(60 * Self.day), using: &random)
    case 65..<75: return (last ?? now) + Int64.random(in: 1...(60 * Self.day), using: &random)
    default: return last ?? now
    }
  }

  private mutating func contractEnd(after start: Int64) -> Int64 {
    // Some are over before anybody recorded them.
    let most = chance(5) ? 20 : 430
    let end = start + Int64.random(in: 1...Int64(most), using: &random) * Self.day
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<40: return monthEnd(after: end) ?? end
    case 40..<75: return max(start + 1, calendar.beginnings[calendar.day(of: end)])
    default: return end + Int64.random(in: 0..<Self.day, using: &random)
    }
  }
}
