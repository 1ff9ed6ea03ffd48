import Core
import Platform

/// "Members": who can get in, and who is invited. Rules P-4, P-7, G-9.
struct MembersPage: Sendable {
  let company: String
  let zone: String
  let tabs: [NavigationLink]
  /// One of the two is shown.
  let people: PeopleTable?
  let invitations: InvitationsTable?
  let add: AddMemberView
  let shared: SharedLinkView?
  let question: QuestionView?

  init(_ list: MembersList, people: MembersQuery?, invitations: InvitationsQuery?, dialog: MembersDialog) {
    company = list.company.company.name
    zone = list.company.zone.identifier
    let pending = list.invitations.count { $0.state == .pending }
    tabs = [
      NavigationLink(label: "Members (\(list.people.count))", href: MembersQuery.path, isCurrent: people != nil),
      NavigationLink(
        label: "Pending Invites (\(pending))", href: InvitationsQuery.path, isCurrent: invitations != nil),
    ]
    self.people = people.map { PeopleTable(list, $0) }
    self.invitations = invitations.map { InvitationsTable(list, $0) }
    var add = AddMemberView(AddMemberBody(), [], list, isOpen: false)
    var shared: SharedLinkView?
    var question: QuestionView?
    switch dialog {
    case .closed: break
    case .add(let body, let problems): add = AddMemberView(body, problems, list, isOpen: true)
    case .link(let view): shared = SharedLinkView(view, list, isSent: invitations?.isSent == true)
    case .question(let asked): question = asked
    }
    self.add = add
    self.shared = shared
    self.question = question
  }
}

/// What stands open over the list.
enum MembersDialog: Sendable {
  case closed
  case add(AddMemberBody, [FieldProblem])
  case link(InvitationView)
  case question(QuestionView)
}

struct PeopleTable: Sendable {
  let search: String
  let filters: [OptionView]
  let sort: String
  let order: String
  let headers: [SortHeader]
  let rows: [MemberRow]
  let pages: PagesView?

  init(_ list: MembersList, _ query: MembersQuery) {
    search = query.search
    filters = MembersQuery.Filter.allCases.map { OptionView($0.rawValue, $0.label, isSelected: $0 == query.filter) }
    sort = query.sort?.rawValue ?? ""
    order = query.isAscending ? "" : "descending"
    headers = MembersQuery.Column.allCases.map {
      SortHeader(
        $0.label, column: $0.rawValue, sorted: query.sort?.rawValue ?? "", isAscending: query.isAscending,
        address: query.address)
    }
    let kept = query.apply(to: list.people)
    let page = kept.page(query.page.nonEmpty ?? kept.pageNumber { $0.user.id.text == query.member })
    rows = page.elements.map { MemberRow($0, zone: list.company.zone, highlighted: query.member) }
    pages = PagesView(page, query.address)
  }
}

/// What can be done, in the menu of a row.
struct RowAction: Sendable {
  let label: String
  let href: String
  let isDanger: Bool
}

struct MemberRow: Sendable {
  let name: String
  let email: String
  let isSelf: Bool
  let role: String
  let note: String?
  let status: BadgeView
  let lastSeen: String
  let menu: [RowAction]
  let isNew: Bool

  init(_ view: MemberView, zone: CompanyZone, highlighted: String) {
    name = view.user.name
    email = view.user.email
    isSelf = view.isSelf
    role = view.roleLabel
    note =
      view.externalTeams.map { "on the team of \($0 == 1 ? "1 resource" : "\($0) resources")" }
      ?? (view.isLastAdmin ? "the only active admin" : nil)
    status = BadgeView(isDeactivated: view.user.deactivatedAt != nil)
    lastSeen = view.lastSeen.map { DayText.moment($0, zone) } ?? "Never"
    menu = view.menu.map { RowAction(label: $0.label, href: $0.href(view.user.id), isDanger: $0 == .deactivate) }
    isNew = view.user.id.text == highlighted
  }
}

struct InvitationsTable: Sendable {
  let search: String
  let sort: String
  let order: String
  let headers: [SortHeader]
  let rows: [InvitationRow]
  let pages: PagesView?
  /// True where there is one, shown or searched away.
  let hasInvitations: Bool

  init(_ list: MembersList, _ query: InvitationsQuery) {
    search = query.search
    sort = query.sort?.rawValue ?? ""
    order = query.isAscending ? "" : "descending"
    headers = InvitationsQuery.Column.allCases.map {
      SortHeader(
        $0.label, column: $0.rawValue, sorted: query.sort?.rawValue ?? "", isAscending: query.isAscending,
        address: query.address)
    }
    let kept = query.apply(to: list.invitations)
    let page = kept.page(query.page.nonEmpty ?? kept.pageNumber { $0.invitation.id.text == query.withdrawn })
    rows = page.elements.map {
      InvitationRow($0, zone: list.company.zone, submission: list.idempotencyKey, highlighted: query.withdrawn)
    }
    pages = PagesView(page, query.address)
    hasInvitations = !list.invitations.isEmpty
  }
}

struct InvitationRow: Sendable {
  let status: BadgeView
  let overOn: String?
  let name: String
  let email: String
  let role: String
  let teams: String?
  let invitedBy: String
  let invitedOn: String
  let expires: String
  /// Nil where there is no link to copy.
  let linkHref: String?
  /// False where it is over for good.
  let hasMenu: Bool
  let resendAction: String
  let withdrawHref: String?
  let submission: String
  let isNew: Bool

  init(_ view: InvitationView, zone: CompanyZone, submission: String, highlighted: String) {
    let invitation = view.invitation
    status = BadgeView(view.state)
    overOn = view.overAt.map { "on \(DayText.medium(zone.day(of: $0)))" }
    name = invitation.name
    email = invitation.email
    role = invitation.role.label
    teams = view.teamsInWords.map { "on the team of \($0)" }
    invitedBy = view.invitedBy ?? "Operator"
    invitedOn = DayText.medium(zone.day(of: invitation.createdAt))
    // A link that was used or withdrawn works no longer, whatever its days.
    expires = invitation.end == nil ? DayText.moment(invitation.expiresAt, zone) : "–"
    linkHref = view.link == nil ? nil : view.href
    hasMenu = view.state == .pending || view.state == .expired
    resendAction = "\(view.href)/resend"
    withdrawHref = view.state == .pending ? "\(view.href)/withdraw" : nil
    self.submission = submission
    isNew = invitation.id.text == highlighted
  }
}

extension InvitationView {
  /// `“Support assistant” and “Document search”`; nil where no team comes with it.
  var teamsInWords: String? { teams.quotedInWords }
}

extension [String] {
  /// The texts in quotation marks, with commas and an `and`; nil where there is none.
  var quotedInWords: String? {
    guard let last else { return nil }
    let others = dropLast().map { "“\($0)”" }.joined(separator: ", ")
    return others.isEmpty ? "“\(last)”" : "\(others) and “\(last)”"
  }
}
