import Core
import Platform

/// A question before something is done: names the thing and says what will happen.
struct QuestionView: Sendable {
  let title: String
  /// Why it was not done.
  var problem: String?
  let sentences: [String]
  /// Where the answer is sent to.
  let action: String
  let closeHref: String
  /// Nil where there is nothing to be done.
  let button: String?
  let isDanger: Bool
  let submission: String
  /// What the answer sends along.
  var fields: [FormFields.Field] = []
}

extension QuestionView {
  /// What was asked for can't be done, as things have become.
  init(refused sentence: String, closeHref: String) {
    title = "This is not possible any more"
    sentences = [sentence]
    action = closeHref
    self.closeHref = closeHref
    button = nil
    isDanger = false
    submission = ""
  }

  /// Before something is done with a member. `problem` is why it was not done when it was sent. Rule P-7.
  init(_ change: MemberChange, _ view: MemberView, company: String, submission: String, problem: String? = nil) {
    self.problem = problem
    let name = view.user.name
    action = change.href(view.user.id)
    closeHref = MembersQuery.path
    isDanger = change == .deactivate
    self.submission = submission
    let isOffered = view.menu.contains(change)
    button = isOffered ? change.label : nil
    switch change {
    case .makeAdmin: title = "Make \(name) an admin?"
    case .makeMember: title = "Make \(name) a member?"
    case .deactivate: title = "Deactivate \(name)?"
    case .reactivate: title = "Reactivate \(name)?"
    }
    sentences = isOffered ? Self.consequences(of: change, view, company) : [Self.refusal(of: change, view)]
  }

  private static func consequences(of change: MemberChange, _ view: MemberView, _ company: String) -> [String] {
    let (name, email) = (view.user.name, view.user.email)
    switch change {
    case .makeAdmin:
      return [
        "Admins see the Control Center and every resource of \(company). They provision resources, invite people, and "
          + "change the company and its members."
      ]
    case .makeMember:
      let others = "\(name) will no longer see the Control Center, and only resources whose team they are on."
      return view.isSelf
        ? ["This is you: you leave the Control Center with it, and only another admin can bring you back.", others]
        : [others]
    case .deactivate:
      let what =
        "\(name) (\(email)) is signed out everywhere and can no longer get in: all access ends at the next request."
      let stays =
        "Keys belong to resources and keep working. Role and teams are remembered, so that reactivating restores them."
      let last =
        "\(company) has no active admin left then. The operator can make one with `packhouse user create --admin`."
      return (view.isSelf ? ["This is you: you are signed out at once."] : []) + [what, stays]
        + (view.isLastAdmin ? [last] : [])
    case .reactivate:
      return [
        "\(name) (\(email)) can sign in again with the password they had, as \(view.user.companyRole.asOne), and is "
          + "back on the teams they were on."
      ]
    }
  }

  /// Why there is nothing to be done.
  private static func refusal(of change: MemberChange, _ view: MemberView) -> String {
    if view.isLastAdmin, change == .makeMember {
      return MembershipRefusal.lastAdmin(view.user.name).sentence
    }
    if view.externalTeams != nil {
      return "\(view.user.name) is an external member: only who is at home in the company has a role in it."
    }
    if view.user.deactivatedAt != nil, change != .deactivate {
      return MembershipRefusal.reactivateFirst(view.user.name).sentence
    }
    return "Nothing is to be done: \(change.announcement(view.user.name))"
  }

  /// Before an invitation is withdrawn. Rule G-9.
  init(withdrawing view: InvitationView, submission: String) {
    let invitation = view.invitation
    title = "Withdraw the invitation of \(invitation.name)?"
    let isPending = view.state == .pending
    sentences = [
      isPending
        ? "The link that \(invitation.name) (\(invitation.email)) was sent stops working. You can invite them again."
        : view.state.sentence
    ]
    action = "\(view.href)/withdraw"
    closeHref = InvitationsQuery.path
    button = isPending ? "Withdraw" : nil
    isDanger = true
    self.submission = submission
  }
}

extension InvitationView {
  /// Its dialog over the list.
  var href: String { "\(InvitationsQuery.path)/\(PageAddress.encoded(invitation.id.text))" }
}
