public import Core

extension Transaction {
  /// Ids of a company's ledger entries whose signed amount, by which they are sorted, is not what their kind and tokens
  /// make of it, in order; for whoever verifies the ledger. Rule T-3.
  public func ledgerEntriesOfOtherAmount(of company: CompanyID) throws -> [String] {
    try query(
      """
      SELECT id FROM ledger_entries
      WHERE company_id = ?1 AND amount <> CASE WHEN kind IN ('granted', 'released') THEN tokens ELSE -tokens END
      ORDER BY position
      """, [SQLValue(company)]
    ).map { try $0.text("id") }
  }
}
