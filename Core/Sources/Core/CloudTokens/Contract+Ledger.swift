extension Contract {
  /// True during `[startsAt, endsAt)`. Rule T-1.
  public func isInForce(at instant: Instant) -> Bool { startsAt <= instant && instant < endsAt }

  /// The two movements of a contract, appended together when it is recorded: its tokens are granted when it starts and
  /// expire when it ends. Entries with a later instant take effect when time reaches them. Rules T-1, T-3.
  public func ledgerEntries(
    granted: Identifier<LedgerEntry>, expired: Identifier<LedgerEntry>
  ) -> [LedgerEntry] {
    [(granted, LedgerEntry.Kind.granted, startsAt), (expired, .expired, endsAt)].map { id, kind, effectiveAt in
      LedgerEntry(
        id: id, companyID: companyID, resourceID: nil, contractID: self.id, kind: kind, tokens: tokens,
        pack: "Contract", effectiveAt: effectiveAt)
    }
  }
}
