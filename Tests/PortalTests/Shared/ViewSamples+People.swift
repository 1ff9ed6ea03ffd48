import Core
import Storage
import TestSupport

@testable import Platform
@testable import Portal

extension ViewSamples {
  func people() async throws -> [Sample] {
    let platform = world.platform
    for (name, role) in [("Chen", User.CompanyRole.member), ("Dana", .admin)] {
      _ = try await platform.members.invite(
        InvitationRequest(name: name, email: "\(name.lowercased())@new.example", role: role),
        idempotencyKey: "sample-\(name)", as: ada)
    }
    let list = try await platform.members.list(as: ada)
    return try members(list) + invitations(list) + dialogs(list)
  }

  private func members(_ list: MembersList) throws -> [Sample] {
    func page(_ list: MembersList, _ query: String) throws -> Sample {
      let query = MembersQuery(try FormFields(urlEncoded: query))
      return sample(.members, MembersPage(list, people: query, invitations: nil, dialog: .closed))
    }
    let many = MembersList(
      company: list.company, now: list.now, people: (0..<60).flatMap { _ in list.people },
      invitations: list.invitations, idempotencyKey: "submit")
    return [
      try page(list, "sort=name&member=bram"), try page(list, "q=nothing&show=admins"),
      try page(many, "page=2&order=descending"),
    ]
  }

  private func invitations(_ list: MembersList) throws -> [Sample] {
    func page(_ views: [InvitationView], _ query: String) throws -> Sample {
      let list = MembersList(
        company: list.company, now: list.now, people: list.people, invitations: views, idempotencyKey: "submit")
      let query = InvitationsQuery(try FormFields(urlEncoded: query))
      return sample(.members, MembersPage(list, people: nil, invitations: query, dialog: .closed))
    }
    let all = list.invitations + Invitation.State.allCases.map { Self.view(list.invitations[0], $0, at: list.now) }
    return [
      try page([], ""), try page(all, "sort=name&withdrawn=\(all[0].invitation.id)"), try page(all, "q=nothing"),
      try page((0..<30).flatMap { _ in all }, "page=2"),
    ]
  }

  private static func view(_ view: InvitationView, _ state: Invitation.State, at now: Instant) -> InvitationView {
    InvitationView(
      invitation: view.invitation, state: state, overAt: state == .pending ? nil : now,
      invitedBy: nil, link: nil, teams: ["Support assistant", "Document search"])
  }

  private func dialogs(_ list: MembersList) throws -> [Sample] {
    func page(_ dialog: MembersDialog, _ query: String = "") throws -> Sample {
      let query = InvitationsQuery(try FormFields(urlEncoded: query))
      return sample(.members, MembersPage(list, people: nil, invitations: query, dialog: dialog))
    }
    func question(_ change: MemberChange, _ view: MemberView) throws -> Sample {
      try page(.question(QuestionView(change, view, company: "Northwind", submission: "submit")))
    }
    let problems = InvitationField.allCases.flatMap { problem($0.rawValue) }
    let pending = list.invitations[0]
    return [
      try page(.add(AddMemberBody(), problems)), try page(.add(AddMemberBody(), [])),
      try page(.link(pending), "sent=1"), try page(.link(Self.view(pending, .pending, at: list.now))),
      try page(.link(Self.view(pending, .expired, at: list.now))),
      try page(.question(QuestionView(withdrawing: pending, submission: "submit"))),
      try page(.question(QuestionView(refused: "No.", closeHref: "/"))),
      try page(
        .question(
          QuestionView(.makeAdmin, list.people[0], company: "Northwind", submission: "submit", problem: "Undone."))),
    ] + (try MemberChange.allCases.flatMap { change in try list.people.map { try question(change, $0) } })
  }

  func company() async throws -> [Sample] {
    let companies = world.platform.companies
    let settings = try await companies.settings(as: ada)
    let company = settings.company.company.id
    try await companies.context.write { try $0.replacePlatformAccounts(of: company, by: []) }
    let closed = try await companies.settings(as: ada)
    try await companies.context.write { try $0.replacePlatformAccounts(of: company, by: settings.accounts) }
    func variant(
      _ settings: CompanySettings, isFinal: Bool, accounts: [PlatformAccount], isOn: Bool, externals: [User]
    ) -> CompanySettings {
      var company = settings.company.company
      company.externalInvitationsEnabled = isOn
      return CompanySettings(
        company: CompanyView(company: company, zone: settings.company.zone), isTimeZoneFinal: isFinal,
        verdicts: settings.verdicts, accounts: accounts, orderPath: "Order.", externalMembers: externals, revision: "r",
        idempotencyKey: "submit")
    }
    let bare = settings.accounts.map { PlatformAccount(id: $0.id, companyID: $0.companyID, subscriptions: []) }
    let new = variant(closed, isFinal: false, accounts: [], isOn: true, externals: [])
    let old = variant(
      settings, isFinal: true, accounts: settings.accounts + bare, isOn: false, externals: [world.xena, world.xena])
    let problems = CompanyField.allCases.flatMap { problem($0.rawValue) }
    return [
      sample(.company, CompanyPage(settings, dialog: .closed)), sample(.company, CompanyPage(new, dialog: .closed)),
      sample(.company, CompanyPage(old, dialog: .external(problem: nil))),
      sample(.company, CompanyPage(new, dialog: .external(problem: "Undone."))),
      sample(.company, CompanyPage(new, dialog: .edit(EditCompanyBody(new), problems))),
      sample(.company, CompanyPage(old, dialog: .edit(nil, []))),
    ]
  }

  func openInvitations() -> [Sample] {
    func page(
      _ offer: OpenInvitation.Offer, teams: [String] = [], by inviter: String? = nil, problems: [FieldProblem] = []
    ) -> Sample {
      let open = OpenInvitation(
        company: "Northwind", invitedBy: inviter, name: "Chen", role: inviter == nil ? .member : .admin, teams: teams,
        lastDay: LocalDay(year: 2026, month: 5, day: 1), zone: .utc, offer: offer, idempotencyKey: "submit")
      return sample(.invitation, InvitationPage(open, nil, token: "token", problems: problems))
    }
    let problems = InvitationField.allCases.flatMap { problem($0.rawValue) }
    return [
      page(.createAccount(email: "chen@new.example"), teams: ["Support assistant"], by: "Ada"),
      page(.createAccount(email: "chen@new.example"), problems: problems),
      page(.signIn(maskedEmail: "c…@new.example")), page(.accept), page(.refused("No.")),
    ] + Invitation.State.allCases.map { page(.over($0)) }
  }
}
