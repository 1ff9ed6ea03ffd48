import Core
import Platform

/// What the address says of the list of members. Rule P-7.
struct MembersQuery: Sendable {
  enum Column: String, CaseIterable {
    case name, role, status, seen

    var label: String {
      switch self {
      case .name: "Name"
      case .role: "Role"
      case .status: "Status"
      case .seen: "Last seen"
      }
    }
  }

  /// Whom the list shows.
  enum Filter: String, CaseIterable {
    case everybody = ""
    case admins, members, external, deactivated

    var label: String {
      switch self {
      case .everybody: "Everybody"
      case .admins: "Admins"
      case .members: "Members"
      case .external: "External members"
      case .deactivated: "Deactivated"
      }
    }

    func fits(_ view: MemberView) -> Bool {
      switch self {
      case .everybody: true
      case .admins: view.externalTeams == nil && view.user.companyRole == .admin
      case .members: view.externalTeams == nil && view.user.companyRole == .member
      case .external: view.externalTeams != nil
      case .deactivated: view.user.deactivatedAt != nil
      }
    }
  }

  static let path = "/control-center/members"

  let search: String
  let filter: Filter
  /// Nil keeps the order of names, members before external members.
  let sort: Column?
  let isAscending: Bool
  let page: String
  /// What was just done, and with whom.
  let done: MemberChange?
  let member: String

  init(_ fields: FormFields) {
    search = String(fields["q"].prefix(PortalLimits.searchCharacters))
    filter = Filter(rawValue: fields["show"]) ?? .everybody
    sort = Column(rawValue: fields["sort"])
    isAscending = fields["order"] != "descending"
    page = fields["page"]
    done = MemberChange(slug: fields["done"])
    member = fields["member"]
  }

  var address: PageAddress {
    PageAddress(
      Self.path,
      [
        ("q", search), ("show", filter.rawValue), ("sort", sort?.rawValue ?? ""),
        ("order", isAscending ? "" : "descending"),
      ])
  }

  func apply(to people: [MemberView]) -> [MemberView] {
    let wanted = search.lowercased()
    let kept = people.filter { view in
      filter.fits(view)
        && (wanted.isEmpty || view.user.name.lowercased().contains(wanted) || view.user.email.contains(wanted))
    }
    guard let sort else { return kept }
    return kept.sorted(isAscending: isAscending) { key($0, sort) }
  }

  private func key(_ view: MemberView, _ column: Column) -> SortKey {
    switch column {
    case .name: SortKey(text: view.user.name.lowercased())
    case .role: SortKey(text: view.roleLabel)
    case .status: SortKey(number: view.user.deactivatedAt == nil ? 0 : 1)
    case .seen: SortKey(number: view.lastSeen?.milliseconds ?? 0)
    }
  }
}

/// What the address says of the list of invitations. Rule G-9.
struct InvitationsQuery: Sendable {
  enum Column: String, CaseIterable {
    case status, name, role, inviter, invited, expires

    var label: String {
      switch self {
      case .status: "Status"
      case .name: "Name"
      case .role: "Role"
      case .inviter: "Invited by"
      case .invited: "Invited on"
      case .expires: "Works until"
      }
    }
  }

  static let path = "/control-center/invitations"

  let search: String
  /// Nil keeps the newest first.
  let sort: Column?
  let isAscending: Bool
  let page: String
  /// The invitation that was just withdrawn.
  let withdrawn: String
  /// True where the dialog shows a link that is new.
  let isSent: Bool

  init(_ fields: FormFields) {
    search = String(fields["q"].prefix(PortalLimits.searchCharacters))
    sort = Column(rawValue: fields["sort"])
    isAscending = fields["order"] != "descending"
    page = fields["page"]
    withdrawn = fields["withdrawn"]
    isSent = fields.has("sent")
  }

  var address: PageAddress {
    PageAddress(
      Self.path, [("q", search), ("sort", sort?.rawValue ?? ""), ("order", isAscending ? "" : "descending")])
  }

  func apply(to invitations: [InvitationView]) -> [InvitationView] {
    let wanted = search.lowercased()
    let kept = invitations.filter { view in
      wanted.isEmpty || view.invitation.name.lowercased().contains(wanted) || view.invitation.email.contains(wanted)
    }
    guard let sort else { return kept }
    return kept.sorted(isAscending: isAscending) { key($0, sort) }
  }

  private func key(_ view: InvitationView, _ column: Column) -> SortKey {
    let invitation = view.invitation
    return switch column {
    case .status: SortKey(text: view.state.label)
    case .name: SortKey(text: invitation.name.lowercased())
    case .role: SortKey(text: invitation.role.label)
    case .inviter: SortKey(text: view.invitedBy?.lowercased() ?? "")
    case .invited: SortKey(number: invitation.createdAt.milliseconds)
    case .expires: SortKey(number: invitation.expiresAt.milliseconds)
    }
  }
}
