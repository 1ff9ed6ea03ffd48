import Core
import Hummingbird
import Platform

/// "GenAI Resources". Rules R-1, E-5.
struct ControlCenterController: Sendable {
  let services: PortalServices

  /// `GET /control-center/resources?type=&q=&status=&environment=&sort=&order=&page=&created=`
  func list(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let list = try await services.platform.resources.controlCenter(as: context.caller)
    let query = ControlCenterQuery(try FormFields(urlEncoded: request.uri.query ?? ""))
    let created = list.rows.first { $0.resource.id.text == query.created }
    let flash = created.map {
      FlashView(text: "“\($0.resource.name)” was provisioned and is ready to use.", isGood: true)
    }
    return await services.pages.page(
      .controlCenter, ControlCenterPage(list, query), title: "GenAI Resources", at: .controlCenter, request, context,
      flash: flash)
  }
}

/// What the address says of the list.
struct ControlCenterQuery: Sendable {
  enum Column: String, CaseIterable {
    case status, name, model, plan, creator, region, environment

    var label: String {
      switch self {
      case .status: "Status"
      case .name: "Name"
      case .model: "Model"
      case .plan: "Plan"
      case .creator: "Created For"
      case .region: "Region"
      case .environment: "Environment"
      }
    }
  }

  let type: ResourceType
  let search: String
  let status: ResourceStatus?
  let environment: ResourceEnvironment?
  /// Nil keeps the order of provisioning, newest first.
  let sort: Column?
  let isAscending: Bool
  /// The resource that was just provisioned.
  let created: String
  /// Counted from 1; empty for the one with the resource that was just provisioned.
  let page: String

  init(_ fields: FormFields) {
    type = ResourceType(slug: fields["type"]) ?? .text
    search = String(fields["q"].prefix(PortalLimits.searchCharacters))
    status = ResourceStatus(rawValue: fields["status"])
    environment = ResourceEnvironment(rawValue: fields["environment"])
    sort = Column(rawValue: fields["sort"])
    isAscending = fields["order"] != "descending"
    created = fields["created"]
    page = fields["page"]
  }

  var address: PageAddress {
    PageAddress(
      "/control-center/resources",
      [
        ("type", type.slug), ("q", search), ("status", status?.rawValue ?? ""),
        ("environment", environment?.rawValue ?? ""), ("sort", sort?.rawValue ?? ""),
        ("order", isAscending ? "" : "descending"),
      ])
  }

  /// Deprovisioned resources are shown only where the filter asks for them. Rule R-1.
  func apply(to rows: [ControlCenterRow]) -> [ControlCenterRow] {
    let wanted = search.lowercased()
    let kept = rows.filter { row in
      row.resource.type == type
        && (status.map { row.state.status == $0 } ?? (row.state.status != .deprovisioned))
        && (environment == nil || row.resource.environment == environment)
        && (wanted.isEmpty || row.searchText.contains(wanted))
    }
    guard let sort else { return kept }
    return kept.enumerated().sorted { a, b in
      let (first, second) = (key(a.element, sort), key(b.element, sort))
      if first != second { return isAscending ? first < second : first > second }
      return a.offset < b.offset
    }.map(\.element)
  }

  private func key(_ row: ControlCenterRow, _ column: Column) -> SortKey {
    switch column {
    case .status: SortKey(text: row.state.status.rawValue)
    case .name: SortKey(text: row.resource.name.lowercased())
    case .model: SortKey(text: row.models.lines.joined(separator: ", "))
    case .plan: SortKey(number: row.state.tokens.count)
    case .creator: SortKey(text: row.resource.createdFor.name.lowercased())
    case .region: SortKey(text: row.region?.displayName ?? row.resource.region.text)
    case .environment: SortKey(text: row.resource.environment.rawValue)
    }
  }
}

extension ControlCenterRow {
  fileprivate var searchText: String {
    let person = resource.createdFor
    return ([resource.name, resource.id.text, person.name, person.email, plan] + models.lines)
      .joined(separator: "\n").lowercased()
  }
}
