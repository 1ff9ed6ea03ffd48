import Core
import Platform

/// The dialog "Add Member" as it was filled in.
struct AddMemberBody: Sendable {
  let request: InvitationRequest
  let submission: String

  init() {
    request = InvitationRequest(name: "", email: "", role: .member)
    submission = ""
  }

  init(_ fields: FormFields) {
    request = InvitationRequest(
      name: fields["name"], email: fields["email"], role: User.CompanyRole(rawValue: fields["role"]))
    submission = fields["submission"]
  }

  /// Going back and inviting somebody else with the same form is another invitation.
  var idempotencyKey: String {
    ContentKey.make(
      submission, [("name", request.name), ("email", request.email), ("role", request.role?.rawValue ?? "")])
  }
}

/// The dialog "Add Member". Rules P-7, G-9.
struct AddMemberView: Sendable {
  let company: String
  let isOpen: Bool
  let problems: [String]
  let name: InputView
  let email: InputView
  let roles: [OptionView]
  let roleError: String?
  let submission: String

  init(_ body: AddMemberBody, _ problems: [FieldProblem], _ list: MembersList, isOpen: Bool) {
    company = list.company.company.name
    self.isOpen = isOpen
    self.problems = problems.map(\.message)
    name = InputView("name", "Name", value: body.request.name, isRequired: true, problems: problems)
    email = InputView(
      "email", "Email", type: "email", value: body.request.email,
      hint: "Only somebody with this address can accept.", isRequired: true, problems: problems)
    roles = [
      OptionView(
        User.CompanyRole.member.rawValue, User.CompanyRole.member.label, isSelected: body.request.role == .member,
        detail: "Sees the resources whose team they are on."),
      OptionView(
        User.CompanyRole.admin.rawValue, User.CompanyRole.admin.label, isSelected: body.request.role == .admin,
        detail: "Sees the Control Center and every resource, provisions, and manages members."),
    ]
    roleError = problems.message(for: InvitationField.role.rawValue)
    submission = body.submission.nonEmpty ?? list.idempotencyKey
  }
}

/// The dialog with the link of an invitation, to be sent by whoever invites. Rule G-9.
struct SharedLinkView: Sendable {
  let title: String
  /// Nil where there is no link that works.
  let link: String?
  let email: String
  let sentences: [String]
  let isSent: Bool
  let closeHref: String

  init(_ view: InvitationView, _ list: MembersList, isSent: Bool) {
    let invitation = view.invitation
    title = "Invitation of \(invitation.name)"
    // Shown to those who may invite, in an answer that nothing keeps.
    link = view.link?.reveal()
    email = invitation.email
    closeHref = InvitationsQuery.path
    self.isSent = isSent && link != nil
    guard link != nil else {
      sentences = [
        view.state == .pending
          ? "The link cannot be shown again, because the server has another master key since. “Resend” makes a new one."
          : view.state.sentence
      ]
      return
    }
    let day = DayText.long(list.company.zone.day(of: invitation.expiresAt.adding(milliseconds: -1)))
    let teams = view.teamsInWords.map { " and puts them on the team of \($0)" } ?? ""
    sentences = [
      "The link lets \(invitation.name) join \(list.company.company.name) as \(invitation.role.asOne)\(teams). It works "
        + "once, for \(invitation.email) only, until \(day).",
      "Whoever has it can make the account in their place: send it to nobody else.",
    ]
  }
}
