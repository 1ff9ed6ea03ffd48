/// The movements of one company in the order in which they take effect, with the balance after each. Rules T-3, T-4.
public struct TokenLedger: Sendable {
  /// One row of "Transactions" on the "Cloud Tokens" page.
  public struct Transaction: Hashable, Sendable {
    public let entry: LedgerEntry
    /// The balance once the entry and all before it have taken effect.
    public let balance: TokenBalance

    /// "Tokens Remaining".
    public var remaining: CloudTokens { balance.available }

    public init(entry: LedgerEntry, balance: TokenBalance) {
      self.entry = entry
      self.balance = balance
    }
  }

  /// Oldest first.
  public let transactions: [Transaction]

  /// Takes the entries in any order. At one instant what ends comes before what begins (rule A-4), then the order of
  /// `entries` decides.
  public init(_ entries: [LedgerEntry]) {
    let ordered = entries.enumerated().sorted { a, b in
      (a.element.effectiveAt, a.element.kind.rank, a.offset) < (b.element.effectiveAt, b.element.kind.rank, b.offset)
    }
    var balance = TokenBalance(total: .zero, allocated: .zero)
    transactions = ordered.map { _, entry in
      balance = balance.after(entry)
      return Transaction(entry: entry, balance: balance)
    }
  }

  /// The balance that the entries alone give at `instant`. ``LedgerVerification`` holds it against the facts.
  public func balance(at instant: Instant) -> TokenBalance {
    let effective = effectiveCount(at: instant)
    return effective == 0 ? TokenBalance(total: .zero, allocated: .zero) : transactions[effective - 1].balance
  }

  /// The transactions that have taken effect by `instant`, newest first, as the page shows them.
  public func transactions(upTo instant: Instant) -> [Transaction] {
    transactions.prefix(effectiveCount(at: instant)).reversed()
  }

  /// How many transactions have taken effect by `instant`, found by halving.
  private func effectiveCount(at instant: Instant) -> Int {
    var low = 0
    var high = transactions.count
    while low < high {
      let middle = (low + high) / 2
      if transactions[middle].entry.effectiveAt <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension TokenBalance {
  /// The balance once `entry` has taken effect too.
  fileprivate func after(_ entry: LedgerEntry) -> TokenBalance {
    switch entry.kind {
    case .granted: TokenBalance(total: total + entry.tokens, allocated: allocated)
    case .expired: TokenBalance(total: total - entry.tokens, allocated: allocated)
    case .allocated: TokenBalance(total: total, allocated: allocated + entry.tokens)
    case .released: TokenBalance(total: total, allocated: allocated - entry.tokens)
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

  /// The order at one instant. Rule A-4: deprovision and downgrade, contract end or start, then what needs tokens.
  fileprivate var rank: Int {
    switch self {
    case .released: 0
    case .expired: 1
    case .granted: 2
    case .allocated: 3
    }
  }
}
