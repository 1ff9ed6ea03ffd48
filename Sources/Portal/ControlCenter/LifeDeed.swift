import Core
import Platform

/// What was just done to a resource: the list says it, from what the resource is now.
enum LifeDeed: String, Sendable {
  case provisioned
  /// Provisioned, and the named user was invited to the company. Rule P-7.
  case invited
  /// Provisioned, and the named user could not be put on the team.
  case uninvited
  /// The same, because too many invitations are pending.
  case crowded
  case capacity
  case edited
  case capacityCancelled = "capacity-cancelled"
  case deprovisioning
  case deprovisioningCancelled = "deprovisioning-cancelled"

  /// Nil where the list does not hold the resource.
  func flash(_ list: ControlCenterList, _ id: String, _ catalog: Catalog) -> FlashView? {
    guard let row = list.rows.first(where: { $0.resource.id.text == id }) else { return nil }
    let resource = row.resource
    let name = "“\(resource.name)”"
    let made =
      resource.type == .knowledgeBase
      ? "was provisioned; uploading content comes with a later version" : "was provisioned and is ready to use"
    switch self {
    case .provisioned:
      let more =
        resource.type == .embeddings
        ? " The form for a knowledge base that is open in another tab offers it now: you can close this one." : ""
      return FlashView(text: "\(name) \(made).\(more)", isGood: true)
    case .invited:
      return FlashView(
        text: "\(name) \(made). \(resource.createdFor.name) (\(resource.createdFor.email)) "
          + "is invited to your company and joins the team on accepting; the link is on the Members page.",
        isGood: true, link: NavigationLink(label: "Open Members", href: "/control-center/members", isCurrent: false))
    case .uninvited:
      return FlashView(
        text: "\(name) \(made). \(resource.createdFor.email) cannot join your company, so "
          + "only you are on its team: the address belongs to another company or is deactivated here.",
        isGood: true)
    case .crowded:
      return FlashView(
        text: "\(name) \(made). \(resource.createdFor.email) was not invited to your "
          + "company, because as many invitations as there may be are pending: only you are on its team. Withdraw some "
          + "that nobody will accept.",
        isGood: true, link: Self.invites)
    case .capacity, .edited: return FlashView(text: Self.changed(row, list, catalog), isGood: true)
    case .capacityCancelled: return Self.capacityCancelled(row, catalog)
    case .deprovisioning: return Self.deprovisioning(row, list)
    case .deprovisioningCancelled:
      guard row.state.scheduledDeprovisioning == nil else {
        return FlashView(text: "\(name) is scheduled for deprovisioning again.", isGood: false)
      }
      return FlashView(text: "The deprovisioning of \(name) was cancelled. It goes on as it was.", isGood: true)
    }
  }

  private static let invites = NavigationLink(
    label: "Open Pending Invites", href: InvitationsQuery.path, isCurrent: false)

  private static func changed(_ row: ControlCenterRow, _ list: ControlCenterList, _ catalog: Catalog) -> String {
    let name = "“\(row.resource.name)”"
    guard let change = row.state.scheduledChange else {
      return "\(name) was saved: \(catalog.offering(of: row.state.capacity)), \(row.state.capacity.tokens.inWords)."
    }
    let day = DayText.long(list.company.zone.day(of: change.effectiveAt))
    return "\(name) was saved: it changes to \(catalog.capacityInWords(change)) on \(day). Until then it keeps "
      + "\(catalog.capacityInWords(row.state.capacity))."
  }

  private static func capacityCancelled(_ row: ControlCenterRow, _ catalog: Catalog) -> FlashView {
    let keeps = "“\(row.resource.name)” keeps \(catalog.capacityInWords(row.state.capacity))."
    guard row.state.scheduledChange == nil else {
      return FlashView(text: "Another change of “\(row.resource.name)” was scheduled meanwhile.", isGood: false)
    }
    return FlashView(text: "The scheduled change was cancelled. \(keeps)", isGood: true)
  }

  /// Says all that ends together. Rule A-5.
  private static func deprovisioning(_ row: ControlCenterRow, _ list: ControlCenterList) -> FlashView {
    func end(_ row: ControlCenterRow) -> String? {
      row.state.scheduledDeprovisioning.map {
        "“\(row.resource.name)” is deprovisioned on \(DayText.long(list.company.zone.day(of: $0.effectiveAt)))"
      }
    }
    guard let own = end(row) else {
      return FlashView(text: "“\(row.resource.name)” is not scheduled for deprovisioning any more.", isGood: false)
    }
    let users = list.rows.filter { $0.resource.embeddingsResource == row.resource.id }.compactMap(end)
    let others = users.count > 1 ? ["its \(users.count) knowledge bases end by then as well"] : users
    return FlashView(
      text: ([own] + others).joined(separator: "; ") + ". Until then everything works, and it can be cancelled.",
      isGood: true)
  }
}
