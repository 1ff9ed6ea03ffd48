/// Recomputes what the ledger must hold and reports every difference. Rule T-3.
///
/// Facts and ledger are written by the same transactions but kept apart, so that each can bear witness against the other.
public enum LedgerVerification {
  /// One sentence for each difference; none where facts and ledger agree.
  ///
  /// - Parameters:
  ///   - lines: the whole ledger, by position.
  ///   - settledAt: up to when the ledger is complete: what took effect later may still be missing.
  public static func problems(in facts: CompanyFacts, lines: [LedgerLine], settledAt: Instant) -> [String] {
    let timeline = CompanyTimeline(facts)
    return contracts(facts) + resources(facts) + entries(lines, of: facts.company.id)
      + movements(timeline, lines, settledAt) + balances(timeline, lines)
  }

  private static func contracts(_ facts: CompanyFacts) -> [String] {
    repeated(facts.contracts.map(\.id)).map { "Contract \($0) is recorded more than once." }
      + facts.contracts.flatMap { contract in
        [
          contract.companyID == facts.company.id ? nil : "Contract \(contract.id) belongs to another company.",
          contract.tokens > .zero ? nil : "Contract \(contract.id) grants \(contract.tokens.inWords).",
          contract.startsAt < contract.endsAt ? nil : "Contract \(contract.id) ends before it starts.",
        ].compactMap { $0 }
      }
  }

  private static func resources(_ facts: CompanyFacts) -> [String] {
    let changes = Dictionary(grouping: facts.capacityChanges, by: \.resourceID)
    let known = Set(facts.resources.map(\.id))
    return repeated(facts.resources.map(\.id)).map { "Resource \($0) is recorded more than once." }
      + changes.keys.filter { !known.contains($0) }.sorted().map {
        "Resource \($0) has a capacity but is not recorded."
      }
      + facts.resources.flatMap { resource in
        let own = changes[resource.id] ?? []
        return [
          resource.companyID == facts.company.id ? nil : "Resource \(resource.id) belongs to another company.",
          own.map(\.effectiveAt).min() == resource.provisionedAt
            ? nil : "The first capacity of resource \(resource.id) does not begin when it was provisioned.",
          repeated(own.map(\.recordedAt)).isEmpty
            ? nil : "Resource \(resource.id) has two capacities recorded at one instant.",
          own.allSatisfy { $0.recordedAt <= $0.effectiveAt }
            ? nil : "Resource \(resource.id) has a capacity from before it was recorded.",
          own.allSatisfy(\.costsWhatItSays)
            ? nil : "Resource \(resource.id) holds other tokens than its capacity costs.",
        ].compactMap { $0 }
      }
  }

  private static func entries(_ lines: [LedgerLine], of company: CompanyID) -> [String] {
    let order = zip(lines, lines.dropFirst()).first { before, line in
      line.position <= before.position || line.entry.effectiveAt < before.entry.effectiveAt
    }
    return repeated(lines.map(\.entry.id)).map { "Ledger entry \($0) is recorded more than once." }
      + (order.map { ["Ledger entry \($0.1.entry.id) stands after one that took effect later."] } ?? [])
      + lines.map(\.entry).flatMap { entry in
        [
          entry.companyID == company ? nil : "Ledger entry \(entry.id) belongs to another company.",
          entry.tokens > .zero
            ? nil : "Ledger entry \(entry.id) moves \(entry.tokens.inWords); it must be more than 0.",
          TokenMovement(entry) != nil
            ? nil : "Ledger entry \(entry.id) must name a contract or a resource, and not both.",
        ].compactMap { $0 }
      }
  }

  /// Every movement of the facts stands in the ledger once, and nothing else does.
  private static func movements(_ timeline: CompanyTimeline, _ lines: [LedgerLine], _ settledAt: Instant) -> [String] {
    let due = timeline.movements(after: .distantPast, upTo: settledAt)
    var open = due.reduce(into: [TokenMovement: Int]()) { $0[$1, default: 0] += 1 }
    var problems: [String] = []
    for entry in lines.map(\.entry) {
      guard let movement = TokenMovement(entry) else { continue }
      if let count = open[movement], count > 0 {
        open[movement] = count - 1
      } else {
        problems.append("Ledger entry \(entry.id) follows from no fact: \(movement.words).")
      }
    }
    let missing = open.filter { $0.value > 0 }.map(\.key.words).sorted()
    return problems + missing.map { "The ledger lacks an entry: \($0)." }
  }

  /// What each line says remains follows from the lines before it, and after the last line of an instant it is what the
  /// facts give. Only the first difference of either kind is reported: whatever is wrong once stays wrong afterwards.
  private static func balances(_ timeline: CompanyTimeline, _ lines: [LedgerLine]) -> [String] {
    var remaining = CloudTokens.zero
    var (ofLines, ofFacts): (String?, String?) = (nil, nil)
    for (index, line) in lines.enumerated() {
      remaining = remaining + line.entry.availableChange
      if line.remaining != remaining, ofLines == nil {
        ofLines =
          "Ledger entry \(line.entry.id) says that \(line.remaining.count) remain; the entries up to it leave "
          + "\(remaining.count)."
      }
      let at = line.entry.effectiveAt
      let isLast = index + 1 == lines.count || lines[index + 1].entry.effectiveAt != at
      if isLast, ofFacts == nil, timeline.balance(at: at).available != remaining {
        ofFacts =
          "From \(at.utcText) on the balances differ: the facts leave \(timeline.balance(at: at).available.count), the "
          + "ledger \(remaining.count)."
      }
    }
    return [ofLines, ofFacts].compactMap { $0 }
  }

  private static func repeated<Value: Hashable & Comparable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return Set(values.filter { !seen.insert($0).inserted }).sorted()
  }
}

extension CapacityChange {
  /// By units the capacity itself says what it costs; a plan's price of that day is known only here.
  fileprivate var costsWhatItSays: Bool {
    switch capacity {
    case .units(let bought): tokens == bought && tokens > .zero
    case .plan: tokens > .zero
    }
  }
}
