import Core
import Hummingbird
import Platform

/// "Cloud Tokens". Rule T-4.
struct CloudTokensController: Sendable {
  let services: PortalServices

  /// `GET /control-center/cloud-tokens?kind=&sort=&order=&page=`, pages counted from 1.
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let fields = try FormFields(urlEncoded: request.uri.query ?? "")
    let sort = TransactionQuery.Column(rawValue: fields["sort"])
    let query = TransactionQuery(
      kind: LedgerEntry.Kind(rawValue: fields["kind"]), sort: sort ?? .date,
      isAscending: fields["order"].nonEmpty.map { $0 == "ascending" } ?? (sort != nil),
      page: max(0, (Int(fields["page"]) ?? 1) - 1))
    let found = try await services.platform.cloudTokens.page(query, as: context.caller)
    return await services.pages.page(
      .cloudTokens, CloudTokensView(found, query), title: "Cloud Tokens", at: .cloudTokens, request, context)
  }
}

struct CloudTokensView: Sendable {
  let company: String
  let zone: String
  let balance: BalanceView
  let allocation: [AllocationView]
  let contracts: [ContractView]
  let kinds: [OptionView]
  let sort: String
  let order: String
  let headers: [SortHeader]
  let rows: [TransactionView]
  let isFiltered: Bool
  let pages: PagesView?

  init(_ page: CloudTokensPage, _ query: TransactionQuery) {
    company = page.company.company.name
    zone = page.company.zone.identifier
    balance = BalanceView(page.balance)
    allocation = page.allocation.map { AllocationView($0, total: page.balance.total) }
    contracts = page.contracts.map(ContractView.init)
    kinds =
      [OptionView("", "All transactions", isSelected: query.kind == nil)]
      + LedgerEntry.Kind.allCases.map { OptionView($0.rawValue, $0.label, isSelected: $0 == query.kind) }
    let order = query.isAscending ? "ascending" : "descending"
    self.order = order
    sort = query.sort.rawValue
    let address = PageAddress(
      "/control-center/cloud-tokens",
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
  let tokens: String
  let start: String
  let end: String
  let status: String
  let kind: String

  init(_ row: ContractRow) {
    tokens = UnitsFormat.grouped(row.contract.tokens.count)
    start = DayText.long(row.startDay)
    end = DayText.long(row.endDay)
    status = row.isInForce ? "IN FORCE" : "NOT IN FORCE"
    kind = row.isInForce ? "good" : "plain"
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
    let sign = row.tokens > .zero ? "+" : ""
    tokens = sign + UnitsFormat.grouped(row.tokens.count)
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
