import Core
public import Storage

extension Sample {
  /// Writes ``company(_:timeZone:)`` with its account, a contract, an admin, a text resource with that admin on its
  /// team, and a key.
  public static func insertCompany(into database: Database) async throws {
    try await database.write(locking: .company(companyID)) { transaction in
      try transaction.insert(company())
      try transaction.insert(account())
      try transaction.insert(contract())
      for entry in contract().ledgerEntries(granted: Identifier("entry-grant"), expired: Identifier("entry-expiry")) {
        try transaction.append(entry)
      }
      try transaction.insert(user(), passwordHash: nil)
      try transaction.insert(resource(), first: capacity())
      try transaction.append(ledgerEntry("entry-allocation"))
      try transaction.addToTeam(userID, resourceID, at: start)
      try transaction.insert(key())
    }
  }
}
