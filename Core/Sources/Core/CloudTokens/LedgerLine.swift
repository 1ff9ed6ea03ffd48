/// A ledger entry where it stands in the ledger. Rules T-3, T-4.
public struct LedgerLine: Hashable, Sendable {
  /// Grows by one from line to line; lines stand in the order of effect.
  public let position: Int64
  public let entry: LedgerEntry
  /// "Tokens Remaining": what was available once this line and all before it had taken effect. Derived from the entries
  /// alone and kept for pages; ``LedgerVerification`` recomputes it.
  public let remaining: CloudTokens

  public init(position: Int64, entry: LedgerEntry, remaining: CloudTokens) {
    self.position = position
    self.entry = entry
    self.remaining = remaining
  }

  /// The lines that `entries` become after `last`, the newest line so far.
  public static func lines(of entries: [LedgerEntry], after last: LedgerLine?) -> [LedgerLine] {
    var (position, remaining) = (last?.position ?? 0, last?.remaining ?? .zero)
    return entries.map { entry in
      position += 1
      remaining = remaining + entry.availableChange
      return LedgerLine(position: position, entry: entry, remaining: remaining)
    }
  }
}

extension LedgerEntry {
  /// What the entry adds to the available tokens; negative where it takes.
  public var availableChange: CloudTokens {
    switch kind {
    case .granted, .released: tokens
    case .expired, .allocated: .zero - tokens
    }
  }
}

extension LedgerEntry.Kind {
  /// What people read under "Transaction".
  public var label: String {
    switch self {
    case .granted: "Granted"
    case .expired: "Expired"
    case .allocated: "Allocated"
    case .released: "Released"
    }
  }
}
