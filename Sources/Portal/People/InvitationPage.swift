import Core
import Platform

/// What the link of a company invitation opens. Rules P-7, G-9.
struct InvitationPage: Sendable {
  /// The form for somebody without an account.
  struct NewAccount: Sendable {
    /// What the account signs in with; not to be changed.
    let email: String
    let name: InputView
    let password: InputView
    let problems: [String]
  }

  let company: String
  let introduction: String
  let teams: String?
  /// Nil where it is over.
  let until: String?
  /// Where the answer is sent to.
  let action: String
  let newAccount: NewAccount?
  let canAccept: Bool
  /// The masked address to sign in with first.
  let signIn: String?
  let signInHref: String
  /// Signed in, but not as whom it is for.
  let refused: String?
  let over: String?
  /// True where signing in is what remains to be done.
  let leadsToSignIn: Bool
  let canDecline: Bool
  let submission: String

  init(_ open: OpenInvitation, _ body: AcceptanceBody?, token: String, problems: [FieldProblem] = []) {
    company = open.company
    let who = open.invitedBy.map { "\($0) invited you" } ?? "You are invited"
    introduction = "\(who) to join \(open.company) as \(open.role.asOne)."
    teams = open.teams.quotedInWords
    action = "/invitations/\(PageAddress.encoded(token))"
    submission = body?.submission.nonEmpty ?? open.idempotencyKey
    canDecline = open.canDecline
    signInHref = PageAddress("/sign-in", []).with([("next", action)])
    var (newAccount, signIn, refused, over): (NewAccount?, String?, String?, Invitation.State?)
    switch open.offer {
    case .accept: break
    case .createAccount(let email):
      newAccount = NewAccount(
        email: email,
        name: InputView(
          "name", "Your name", value: body?.form.name ?? open.name, autocomplete: "name", isRequired: true,
          problems: problems),
        password: InputView(
          "password", "Password", type: "password", value: "", autocomplete: "new-password",
          hint: "At least 12 characters.", isRequired: true, problems: problems), problems: problems.map(\.message))
    case .signIn(let masked): signIn = masked
    case .refused(let sentence): refused = sentence
    case .over(let state): over = state
    }
    self.newAccount = newAccount
    canAccept = open.offer == .accept
    self.signIn = signIn
    self.refused = refused
    self.over = over?.sentence
    leadsToSignIn = over == .accepted
    until = over == nil ? "\(DayText.long(open.lastDay)) (\(open.zone.identifier))" : nil
  }
}

/// The form of an acceptance as it was filled in.
struct AcceptanceBody: Sendable {
  let form: AcceptanceForm
  let submission: String

  init(_ fields: FormFields) {
    form = AcceptanceForm(name: fields["name"], password: Sensitive(fields["password"]))
    submission = fields["submission"]
  }
}
