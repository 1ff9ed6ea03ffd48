import Core
import Platform

/// What stands around every page.
struct FrameView: Sendable {
  let title: String
  /// `light` or `dark`; nil follows the system.
  let theme: String?
  let styles: String
  let script: String
  let icon: String
  /// Proof that a form was made for this browser; empty where a page has none.
  let csrf: String
  let person: PersonView?
  let portalLinks: [NavigationLink]
  let controlLinks: [NavigationLink]
  let hasControlCenter: Bool
  let isAtSessions: Bool
  let themes: [OptionView]
  /// Where choosing a theme leads back to.
  let back: String
  let flash: FlashView?
}

struct PersonView: Sendable {
  let name: String
  /// `Company admin · Northwind`.
  let role: String
}

struct NavigationLink: Sendable {
  let label: String
  let href: String
  let isCurrent: Bool
  /// True for the tabs of the resource that somebody is in.
  var isWithin = false
}

/// A message about what has just happened, announced to screen readers.
struct FlashView: Sendable {
  let text: String
  let isGood: Bool
  /// Where it goes on.
  var link: NavigationLink?
}

/// A whole page: its content in the frame.
struct PageView<Content: Sendable>: Sendable {
  let frame: FrameView
  let page: Content
}

/// Where in the portal a page stands.
enum Place: Hashable, Sendable {
  case overview, documentation, controlCenter, cloudTokens, status, members, company, sessions, elsewhere
  case resource(ResourceID, name: String, tab: ResourceTab)

  func portalLinks() -> [NavigationLink] {
    var links = [NavigationLink(label: "Overview", href: "/", isCurrent: self == .overview)]
    if case .resource(let id, let name, let current) = self {
      links.append(NavigationLink(label: name, href: ResourceTab.consumption.href(id), isCurrent: false))
      links += ResourceTab.allCases.map {
        NavigationLink(label: $0.label, href: $0.href(id), isCurrent: $0 == current, isWithin: true)
      }
    }
    links.append(NavigationLink(label: "Documentation", href: "/docs", isCurrent: self == .documentation))
    return links
  }

  func controlLinks() -> [NavigationLink] {
    [
      NavigationLink(label: "GenAI Resources", href: "/control-center/resources", isCurrent: self == .controlCenter),
      NavigationLink(label: "Cloud Tokens", href: "/control-center/cloud-tokens", isCurrent: self == .cloudTokens),
      NavigationLink(label: "Status", href: StatusController.path, isCurrent: self == .status),
      NavigationLink(label: "Members", href: MembersQuery.path, isCurrent: self == .members),
      NavigationLink(label: "Company", href: CompanyController.path, isCurrent: self == .company),
    ]
  }
}

/// The tabs of a resource's page. Rule G-3.
enum ResourceTab: Hashable, Sendable, CaseIterable {
  case consumption, keys, settings

  var label: String {
    switch self {
    case .consumption: "Consumption"
    case .keys: "Keys"
    case .settings: "Settings"
    }
  }

  func href(_ id: ResourceID) -> String {
    switch self {
    case .consumption: "/resources/\(PageAddress.encoded(id.text))"
    case .keys: "/resources/\(PageAddress.encoded(id.text))/keys"
    case .settings: "/resources/\(PageAddress.encoded(id.text))/settings"
    }
  }
}
