import Core
import Storage

/// A new company with its first admin, its contract and its platform account: all that a fresh installation needs to be
/// usable. Rules P-1, P-2, E-6. Made outside of the transaction, which may run twice.
struct CompanyFounding: Sendable {
  /// A contract from the founding on.
  struct Grant: Hashable, Sendable {
    let tokens: CloudTokens
    /// The first local day without it; nil the same date of the next year.
    let end: LocalDay?
  }

  let company: Company
  let zone: CompanyZone
  let admin: User
  let contract: Contract?
  let account: PlatformAccount?

  /// The contract runs from now to the same local date of the next year.
  init(name: String, zone: CompanyZone, admin: PersonReference, tokens: CloudTokens, _ context: PlatformContext) {
    self.init(name: name, zone: zone, admin: admin, contract: Grant(tokens: tokens, end: nil), context)
  }

  /// Without `contract` nothing is granted yet; without `hasSubscription` self-service stays closed. Rule E-6.
  init(
    name: String, zone: CompanyZone, admin: PersonReference, contract: Grant?, hasSubscription: Bool = true,
    _ context: PlatformContext
  ) {
    let random = context.random
    let now = context.clock.now()
    let today = zone.day(of: now)
    let companyID: CompanyID = random.identifier()
    company = Company(id: companyID, name: name, timeZone: zone.identifier, createdAt: now)
    self.zone = zone
    self.admin = User(
      id: random.identifier(), name: admin.name, email: admin.email, companyID: companyID, companyRole: .admin)
    let nextYear = LocalDay(year: today.year + 1, month: today.month, day: today.day)
    self.contract = contract.map { grant in
      Contract(
        id: random.identifier(), companyID: companyID, tokens: grant.tokens, startsAt: now,
        endsAt: zone.firstInstant(of: grant.end ?? nextYear))
    }
    account =
      hasSubscription
      ? .fresh(id: .named(PlatformAccount.usualName, of: companyID), companyID: companyID, on: today) : nil
  }

  func insert(into transaction: Transaction, passwordHash: String, _ context: PlatformContext) throws {
    try transaction.insert(company)
    try transaction.insert(admin, passwordHash: passwordHash)
    if let account { try transaction.insert(account) }
    if let contract { try transaction.insert(contract) }
    let now = company.createdAt
    try context.settle(company.id, upTo: now, transaction)
    let granted = contract.map { "with a contract over \($0.tokens.inWords)" } ?? "without a contract"
    try context.appendActivity(
      [ActivityDeed(.contract, "Founded “\(company.name)” \(granted)")], of: company.id, actor: .operator, at: now,
      transaction)
  }
}
