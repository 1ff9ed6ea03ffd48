public import Core

/// Which transactions, in which order. Rule T-4.
public struct TransactionQuery: Hashable, Sendable {
  public enum Column: String, Hashable, Sendable, CaseIterable {
    case date, app, transaction, pack, tokens, remaining
  }

  /// Rows of one page.
  public static let pageSize = 25
  /// Pages beyond it are empty in any case.
  static let lastPage = 1_000_000

  public var kind: LedgerEntry.Kind?
  public var sort: Column
  public var isAscending: Bool
  /// Zero-based; a page past the end is empty.
  public let page: Int

  public init(kind: LedgerEntry.Kind? = nil, sort: Column = .date, isAscending: Bool = false, page: Int = 0) {
    self.kind = kind
    self.sort = sort
    self.isAscending = isAscending
    self.page = min(max(0, page), Self.lastPage)
  }
}

/// One row of the transactions. Rule T-4.
public struct TransactionRow: Hashable, Sendable {
  public let entry: LedgerEntry
  /// "Date", in the company's zone.
  public let date: LocalDay
  /// "App": the resource's name; nil for contracts.
  public let app: String?
  /// "Transaction".
  public let transaction: String
  /// "Cloud Resource Pack".
  public let pack: String
  /// "Cloud Tokens": negative where it takes.
  public let tokens: CloudTokens
  /// "Tokens Remaining".
  public let remaining: CloudTokens
}

/// A contract as the page lists it. Rule T-4.
public struct ContractRow: Hashable, Sendable {
  public let contract: Contract
  public let startDay: LocalDay
  /// The local day on which it stops granting tokens.
  public let endDay: LocalDay
  public let isInForce: Bool
  public let isOver: Bool
  /// Whole days until it ends, in the company's zone; 0 once it is over.
  public let daysLeft: Int
}

/// What one resource holds.
public struct AllocationRow: Hashable, Sendable {
  public let resource: Resource
  public let tokens: CloudTokens
}

/// A movement of tokens to come, if nothing is recorded until then. Rule T-4.
public struct OutlookRow: Hashable, Sendable {
  public let movement: TokenMovement
  public let day: LocalDay
  /// The resource as it will be from then on; nil for contracts.
  public let resource: ResourceState?
}

/// Everything on the "Cloud Tokens" page. Rule T-4.
public struct CloudTokensPage: Sendable {
  public let company: CompanyView
  public let balance: TokenBalance
  /// By start.
  public let contracts: [ContractRow]
  /// The largest first.
  public let allocation: [AllocationRow]
  /// Resources that will be suspended unless tokens return. Rule T-5.
  public let marked: [ControlCenterRow]
  /// What is to come, soonest first.
  public let outlook: [OutlookRow]
  public let transactions: Page<TransactionRow>
}
