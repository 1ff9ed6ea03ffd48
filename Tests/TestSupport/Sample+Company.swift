public import Core
public import Storage

extension Transaction {
  /// Appends entries to a company's ledger in the order given.
  public func append(_ entries: [LedgerEntry]) throws {
    guard let company = entries.first?.companyID else { return }
    try append(LedgerLine.lines(of: entries, after: try lastLedgerLine(of: company)))
  }
}

extension Sample {
  /// Writes ``company(_:timeZone:)`` with its account, a contract, an admin, a text resource with that admin on its
  /// team, and a key.
  public static func insertCompany(into database: Database) async throws {
    try await database.write(locking: .company(companyID)) { transaction in
      try transaction.insert(company())
      try transaction.insert(account())
      try transaction.insert(contract())
      try transaction.insert(user(), passwordHash: nil)
      try transaction.insert(resource(), first: capacity())
      let granted = ledgerEntry("entry-grant", .granted, resource: nil, contract: contract().id, tokens: 1_000)
      try transaction.append([granted, ledgerEntry("entry-allocation")])
      try transaction.setSettled(companyID, at: start)
      try transaction.addToTeam(userID, resourceID, at: start)
      try transaction.insert(key())
    }
  }
}
