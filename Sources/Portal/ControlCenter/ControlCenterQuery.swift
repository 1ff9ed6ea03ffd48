import Core
import Platform

/// What the address says of the list. Rule R-1.
struct ControlCenterQuery: Sendable {
  static let path = "/control-center/resources"

  enum Column: String, CaseIterable {
    case status, name, model, embeddings, plan, creator, region, environment

    func label(_ type: ResourceType) -> String {
      switch self {
      case .status: "Status"
      case .name: "Name"
      case .model: type == .knowledgeBase ? "Embeddings Model" : "Model"
      case .embeddings: "Embeddings Resource"
      case .plan: "Plan"
      case .creator: "Created For"
      case .region: "Region"
      case .environment: "Environment"
      }
    }

    /// Only knowledge bases use an embeddings resource. Rule R-5.
    static func of(_ type: ResourceType) -> [Column] {
      allCases.filter { $0 != .embeddings || type == .knowledgeBase }
    }
  }

  let type: ResourceType
  let search: String
  let status: ResourceStatus?
  let environment: ResourceEnvironment?
  /// Nil keeps the order of provisioning, newest first.
  let sort: Column?
  let isAscending: Bool
  /// Counted from 1; empty for the one with the resource that something was just done to.
  let page: String
  /// What was just done, and to which resource.
  let done: LifeDeed?
  let resource: String

  /// `type` wins over what the address says: a dialog stands over the list of its resource.
  init(_ fields: FormFields, type: ResourceType? = nil) {
    self.type = type ?? ResourceType(slug: fields["type"]) ?? .text
    search = String(fields["q"].prefix(PortalLimits.searchCharacters))
    status = ResourceStatus(rawValue: fields["status"])
    environment = ResourceEnvironment(rawValue: fields["environment"])
    sort = Column(rawValue: fields["sort"])
    isAscending = fields["order"] != "descending"
    page = fields["page"]
    done = LifeDeed(rawValue: fields["done"])
    resource = fields["resource"]
  }

  /// The list without its page, for what starts it anew; pages that lead back to it have the same state at `path`.
  func address(_ path: String = path) -> PageAddress {
    PageAddress(
      path,
      [
        ("type", type.slug), ("q", search), ("status", status?.rawValue ?? ""),
        ("environment", environment?.rawValue ?? ""), ("sort", sort?.rawValue ?? ""),
        ("order", isAscending ? "" : "descending"),
      ])
  }

  /// The address `path` with everything that leads back to this very list.
  func href(_ path: String = path) -> String { address(path).with([("page", page)]) }

  /// Where a change leads to: the list with the page of the resource, whatever page it was.
  func href(after deed: LifeDeed, of resource: ResourceID) -> String {
    address().with([("done", deed.rawValue), ("resource", resource.text)])
  }

  /// The positions of the rows that are asked for, in the order that is asked for. Deprovisioned resources are shown only
  /// where the filter asks for them. Rule R-1.
  func positions(in rows: [ControlCenterRow]) -> [Int] {
    let wanted = search.lowercased()
    func isWanted(_ row: ControlCenterRow) -> Bool {
      row.resource.type == type
        && (status.map { row.state.status == $0 } ?? (row.state.status != .deprovisioned))
        && (environment == nil || row.resource.environment == environment)
        && (wanted.isEmpty || row.searchText.contains(wanted))
    }
    let kept = rows.indices.filter { isWanted(rows[$0]) }
    guard let sort else { return kept }
    return kept.sorted(isAscending: isAscending) { Self.key(rows[$0], sort) }
  }

  private static func key(_ row: ControlCenterRow, _ column: Column) -> SortKey {
    switch column {
    case .status: SortKey(text: row.state.status.rawValue)
    case .name: SortKey(text: row.resource.name.lowercased())
    case .model: SortKey(text: row.models.lines.joined(separator: ", "))
    case .embeddings: SortKey(text: row.embeddings?.lowercased() ?? "")
    case .plan: SortKey(number: row.state.capacity.tokens.count)
    case .creator: SortKey(text: row.resource.createdFor.name.lowercased())
    case .region: SortKey(text: row.region?.displayName ?? row.resource.region.text)
    case .environment: SortKey(text: row.resource.environment.rawValue)
    }
  }
}
