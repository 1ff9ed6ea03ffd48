import Core

/// A way to forge a ledger. Those that say so leave positions and "Tokens Remaining" as an honest ledger would have
/// them.
enum Tampering: CaseIterable {
  case removed, repeated, moreTokens, otherInstant, otherKind, otherCompany, bothOwners, noOwner, otherResource
  case otherRemaining, swapped, samePosition
  case removedConsistently, addedConsistently, moreTokensConsistently, swappedConsistently

  /// Nil where the ledger gives no occasion for it.
  func applied(to lines: [LedgerLine], at index: Int) -> [LedgerLine]? {
    var forged = lines
    let line = lines[index]
    let entry = line.entry
    // The nearest line of another instant.
    let other = lines.indices.first { lines[$0].entry.effectiveAt != entry.effectiveAt }
    switch self {
    case .removed: forged.remove(at: index)
    case .repeated: forged.append(line)
    case .moreTokens: forged[index] = line.with(entry.with(tokens: entry.tokens + 1))
    case .otherInstant: forged[index] = line.with(entry.with(effectiveAt: entry.effectiveAt.adding(milliseconds: 1)))
    case .otherKind: forged[index] = line.with(entry.with(kind: entry.kind == .granted ? .released : .granted))
    case .otherCompany: forged[index] = line.with(entry.with(companyID: CompanyID("other")))
    case .bothOwners: forged[index] = line.with(entry.owned(by: ResourceID("r"), Identifier("c")))
    case .noOwner: forged[index] = line.with(entry.owned(by: nil, nil))
    case .otherResource: forged[index] = line.with(entry.owned(by: ResourceID("other"), nil))
    case .otherRemaining: forged[index] = line.with(remaining: line.remaining + 1)
    case .swapped:
      guard lines.count > 1 else { return nil }
      forged.swapAt(index, index == 0 ? 1 : index - 1)
    case .samePosition:
      guard index > 0 else { return nil }
      forged[index] = LedgerLine(position: lines[index - 1].position, entry: entry, remaining: line.remaining)
    case .removedConsistently:
      forged.remove(at: index)
      return LedgerLine.lines(of: forged.map(\.entry), after: nil)
    case .addedConsistently:
      forged.append(line.with(entry.with(id: Identifier("more"))))
      return LedgerLine.lines(of: forged.map(\.entry), after: nil)
    case .moreTokensConsistently:
      forged[index] = line.with(entry.with(tokens: entry.tokens + 1))
      return LedgerLine.lines(of: forged.map(\.entry), after: nil)
    case .swappedConsistently:
      guard let other else { return nil }
      forged.swapAt(index, other)
      return LedgerLine.lines(of: forged.map(\.entry), after: nil)
    }
    return forged
  }
}

extension LedgerLine {
  fileprivate func with(_ entry: LedgerEntry? = nil, remaining: CloudTokens? = nil) -> LedgerLine {
    LedgerLine(position: position, entry: entry ?? self.entry, remaining: remaining ?? self.remaining)
  }
}

extension LedgerEntry {
  fileprivate func with(
    id: Identifier<LedgerEntry>? = nil, companyID: CompanyID? = nil, kind: Kind? = nil, tokens: CloudTokens? = nil,
    effectiveAt: Instant? = nil
  ) -> LedgerEntry {
    LedgerEntry(
      id: id ?? self.id, companyID: companyID ?? self.companyID, resourceID: resourceID, contractID: contractID,
      kind: kind ?? self.kind, tokens: tokens ?? self.tokens, pack: pack,
      effectiveAt: effectiveAt ?? self.effectiveAt)
  }

  fileprivate func owned(by resource: ResourceID?, _ contract: Identifier<Contract>?) -> LedgerEntry {
    LedgerEntry(
      id: id, companyID: companyID, resourceID: resource, contractID: contract, kind: kind, tokens: tokens, pack: pack,
      effectiveAt: effectiveAt)
  }
}
