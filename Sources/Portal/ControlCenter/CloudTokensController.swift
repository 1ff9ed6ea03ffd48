import Core
import Hummingbird
import Platform

/// "Cloud Tokens". Rule T-4.
struct CloudTokensController: Sendable {
  static let path = "/control-center/cloud-tokens"

  let services: PortalServices

  /// `GET /control-center/cloud-tokens?kind=&sort=&order=&page=`, pages counted from 1.
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let fields = try FormFields(urlEncoded: request.uri.query ?? "")
    let sort = TransactionQuery.Column(rawValue: fields["sort"])
    let query = TransactionQuery(
      kind: LedgerEntry.Kind(rawValue: fields["kind"]), sort: sort ?? .date,
      isAscending: fields["order"].nonEmpty.map { $0 == "ascending" } ?? (sort != nil),
      page: max(1, Int(fields["page"]) ?? 1) - 1)
    let found = try await services.platform.cloudTokens.page(query, as: context.caller)
    let view = CloudTokensView(found, query, order: services.settings.branding.orderPath)
    return await services.pages.page(.cloudTokens, view, title: "Cloud Tokens", at: .cloudTokens, request, context)
  }
}

struct CloudTokensView: Sendable {
  let company: String
  let zone: String
  let balance: BalanceView
  let shortfall: ShortfallView?
  let allocation: [AllocationView]
  /// What is not listed; nil where everything is.
  let moreAllocation: String?
  let contracts: [ContractView]
  let moreContracts: String?
  let outlook: [OutlookView]
  let hasMoreOutlook: Bool
  let kinds: [OptionView]
  let sort: String
  let order: String
  let headers: [SortHeader]
  let rows: [TransactionView]
  let isFiltered: Bool
  let pages: PagesView?

  init(_ page: CloudTokensPage, _ query: TransactionQuery, order orderPath: String) {
    company = page.company.company.name
    zone = page.company.zone.identifier
    balance = BalanceView(page.balance)
    shortfall = ShortfallView(page.balance, marked: page.marked, order: orderPath)
    allocation = page.allocation.prefix(Self.most).map { AllocationView($0, total: page.balance.total) }
    moreAllocation = Self.more(page.allocation.dropFirst(Self.most))
    // What is over comes last: it explains the transactions, and nothing can be done about it.
    let contracts = page.contracts.filter { !$0.isOver } + page.contracts.filter(\.isOver).reversed()
    self.contracts = contracts.prefix(Self.most).map(ContractView.init)
    moreContracts = Self.more(contracts.dropFirst(Self.most))
    outlook = page.outlook.prefix(Self.most).map(OutlookView.init)
    hasMoreOutlook = page.outlook.count > Self.most
    kinds =
      [OptionView("", "All transactions", isSelected: query.kind == nil)]
      + LedgerEntry.Kind.allCases.map { OptionView($0.rawValue, $0.label, isSelected: $0 == query.kind) }
    let order = query.isAscending ? "ascending" : "descending"
    self.order = order
    sort = query.sort.rawValue
    let address = PageAddress(
      CloudTokensController.path,
      [("kind", query.kind?.rawValue ?? ""), ("sort", query.sort.rawValue), ("order", order)])
    headers = TransactionQuery.Column.allCases.map {
      SortHeader(
        $0.label, column: $0.rawValue, sorted: query.sort.rawValue, isAscending: query.isAscending, address: address,
        isNumeric: $0 == .tokens || $0 == .remaining)
    }
    rows = page.transactions.elements.map(TransactionView.init)
    isFiltered = query.kind != nil
    pages = PagesView(page.transactions, address)
  }

  private static func more(_ rest: ArraySlice<AllocationRow>) -> String? {
    guard !rest.isEmpty else { return nil }
    let tokens = rest.reduce(CloudTokens.zero) { $0 + $1.tokens }
    return rest.count == 1
      ? "One more resource holds \(tokens.inWords)."
      : "\(UnitsFormat.grouped(Int64(rest.count))) more resources hold \(tokens.inWords) together, none of them more than "
        + "these."
  }

  private static func more(_ rest: ArraySlice<ContractRow>) -> String? {
    guard !rest.isEmpty else { return nil }
    let living = rest.count { !$0.isOver }
    let which =
      living == 0 ? "over" : "\(UnitsFormat.grouped(Int64(living))) in force or to come"
    return rest.count == 1
      ? "One more contract is not listed: \(which)."
      : "\(UnitsFormat.grouped(Int64(rest.count))) more contracts are not listed: \(which)."
  }

  /// Rows of each of the upper tables; the transactions have pages.
  static let most = PortalLimits.rows
}

/// What one resource holds.
struct AllocationView: Sendable {
  let name: String
  let href: String
  let type: String
  let tokens: String
  /// Markup of ours.
  let svg: String

  init(_ row: AllocationRow, total: CloudTokens) {
    name = row.resource.name
    href = ResourceTab.consumption.href(row.resource.id)
    type = row.resource.type.label
    tokens = UnitsFormat.grouped(row.tokens.count)
    svg = MeterBar(used: row.tokens.count, held: 0, of: max(1, total.count)).svg()
  }
}

struct ContractView: Sendable {
  /// Days before the end from which on it is pointed out.
  static let lastDays = 30

  let tokens: String
  let start: String
  let end: String
  let status: String
  let kind: String
  /// `ends in 12 days`; nil where it has not begun or is over.
  let distance: String?
  let isEnding: Bool

  init(_ row: ContractRow) {
    tokens = UnitsFormat.grouped(row.contract.tokens.count)
    start = DayText.medium(row.startDay)
    end = DayText.medium(row.endDay)
    (status, kind) =
      switch (row.isInForce, row.isOver) {
      case (true, _): ("IN FORCE", "good")
      case (false, true): ("ENDED", "plain")
      case (false, false): ("TO COME", "plain")
      }
    distance =
      !row.isInForce
      ? nil : row.daysLeft == 0 ? "ends today" : row.daysLeft == 1 ? "ends tomorrow" : "ends in \(row.daysLeft) days"
    isEnding = row.isInForce && row.daysLeft < Self.lastDays
  }
}

/// Tokens that will come back or go. Rule T-4.
struct OutlookView: Sendable {
  let date: String
  let what: String
  let tokens: String

  init(_ row: OutlookRow) {
    date = DayText.medium(row.day)
    let kind = row.movement.kind
    let name = "“\(row.resource?.resource.name ?? "–")”"
    what =
      switch (kind, row.resource?.status) {
      case (.granted, _): "A contract begins"
      case (.expired, _): "A contract ends"
      case (.released, .suspended): "\(name) is suspended, unless Cloud Tokens return"
      case (.released, .deprovisioned): "\(name) is deprovisioned"
      case (.released, _): "\(name) gets smaller"
      case (.allocated, _): "\(name) takes Cloud Tokens again"
      }
    let gives = kind == .granted || kind == .released
    tokens = (gives ? row.movement.tokens : .zero - row.movement.tokens).signed
  }
}

struct TransactionView: Sendable {
  let date: String
  let app: String
  let transaction: String
  let pack: String
  let tokens: String
  let remaining: String

  init(_ row: TransactionRow) {
    date = DayText.medium(row.date)
    app = row.app ?? "–"
    transaction = row.transaction
    pack = row.pack
    tokens = row.tokens.signed
    remaining = UnitsFormat.grouped(row.remaining.count)
  }
}

extension TransactionQuery.Column {
  /// Rule T-4.
  var label: String {
    switch self {
    case .date: "Date"
    case .app: "App"
    case .transaction: "Transaction"
    case .pack: "Cloud Resource Pack"
    case .tokens: "Cloud Tokens"
    case .remaining: "Tokens Remaining"
    }
  }
}
