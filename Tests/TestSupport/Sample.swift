public import Core

/// Domain facts for tests: valid, small, and all of one company unless told otherwise.
public enum Sample {
  /// 2026-03-15T10:00:00Z.
  public static let start = Instant(milliseconds: 1_773_568_800_000)
  public static let day: Int64 = 86_400_000
  public static let companyID = CompanyID("acme")
  public static let resourceID = ResourceID("text000001")
  public static let userID = UserID("ada")
  public static let keyID = KeyID("key0000001")
  public static let model = ModelVersionID("claude-sonnet-4-6")
  public static let region = RegionID("eu-central-1")
  /// 107.44 and 537.21 units per million tokens.
  public static let rates = ExchangeRates(input: 107_440, output: 537_210)

  public static func company(_ id: CompanyID = companyID, timeZone: String = "Europe/Amsterdam") -> Company {
    Company(id: id, name: "Acme \(id.text)", timeZone: timeZone, createdAt: start)
  }

  public static func account(_ company: CompanyID = companyID) -> PlatformAccount {
    PlatformAccount(
      id: Identifier("account-\(company.text)"), companyID: company,
      subscriptions: [.init(isEnterprise: true, isActive: true, priceListYear: 26)])
  }

  public static func contract(
    _ id: String = "contract-1", company: CompanyID = companyID, tokens: CloudTokens = 1_000
  ) -> Contract {
    Contract(
      id: Identifier(id), companyID: company, tokens: tokens, startsAt: start,
      endsAt: start.adding(milliseconds: 365 * day))
  }

  public static func user(
    _ id: UserID = userID, company: CompanyID? = companyID, role: User.CompanyRole = .admin
  ) -> User {
    User(id: id, name: "Ada \(id.text)", email: "\(id.text)@acme.example", companyID: company, companyRole: role)
  }

  public static func resource(
    _ id: ResourceID = resourceID, company: CompanyID = companyID, type: ResourceType = .text
  ) -> Resource {
    Resource(
      id: id, companyID: company, name: "Support assistant", type: type, environment: .test, region: region,
      isCrossRegion: true, models: [model, ModelVersionID("claude-haiku-4-5")], defaultModel: model,
      createdFor: PersonReference(name: "Ada", email: "ada@acme.example"), provisionedAt: start)
  }

  public static func capacity(_ resource: ResourceID = resourceID, tokens: Int64 = 10) -> CapacityChange {
    CapacityChange(
      resourceID: resource, capacity: .units(CloudTokens(tokens)), tokens: CloudTokens(tokens),
      allowance: .units(GenAIUnits(whole: tokens * 100)), effectiveAt: start)
  }

  public static func ledgerEntry(
    _ id: String, _ kind: LedgerEntry.Kind = .allocated, company: CompanyID = companyID,
    resource: ResourceID? = resourceID, contract: Identifier<Contract>? = nil, tokens: CloudTokens = 10,
    at instant: Instant = start
  ) -> LedgerEntry {
    LedgerEntry(
      id: Identifier(id), companyID: company, resourceID: resource, contractID: contract, kind: kind, tokens: tokens,
      pack: "Text generation", effectiveAt: instant)
  }

  public static func key(_ id: KeyID = keyID, resource: ResourceID = resourceID) -> ResourceKey {
    ResourceKey(
      id: id, resourceID: resource, description: "Test key", secretHash: [UInt8](repeating: 7, count: 32),
      createdBy: userID, createdAt: start)
  }

  public static func call(
    _ id: String, company: CompanyID = companyID, resource: ResourceID = resourceID, payer: Payer = .key(keyID),
    model: ModelVersionID = model, at instant: Instant = start, monthStart: Instant = start,
    localDay: LocalDay = LocalDay(year: 2026, month: 3, day: 15)
  ) -> AdmittedCall {
    AdmittedCall(
      requestID: RequestID(id), companyID: company, resourceID: resource, payer: payer, model: model, rates: rates,
      region: region, dialect: .openAI, admittedAt: instant, bundleMonthStart: monthStart, localDay: localDay,
      countedInput: 120)
  }

  public static func entry(
    _ call: AdmittedCall, usage: TokenUsage = TokenUsage(input: 100, output: 40), status: UsageStatus = .completed,
    isEstimated: Bool = false
  ) -> UsageEntry {
    UsageEntry(
      call: call, servedRegion: region, usage: usage, finishedAt: call.admittedAt.adding(milliseconds: 1_200),
      timeToFirstToken: 300, status: status, attempts: 1, isEstimated: isEstimated)
  }

  public static func entry(_ id: String) -> UsageEntry { entry(call(id)) }

  /// An entry like those of real traffic: several resources, payers, models, days and bundle months.
  public static func randomEntry(
    _ id: String, resources: [ResourceID] = [resourceID], using random: inout SeededRandom
  ) -> UsageEntry {
    let days = Int.random(in: 0..<70, using: &random)
    let instant = start.adding(milliseconds: Int64(days) * day + Int64.random(in: 0..<day, using: &random))
    let payer = random.pick([
      Payer.key(keyID), .key(KeyID("key0000002")), .companionKey(keyID), .person(userID),
      .knowledgeBase(ResourceID("kb00000001")),
    ])
    let call = AdmittedCall(
      requestID: RequestID(id), companyID: companyID, resourceID: random.pick(resources), payer: payer,
      model: random.pick([model, ModelVersionID("claude-haiku-4-5")]), rates: rates, region: region,
      dialect: random.pick(Dialect.allCases), admittedAt: instant,
      bundleMonthStart: start.adding(milliseconds: Int64(days / 30) * 30 * day),
      localDay: LocalDay(year: 2026, month: 3, day: 15).adding(days: days),
      countedInput: TokenCount(Int64.random(in: 0..<10_000, using: &random)))
    return UsageEntry(
      call: call, servedRegion: random.pick([region, RegionID("eu-west-1")]),
      usage: TokenUsage(
        input: TokenCount(Int64.random(in: 0..<9_000, using: &random)),
        cacheWrite: TokenCount(Int64.random(in: 0..<500, using: &random)),
        cacheRead: TokenCount(Int64.random(in: 0..<500, using: &random)),
        output: TokenCount(Int64.random(in: 0..<4_000, using: &random))),
      finishedAt: instant.adding(milliseconds: Int64.random(in: 1..<60_000, using: &random)),
      timeToFirstToken: Bool.random(using: &random) ? Int64.random(in: 1..<900, using: &random) : nil,
      status: random.pick(UsageStatus.allCases), attempts: Int.random(in: 1...3, using: &random),
      isEstimated: Bool.random(using: &random))
  }
}
