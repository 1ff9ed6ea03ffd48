/// Recomputes what the ledger must hold and reports every difference. Rule T-3.
///
/// Facts and ledger are written by the same transactions but kept apart, so that each can bear witness against the other.
public enum LedgerVerification {
  /// One sentence for each difference; none where facts and ledger agree.
  public static func problems(in facts: CompanyFacts) -> [String] {
    contracts(facts) + resources(facts) + entries(facts) + movements(facts) + balances(facts)
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
        let instants = own.map(\.effectiveAt)
        return [
          resource.companyID == facts.company.id ? nil : "Resource \(resource.id) belongs to another company.",
          instants.min() == resource.provisionedAt
            ? nil : "The first capacity of resource \(resource.id) does not begin when it was provisioned.",
          repeated(instants).isEmpty ? nil : "Resource \(resource.id) has two capacities from one instant on.",
          own.allSatisfy(\.costsWhatItSays)
            ? nil : "Resource \(resource.id) holds other tokens than its capacity costs.",
        ].compactMap { $0 }
      }
  }

  private static func entries(_ facts: CompanyFacts) -> [String] {
    repeated(facts.ledger.map(\.id)).map { "Ledger entry \($0) is recorded more than once." }
      + facts.ledger.flatMap { entry in
        [
          entry.companyID == facts.company.id ? nil : "Ledger entry \(entry.id) belongs to another company.",
          entry.tokens > .zero
            ? nil : "Ledger entry \(entry.id) moves \(entry.tokens.inWords); it must be more than 0.",
          TokenMovement(entry) != nil
            ? nil : "Ledger entry \(entry.id) must name a contract or a resource, and not both.",
        ].compactMap { $0 }
      }
  }

  /// Every movement of the facts stands in the ledger once, and nothing else does.
  private static func movements(_ facts: CompanyFacts) -> [String] {
    var open = facts.movements.reduce(into: [TokenMovement: Int]()) { $0[$1, default: 0] += 1 }
    var problems: [String] = []
    for entry in facts.ledger {
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

  /// Both give the same balance at every instant at which either moves. Only the first difference is reported: whatever
  /// is wrong once stays wrong afterwards.
  private static func balances(_ facts: CompanyFacts) -> [String] {
    let timeline = CompanyTimeline(facts)
    let ledger = TokenLedger(facts.ledger)
    let instants = Set(facts.ledger.map(\.effectiveAt) + facts.movements.map(\.effectiveAt)).sorted()
    let difference = instants.first { timeline.balance(at: $0) != ledger.balance(at: $0) }
    guard let difference else { return [] }
    let (derived, recorded) = (timeline.balance(at: difference), ledger.balance(at: difference))
    return [
      "From \(difference.utcText) on the balances differ: the facts give \(derived.words), the ledger \(recorded.words)."
    ]
  }

  private static func repeated<Value: Hashable & Comparable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return Set(values.filter { !seen.insert($0).inserted }).sorted()
  }
}

extension TokenBalance {
  fileprivate var words: String { "\(total.count) in total and \(allocated.count) allocated" }
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
