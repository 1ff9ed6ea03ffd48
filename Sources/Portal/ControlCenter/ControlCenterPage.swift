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
  let shortfall: ShortfallView?
  let headers: [SortHeader]
  let rows: [ControlCenterRowView]
  let pages: PagesView?
  /// True where the tab has something, shown or filtered away.
  let hasResources: Bool
  let showAllHref: String
  /// Nil where nothing can be provisioned; then `reasons` say why.
  let provisionHref: String?
  let reasons: [String]
  let orderPath: String?
  /// What is asked over the list.
  let dialog: LifeDialog?

  init(_ list: ControlCenterList, _ query: ControlCenterQuery, dialog: LifeDialog? = nil, catalog: Catalog) {
    company = list.company.company.name
    zone = list.company.zone.identifier
    tabs = ResourceType.allCases.map {
      NavigationLink(label: $0.tabLabel, href: $0.listHref, isCurrent: $0 == query.type)
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
    shortfall = ShortfallView(list.balance, marked: list.rows.filter { $0.suspensionDay != nil }, order: list.orderPath)
    headers = ControlCenterQuery.Column.of(query.type).map {
      SortHeader(
        $0.label(query.type), column: $0.rawValue, sorted: query.sort?.rawValue ?? "", isAscending: query.isAscending,
        address: query.address())
    }
    let found = query.positions(in: list.rows)
    let page = found.page(
      query.page.nonEmpty ?? found.pageNumber { list.rows[$0].resource.id.text == query.resource })
    rows = page.elements.map { ControlCenterRowView(list.rows[$0], query, list.company.zone, catalog) }
    pages = PagesView(page, query.address())
    hasResources = list.rows.contains { $0.resource.type == query.type }
    showAllHref = query.type.listHref
    reasons = list.reasons.map(\.sentence)
    orderPath = list.reasons.isEmpty ? nil : list.orderPath
    provisionHref =
      list.reasons.isEmpty ? PageAddress("\(ControlCenterQuery.path)/provision", []).with([("type", type)]) : nil
    self.dialog = dialog
  }
}

extension ResourceType {
  /// The tab in the Control Center.
  var listHref: String { PageAddress(ControlCenterQuery.path, []).with([("type", slug)]) }
}

/// A row of the list. Rule R-1.
struct ControlCenterRowView: Sendable {
  let status: BadgeView
  /// What the status announces, and when.
  let statusNote: String?
  /// What becomes of it unless Cloud Tokens return. Rule T-5.
  let warning: String?
  let name: String
  let href: String
  let modelLabel: String
  let models: [String]
  /// Of a knowledge base.
  let embeddings: EmbeddingsLink?
  let plan: String
  let tokens: String
  let person: String
  let email: String
  let region: String
  let environment: String
  let isNew: Bool
  let menu: [MenuItem]

  init(_ row: ControlCenterRow, _ query: ControlCenterQuery, _ zone: CompanyZone, _ catalog: Catalog) {
    let (state, resource) = (row.state, row.resource)
    status = BadgeView(state.status)
    statusNote = state.statusNote(zone, catalog)
    warning = row.suspensionDay.map { "Will be suspended on \(DayText.long($0)) unless Cloud Tokens return." }
    name = resource.name
    href = ResourceTab.consumption.href(resource.id)
    modelLabel = ControlCenterQuery.Column.model.label(query.type)
    models = row.models.lines
    embeddings = resource.embeddingsResource.map { EmbeddingsLink(name: row.embeddings ?? $0.text, id: $0) }
    plan = row.plan
    tokens =
      switch state.status {
      case .suspended: "\(state.capacity.tokens.inWords), not allocated"
      case .deprovisioned: "\(state.capacity.tokens.inWords) returned"
      default: state.tokens.inWords
      }
    person = resource.createdFor.name
    email = resource.createdFor.email
    region = row.region?.displayName ?? resource.region.text
    environment = resource.environment.rawValue
    isNew = resource.id.text == query.resource
    menu = row.menu.map { MenuItem($0, of: resource, query) }
  }
}

/// What a knowledge base uses.
struct EmbeddingsLink: Sendable {
  let name: String
  let href: String

  init(name: String, id: ResourceID) {
    self.name = name
    href = ResourceTab.consumption.href(id)
  }
}

/// An item of the three dots. Rule R-1.
struct MenuItem: Sendable {
  let label: String
  let href: String
  let isDanger: Bool

  init(_ action: ResourceAction, of resource: Resource, _ query: ControlCenterQuery) {
    label = action.label
    href = query.href(action.path(resource.id))
    isDanger = action == .deprovision
  }
}

extension ResourceAction {
  /// Rule R-1, word for word.
  var label: String {
    switch self {
    case .adjustPlan: "Adjust Plan Size"
    case .edit: "Edit Resource"
    case .cancelDowngrade: "Cancel Plan Downgrade"
    case .cancelDecrease: "Cancel Capacity Decrease"
    case .cancelConversion: "Cancel Conversion"
    case .deprovision: "Deprovision Resource"
    case .cancelDeprovisioning: "Cancel Deprovisioning"
    }
  }

  func path(_ id: ResourceID) -> String {
    let resource = "\(ControlCenterQuery.path)/\(PageAddress.encoded(id.text))"
    return switch self {
    case .adjustPlan: "\(resource)/capacity"
    case .edit: "\(resource)/edit"
    case .cancelDowngrade, .cancelDecrease, .cancelConversion: "\(resource)/capacity/cancel"
    case .deprovision: "\(resource)/deprovisioning"
    case .cancelDeprovisioning: "\(resource)/deprovisioning/cancel"
    }
  }
}

/// The company's Cloud Tokens at present. Rule T-2.
struct BalanceView: Sendable {
  let available: String
  let allocated: String
  let total: String
  /// Markup of ours.
  let svg: String

  init(_ balance: TokenBalance) {
    available = UnitsFormat.grouped(balance.available.count)
    allocated = UnitsFormat.grouped(balance.allocated.count)
    total = UnitsFormat.grouped(balance.total.count)
    svg = MeterBar(used: balance.allocated.count, held: 0, of: balance.total.count).svg()
  }
}

/// The contracts grant less than resources hold: by how much, what will happen, what helps. Rule T-5.
struct ShortfallView: Sendable {
  /// Names in the banner; the list shows the others.
  static let names = 10

  let figures: String
  let marked: [String]
  let more: String?
  let remedy: String

  /// Nil where the contracts cover what resources hold.
  init?(_ balance: TokenBalance, marked rows: [ControlCenterRow], order: String) {
    guard balance.shortfall > .zero else { return nil }
    figures =
      "Your resources hold \(balance.allocated.inWords), \(UnitsFormat.grouped(balance.shortfall.count)) more than your "
      + "contracts grant. Nothing stops at once, but nothing can be provisioned or increased."
    let never = Instant(milliseconds: .max)
    let soonest = rows.sorted {
      ($0.state.suspendsAt ?? never, $0.resource.name) < ($1.state.suspendsAt ?? never, $1.resource.name)
    }
    marked = soonest.prefix(Self.names).map { row in
      let day = row.suspensionDay.map { " on \(DayText.long($0))" } ?? ""
      return "“\(row.resource.name)” (\(row.state.tokens.inWords)) is suspended\(day)"
    }
    more = rows.count > Self.names ? "… and \(rows.count - Self.names) more" : nil
    remedy = "What helps: another contract, or deprovisioning or shrinking resources that are needed less. \(order)"
  }
}
