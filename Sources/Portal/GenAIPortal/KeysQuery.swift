import Core
import Platform

/// What the address says of the list of keys. Rule G-13.
struct KeysQuery: Sendable {
  enum Column: String, CaseIterable {
    case description, identifier, creator, created, used, expiry, status

    var label: String {
      switch self {
      case .description: "Description"
      case .identifier: "Identifier"
      case .creator: "Created by"
      case .created: "Created on"
      case .used: "Last used"
      case .expiry: "Expiry"
      case .status: "Status"
      }
    }
  }

  let search: String
  let sort: Column
  let isAscending: Bool
  /// The key that was just revoked.
  let revoked: String
  let page: String

  init(_ fields: FormFields) {
    search = String(fields["q"].prefix(PortalLimits.searchCharacters))
    sort = Column(rawValue: fields["sort"]) ?? .created
    isAscending = fields["order"].nonEmpty.map { $0 == "ascending" } ?? (Column(rawValue: fields["sort"]) != nil)
    revoked = fields["revoked"]
    page = fields["page"]
  }

  var order: String { isAscending ? "ascending" : "descending" }

  func address(_ path: String) -> PageAddress {
    PageAddress(path, [("q", search), ("sort", sort.rawValue), ("order", order)])
  }

  func headers(_ path: String) -> [SortHeader] {
    let address = PageAddress(path, [("q", search)])
    return Column.allCases.map {
      SortHeader($0.label, column: $0.rawValue, sorted: sort.rawValue, isAscending: isAscending, address: address)
    }
  }

  /// Equal rows stay newest first.
  func apply(to keys: [KeyView]) -> [KeyView] {
    let wanted = search.lowercased()
    let kept = keys.filter { view in
      wanted.isEmpty
        || [view.key.description, view.key.id.text, view.createdBy ?? ""].contains { $0.lowercased().contains(wanted) }
    }
    return kept.sorted(isAscending: isAscending, by: key)
  }

  private func key(_ view: KeyView) -> SortKey {
    switch sort {
    case .description: SortKey(text: view.key.description.lowercased())
    case .identifier: SortKey(text: view.key.id.text)
    case .creator: SortKey(text: view.createdBy?.lowercased() ?? "")
    case .created: SortKey(number: view.key.createdAt.milliseconds)
    case .used: SortKey(number: view.lastUsed?.milliseconds ?? 0)
    case .expiry: SortKey(number: view.key.expiresAt?.milliseconds ?? Int64.max)
    case .status: SortKey(text: view.status.rawValue)
    }
  }
}
