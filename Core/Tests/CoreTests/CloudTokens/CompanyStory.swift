import Core

/// A company's facts for tests, put together step by step. Times are whole hours.
struct CompanyStory {
  static let hour: Int64 = 3_600_000
  static let start: Int64 = 1_767_225_600_000  // 2026-01-01T00:00:00Z

  let company = Company(
    id: CompanyID("acme"), name: "Acme", timeZone: "Europe/Amsterdam",
    createdAt: Instant(milliseconds: Self.start))
  var contracts: [Contract] = []
  var resources: [Resource] = []
  var capacityChanges: [CapacityChange] = []
  var deprovisionings: [Deprovisioning] = []
  var ledger: [LedgerEntry] = []
  var accounts: [PlatformAccount] = []

  static func at(hour: Int) -> Instant { Instant(milliseconds: start + Int64(hour) * self.hour) }

  var facts: CompanyFacts {
    CompanyFacts(
      company: company, zone: CompanyZone("Europe/Amsterdam") ?? .utc, contracts: contracts, resources: resources,
      capacityChanges: capacityChanges, deprovisionings: deprovisionings, accounts: accounts)
  }

  /// The ledger that was kept beside the facts, up to `hour`: what is given back first, then contracts, then what is taken.
  func lines(upTo hour: Int) -> [LedgerLine] { Self.lines(ledger, upTo: hour) }

  static func lines(_ ledger: [LedgerEntry], upTo hour: Int) -> [LedgerLine] {
    let order: [LedgerEntry.Kind] = [.released, .expired, .granted, .allocated]
    func rank(_ entry: LedgerEntry) -> Int { order.firstIndex(of: entry.kind) ?? 0 }
    let due = ledger.filter { $0.effectiveAt <= at(hour: hour) }.enumerated().sorted { a, b in
      (a.element.effectiveAt, rank(a.element), a.offset) < (b.element.effectiveAt, rank(b.element), b.offset)
    }
    return LedgerLine.lines(of: due.map(\.element), after: nil)
  }

  func problems(upTo hour: Int) -> [String] {
    LedgerVerification.problems(in: facts, lines: lines(upTo: hour), settledAt: Self.at(hour: hour))
  }

  mutating func contract(_ tokens: Int64, from: Int, to: Int) {
    let contract = Contract(
      id: Identifier("contract-\(contracts.count)"), companyID: company.id, tokens: CloudTokens(tokens),
      startsAt: Self.at(hour: from), endsAt: Self.at(hour: to))
    contracts.append(contract)
    ledger += [(LedgerEntry.Kind.granted, contract.startsAt), (.expired, contract.endsAt)].map { kind, instant in
      LedgerEntry(
        id: Identifier("\(kind.rawValue)-\(contracts.count)"), companyID: company.id, resourceID: nil,
        contractID: contract.id, kind: kind, tokens: contract.tokens, pack: "Contract", effectiveAt: instant)
    }
  }

  /// Provisions a resource by units and gives its id.
  @discardableResult
  mutating func resource(_ tokens: Int64, at hour: Int) -> ResourceID {
    let id = ResourceID("resource-\(resources.count)")
    resources.append(Self.resource(id, companyID: company.id, at: Self.at(hour: hour)))
    change(id, by: tokens, to: tokens, at: hour)
    return id
  }

  mutating func change(_ id: ResourceID, by difference: Int64, to tokens: Int64, at hour: Int) {
    capacityChanges.append(
      CapacityChange(
        resourceID: id, capacity: .units(CloudTokens(tokens)), tokens: CloudTokens(tokens),
        allowance: .units(GenAIUnits(whole: tokens * 100)), effectiveAt: Self.at(hour: hour)))
    guard difference != 0 else { return }
    ledger.append(
      LedgerEntry(
        id: Identifier("change-\(capacityChanges.count)"), companyID: company.id, resourceID: id, contractID: nil,
        kind: difference > 0 ? .allocated : .released, tokens: CloudTokens(abs(difference)),
        pack: "Text generation", effectiveAt: Self.at(hour: hour)))
  }

  mutating func account(_ subscriptions: [PlatformAccount.Subscription]) {
    accounts.append(
      PlatformAccount(
        id: Identifier("account-\(accounts.count)"), companyID: company.id, subscriptions: subscriptions))
  }

  static func resource(_ id: ResourceID, companyID: CompanyID, at instant: Instant) -> Resource {
    Resource(
      id: id, companyID: companyID, name: "Resource \(id)", type: .text, environment: .test,
      region: RegionID("local"), isCrossRegion: false, models: [ModelVersionID("model")],
      defaultModel: ModelVersionID("model"), createdFor: PersonReference(name: "Anna", email: "anna@acme.example"),
      provisionedAt: instant)
  }
}
