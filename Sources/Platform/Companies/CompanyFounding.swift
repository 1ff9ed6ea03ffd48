import Core
import Storage

/// A new company with its first admin, its contract and its platform account: all that a fresh installation needs to be
/// usable. Rules P-1, P-2, E-6. Made outside of the transaction, which may run twice.
struct CompanyFounding: Sendable {
  let company: Company
  let admin: User
  let contract: Contract
  let account: PlatformAccount

  /// The contract runs from now to the same local date of the next year.
  init(name: String, zone: CompanyZone, admin: PersonReference, tokens: CloudTokens, _ context: PlatformContext) {
    let random = context.random
    let now = context.clock.now()
    let today = zone.day(of: now)
    let companyID: CompanyID = random.identifier()
    company = Company(id: companyID, name: name, timeZone: zone.identifier, createdAt: now)
    self.admin = User(
      id: random.identifier(), name: admin.name, email: admin.email, companyID: companyID, companyRole: .admin)
    contract = Contract(
      id: random.identifier(), companyID: companyID, tokens: tokens, startsAt: now,
      endsAt: zone.firstInstant(of: LocalDay(year: today.year + 1, month: today.month, day: today.day)))
    account = .fresh(id: random.identifier(), companyID: companyID, on: today)
  }

  func insert(into transaction: Transaction, passwordHash: String, _ context: PlatformContext) throws {
    try transaction.insert(company)
    try transaction.insert(admin, passwordHash: passwordHash)
    try transaction.insert(account)
    try transaction.insert(contract)
    let now = company.createdAt
    try context.settle(company.id, upTo: now, transaction)
    try context.appendActivity(
      [ActivityDeed(.contract, "Founded “\(company.name)” with a contract over \(contract.tokens.inWords)")],
      of: company.id, actor: .operator, at: now, transaction)
  }
}
