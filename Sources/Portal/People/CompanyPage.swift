import Core
import Platform

/// "Company". Rules P-2, E-1 to E-5.
struct CompanyPage: Sendable {
  struct Verdict: Sendable {
    let badge: BadgeView
    let title: String
    let sentence: String
  }

  struct Subscription: Sendable {
    let account: String
    let kind: String
    let status: BadgeView
    let priceList: String
  }

  let name: String
  let id: String
  let founded: String
  let zone: String
  let zoneNote: String
  let external: BadgeView
  let externalNote: String
  let externalButton: String
  let externalMembers: String?
  let verdicts: [Verdict]
  /// Nil where self-service is open.
  let orderPath: String?
  let subscriptions: [Subscription]
  let edit: EditCompanyView
  let question: QuestionView?

  init(_ settings: CompanySettings, dialog: CompanyDialog) {
    let company = settings.company.company
    name = company.name
    id = company.id.text
    founded = DayText.long(settings.company.zone.day(of: company.createdAt))
    zone = settings.company.zone.identifier
    zoneNote =
      settings.isTimeZoneFinal
      ? "Final since the first resource was provisioned. All days, refills and dates are in it."
      : "All days, refills and dates are in it. You can change it until the first resource is provisioned."
    let isOn = company.externalInvitationsEnabled
    external = BadgeView(isOn: isOn)
    externalNote =
      isOn
      ? "Teams of resources are open to people from outside of \(company.name). Inviting somebody to a team is not part "
        + "of this version yet."
      : "Nobody can invite people from outside of \(company.name) to the team of a resource."
    externalButton = isOn ? "Switch Off" : "Switch On"
    externalMembers = Self.inWords(settings.externalMembers.count)
    verdicts = settings.verdicts.map {
      Verdict(badge: BadgeView($0.finding), title: $0.rule.title, sentence: $0.sentence)
    }
    orderPath = settings.verdicts.contains { $0.finding == .unmet } ? settings.orderPath : nil
    subscriptions = settings.accounts.flatMap(Self.subscriptions)
    var edit = EditCompanyView(EditCompanyBody(settings), [], settings, isOpen: false)
    var question: QuestionView?
    switch dialog {
    case .closed: break
    case .edit(let body, let problems):
      edit = EditCompanyView(body ?? EditCompanyBody(settings), problems, settings, isOpen: true)
    case .external(let problem): question = QuestionView(externalInvitationsOf: settings, problem: problem)
    }
    self.edit = edit
    self.question = question
  }

  private static func inWords(_ count: Int) -> String? {
    switch count {
    case 0: nil
    case 1: "1 external member"
    default: "\(UnitsFormat.grouped(Int64(count))) external members"
    }
  }

  /// An account without subscriptions has a line all the same.
  private static func subscriptions(_ account: PlatformAccount) -> [Subscription] {
    guard !account.subscriptions.isEmpty else {
      return [
        Subscription(
          account: account.name, kind: "No subscription", status: BadgeView(isActive: false), priceList: "–")
      ]
    }
    return account.subscriptions.map {
      Subscription(
        account: account.name, kind: $0.isEnterprise ? "Enterprise" : "Other",
        status: BadgeView(isActive: $0.isActive),
        priceList: $0.priceList)
    }
  }
}

extension BadgeView {
  fileprivate init(isActive: Bool) {
    label = isActive ? "ACTIVE" : "NOT ACTIVE"
    kind = isActive ? "good" : "plain"
  }
}

extension EligibilityVerdict.Rule {
  var title: String {
    switch self {
    case .tokens: "Sufficient token entitlements"
    case .priceList: "Valid subscription plan"
    case .singleAccount: "Single account ownership"
    case .enterprise: "Enterprise platform subscription"
    }
  }
}

/// What stands open over the page.
enum CompanyDialog: Sendable {
  case closed
  /// The body is nil where the dialog is opened.
  case edit(EditCompanyBody?, [FieldProblem])
  /// Whether to switch external invitations, and why it was not done.
  case external(problem: String?)
}

/// The dialog "Edit Company" as it was filled in.
struct EditCompanyBody: Sendable {
  let name: String
  /// Nil where it was not asked for.
  let timeZone: String?
  /// Of the company as it was when the dialog was opened; nil stands for the present one.
  var revision: String?
  let submission: String

  init(_ settings: CompanySettings) {
    name = settings.company.company.name
    timeZone = settings.company.zone.identifier
    submission = settings.idempotencyKey
  }

  init(_ fields: FormFields) {
    name = fields["name"]
    timeZone = fields["timeZone"].nonEmpty
    revision = fields["revision"].nonEmpty
    submission = fields["submission"]
  }

  var atPresentRevision: Self {
    var body = self
    body.revision = nil
    return body
  }

  var idempotencyKey: String {
    ContentKey.make(
      submission, [("name", name), ("timeZone", timeZone ?? ""), ("revision", revision ?? "")])
  }
}

struct EditCompanyView: Sendable {
  let isOpen: Bool
  let problems: [String]
  let name: InputView
  /// Nil where it is final.
  let timeZone: SelectView?
  let revision: String
  let submission: String

  init(_ body: EditCompanyBody, _ problems: [FieldProblem], _ settings: CompanySettings, isOpen: Bool) {
    self.isOpen = isOpen
    self.problems = problems.map(\.message)
    name = InputView(
      CompanyField.name.rawValue, "Name", value: body.name, autocomplete: "organization", isRequired: true,
      problems: problems)
    let chosen = body.timeZone ?? settings.company.zone.identifier
    timeZone =
      settings.isTimeZoneFinal
      ? nil
      : SelectView(
        CompanyField.timeZone.rawValue, "Time zone",
        options: CompanyZone.identifiers.map { OptionView($0, $0, selected: chosen) },
        hint: "Final from the first provisioned resource on.", problems: problems)
    revision = body.revision ?? settings.revision
    submission = body.submission.nonEmpty ?? settings.idempotencyKey
  }
}

extension QuestionView {
  /// Before external invitations are switched on or off. Rule P-2.
  init(externalInvitationsOf settings: CompanySettings, problem: String? = nil) {
    self.problem = problem
    let isOn = settings.company.company.externalInvitationsEnabled
    let name = settings.company.company.name
    title = isOn ? "Switch external invitations off?" : "Switch external invitations on?"
    sentences =
      isOn
      ? [
        "Teams of resources are then closed to people from outside of \(name).",
        "Who is on a team from outside stays on it and is listed under Members. Invitations to the company itself go on as "
          + "before.",
      ]
      : [
        "Teams of resources are then open to people from outside of \(name), who see that resource with its consumption and "
          + "keys, and nothing else. Inviting somebody to a team is not part of this version yet."
      ]
    action = CompanyController.path + "/external-invitations"
    closeHref = CompanyController.path
    button = isOn ? "Switch Off" : "Switch On"
    isDanger = isOn
    submission = settings.idempotencyKey
    // What was asked is sent along, so that a second submit does not switch back.
    fields = [FormFields.Field(name: "enabled", value: isOn ? "off" : "on")]
  }
}
