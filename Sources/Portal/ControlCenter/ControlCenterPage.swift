import Core
import Platform

struct ControlCenterPage: Sendable {
  let company: String
  let zone: String
  let tabs: [NavigationLink]
  let type: String
  let typeLabel: String
  let search: String
  let statuses: [OptionView]
  let environments: [OptionView]
  let sort: String
  let order: String
  let balance: BalanceView
  let headers: [SortHeader]
  let rows: [ControlCenterRowView]
  let pages: PagesView?
  /// True where the tab has something, shown or filtered away.
  let hasResources: Bool
  /// Nil where nothing can be provisioned; then `reasons` say why.
  let provisionHref: String?
  let reasons: [String]
  let orderPath: String?

  init(_ list: ControlCenterList, _ query: ControlCenterQuery) {
    company = list.company.company.name
    zone = list.company.zone.identifier
    tabs = ResourceType.allCases.map {
      NavigationLink(
        label: $0.tabLabel, href: PageAddress("/control-center/resources", []).with([("type", $0.slug)]),
        isCurrent: $0 == query.type)
    }
    type = query.type.slug
    typeLabel = query.type.inSentence
    search = query.search
    statuses =
      [OptionView("", "All statuses", isSelected: query.status == nil)]
      + ResourceStatus.allCases.map { OptionView($0.rawValue, $0.rawValue, isSelected: $0 == query.status) }
    environments =
      [OptionView("", "All environments", isSelected: query.environment == nil)]
      + ResourceEnvironment.allCases.map { OptionView($0.rawValue, $0.rawValue, isSelected: $0 == query.environment) }
    sort = query.sort?.rawValue ?? ""
    order = query.isAscending ? "" : "descending"
    balance = BalanceView(list.balance)
    headers = ControlCenterQuery.Column.allCases.map {
      SortHeader(
        $0.label, column: $0.rawValue, sorted: query.sort?.rawValue ?? "", isAscending: query.isAscending,
        address: query.address)
    }
    let found = query.apply(to: list.rows)
    let page = found.page(query.page.nonEmpty ?? found.pageNumber { $0.resource.id.text == query.created })
    rows = page.elements.map { ControlCenterRowView($0, created: query.created) }
    pages = PagesView(page, query.address)
    hasResources = list.rows.contains { $0.resource.type == query.type }
    var reasons = list.reasons.map(\.sentence)
    if query.type == .knowledgeBase, reasons.isEmpty {
      reasons = ["Knowledge bases are not available yet in this version."]
    }
    self.reasons = reasons
    orderPath = list.reasons.isEmpty ? nil : list.orderPath
    provisionHref =
      reasons.isEmpty
      ? PageAddress("/control-center/resources/provision", []).with([("type", query.type.slug)]) : nil
  }
}

/// A row of the list. Rule R-1.
struct ControlCenterRowView: Sendable {
  let status: BadgeView
  let statusDay: String?
  let name: String
  let href: String
  let models: [String]
  let plan: String
  let tokens: String
  let person: String
  let email: String
  let region: String
  let environment: String
  let isNew: Bool

  init(_ row: ControlCenterRow, created: String) {
    status = BadgeView(row.state.status)
    statusDay = row.statusDay.map { "on \(DayText.long($0))" }
    name = row.resource.name
    href = ResourceTab.consumption.href(row.resource.id)
    models = row.models.lines
    plan = row.plan
    tokens = row.state.tokens.inWords
    person = row.resource.createdFor.name
    email = row.resource.createdFor.email
    region = row.region?.displayName ?? row.resource.region.text
    environment = row.resource.environment.rawValue
    isNew = row.resource.id.text == created
  }
}

/// The company's Cloud Tokens at present. Rules T-2, T-5.
struct BalanceView: Sendable {
  let available: String
  let allocated: String
  let total: String
  /// Nil where the contracts cover what resources hold.
  let shortfall: String?
  /// Markup of ours.
  let svg: String

  init(_ balance: TokenBalance) {
    available = UnitsFormat.grouped(balance.available.count)
    allocated = UnitsFormat.grouped(balance.allocated.count)
    total = UnitsFormat.grouped(balance.total.count)
    shortfall = balance.shortfall > .zero ? balance.shortfall.inWords : nil
    svg = MeterBar(used: balance.allocated.count, held: 0, of: balance.total.count).svg()
  }
}
