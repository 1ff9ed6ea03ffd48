import Core
import Hummingbird
import Platform

/// The resources that somebody can work with. Rule G-1.
struct OverviewController: Sendable {
  let services: PortalServices

  /// `GET /?q=&type=&environment=&sort=&order=&page=`
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let resources = try await services.platform.resources.overview(as: context.caller)
    let query = OverviewQuery(try FormFields(urlEncoded: request.uri.query ?? ""))
    let isAdmin = context.caller.user.companyID != nil && context.caller.user.companyRole == .admin
    return await services.pages.page(
      .overview, OverviewPage(resources, query, isAdmin: isAdmin), title: "Overview", at: .overview, request, context)
  }
}

/// What the address says of the list.
struct OverviewQuery: Sendable {
  enum Column: String, CaseIterable { case name, type, environment, used, status }

  let search: String
  let type: ResourceType?
  let environment: ResourceEnvironment?
  let sort: Column
  let isAscending: Bool
  let page: String

  init(_ fields: FormFields) {
    search = String(fields["q"].prefix(PortalLimits.searchCharacters))
    type = ResourceType(slug: fields["type"])
    environment = ResourceEnvironment(rawValue: fields["environment"])
    sort = Column(rawValue: fields["sort"]) ?? .name
    isAscending = fields["order"] != "descending"
    page = fields["page"]
  }

  var isFiltered: Bool { !search.isEmpty || type != nil || environment != nil }

  var address: PageAddress {
    PageAddress(
      "/",
      [
        ("q", search), ("type", type?.slug ?? ""), ("environment", environment?.rawValue ?? ""),
        ("sort", sort == .name ? "" : sort.rawValue), ("order", isAscending ? "" : "descending"),
      ])
  }

  func apply(to resources: [ResourceOverview]) -> [ResourceOverview] {
    let wanted = search.lowercased()
    let kept = resources.filter { overview in
      (type == nil || overview.resource.type == type)
        && (environment == nil || overview.resource.environment == environment)
        && (wanted.isEmpty || overview.searchText.contains(wanted))
    }
    let sorted = kept.enumerated().sorted { a, b in
      let (first, second) = (key(a.element), key(b.element))
      if first != second { return isAscending ? first < second : first > second }
      return a.offset < b.offset
    }
    return sorted.map(\.element)
  }

  private func key(_ overview: ResourceOverview) -> String {
    switch sort {
    case .name: overview.resource.name.lowercased()
    case .type: overview.resource.type.label
    case .environment: overview.resource.environment.rawValue
    case .used: String(1_000 + (overview.consumption.map(\.percent).max() ?? 0))
    case .status: overview.state.status.rawValue
    }
  }
}

extension ResourceOverview {
  fileprivate var searchText: String {
    ([resource.name, resource.id.text] + models.flatMap(\.versions).map(\.displayName))
      .joined(separator: "\n").lowercased()
  }
}
