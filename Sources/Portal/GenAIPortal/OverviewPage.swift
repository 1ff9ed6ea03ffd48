import Core
import Platform

struct OverviewPage: Sendable {
  let search: String
  let types: [OptionView]
  let environments: [OptionView]
  let sort: String
  let order: String
  let headers: [SortHeader]
  let rows: [OverviewRow]
  let pages: PagesView?
  /// True where there is something, shown or filtered away.
  let hasResources: Bool
  let isAdmin: Bool

  init(_ resources: [ResourceOverview], _ query: OverviewQuery, isAdmin: Bool) {
    search = query.search
    types =
      [OptionView("", "All types", isSelected: query.type == nil)]
      + ResourceType.allCases.map { OptionView($0.slug, $0.label, isSelected: $0 == query.type) }
    environments =
      [OptionView("", "All environments", isSelected: query.environment == nil)]
      + ResourceEnvironment.allCases.map { OptionView($0.rawValue, $0.rawValue, isSelected: $0 == query.environment) }
    sort = query.sort.rawValue
    order = query.isAscending ? "ascending" : "descending"
    let columns: [(String, OverviewQuery.Column)] = [
      ("Name", .name), ("Type", .type), ("Environment", .environment), ("Used this month", .used), ("Status", .status),
    ]
    headers = columns.map { label, column in
      SortHeader(
        label, column: column.rawValue, sorted: query.sort.rawValue, isAscending: query.isAscending,
        address: query.address)
    }
    let page = query.apply(to: resources).page(query.page)
    rows = page.elements.map(OverviewRow.init)
    pages = PagesView(page, query.address)
    hasResources = !resources.isEmpty
    self.isAdmin = isAdmin
  }
}

struct OverviewRow: Sendable {
  let name: String
  let href: String
  let type: String
  let environment: String
  let models: [String]
  let meters: [MeterView]
  let status: BadgeView

  init(_ overview: ResourceOverview) {
    name = overview.resource.name
    href = ResourceTab.consumption.href(overview.resource.id)
    type = overview.resource.type.label
    environment = overview.resource.environment.rawValue
    models = overview.models.lines
    meters = overview.consumption.map(MeterView.init)
    status = BadgeView(overview.state.status)
  }
}
