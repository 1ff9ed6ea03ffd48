import Core
import Platform

/// The head of a resource's pages: what it is, its state and its tabs. Rule G-2.
struct ResourceHead: Sendable {
  let id: String
  let name: String
  let status: BadgeView
  let type: String
  let environment: String
  /// `12 November 2026`; nil where nothing is refilled. Rule B-3.
  let refill: String?
  /// What everybody who works with it has to know: what is scheduled, suspended or over, with its date.
  let notice: String?
  let zone: String
  let tabs: [NavigationLink]
  let documentation: String
  /// Nil where no key can be made.
  let createKey: String?

  init(_ found: AuthorizedResource, tab: ResourceTab) {
    let resource = found.resource
    id = resource.id.text
    name = resource.name
    status = BadgeView(found.state.status)
    type = resource.type.label
    environment = resource.environment.rawValue
    let isRefilled = found.state.endedAt == nil && resource.type != .knowledgeBase
    refill = isRefilled ? DayText.long(found.zone.day(of: found.state.refillsAt)) : nil
    notice = found.state.notice(found.zone)
    zone = found.zone.identifier
    // A knowledge base consumes nothing itself. Rule U-3.
    tabs = ResourceTab.allCases.filter { $0 != .consumption || resource.type != .knowledgeBase }.map {
      NavigationLink(label: $0.label, href: $0.href(resource.id), isCurrent: $0 == tab)
    }
    documentation = PageAddress("/docs", []).with([("resource", resource.id.text)])
    let canCreate = found.may(.manageKeys) && found.state.status.admitsCalls && resource.type != .knowledgeBase
    createKey = canCreate ? "\(ResourceTab.keys.href(resource.id))/create" : nil
  }
}

extension AuthorizedResource {
  func place(_ tab: ResourceTab) -> Place { .resource(resource.id, name: resource.name, tab: tab) }
}
