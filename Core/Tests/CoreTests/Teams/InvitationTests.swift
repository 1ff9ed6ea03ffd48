import Core
import Testing

@Suite("Company invitations")
struct InvitationTests {
  static let start = Instant(milliseconds: 1_773_568_800_000)
  static let day: Int64 = 86_400_000
  static let company = CompanyID("acme")

  static func invitation(role: User.CompanyRole = .member, teams: [ResourceID] = []) -> Invitation {
    Invitation(
      id: InvitationID("i1"), companyID: company, person: PersonReference(name: "Bob", email: "bob@acme.example"),
      role: role, tokenHash: [1], invitedBy: UserID("ada"), createdAt: start,
      expiresAt: start.adding(milliseconds: Invitation.life), teams: teams)
  }

  static func user(
    _ email: String = "bob@acme.example", company: CompanyID?, role: User.CompanyRole = .member,
    deactivatedAt: Instant? = nil
  ) -> User {
    User(
      id: UserID("bob"), name: "Bob", email: email, companyID: company, companyRole: role, deactivatedAt: deactivatedAt)
  }

  private static func after(days: Int64, milliseconds: Int64 = 0) -> Instant {
    start.adding(milliseconds: days * day + milliseconds)
  }

  @Test("G-9: it is pending for 14 days to the millisecond, and visible for 30 more")
  func expiry() {
    let invitation = Self.invitation()
    #expect(invitation.state(at: Self.start) == .pending)
    #expect(invitation.state(at: Self.after(days: 14, milliseconds: -1)) == .pending)
    #expect(invitation.over(at: Self.after(days: 14, milliseconds: -1)) == nil)
    #expect(invitation.state(at: Self.after(days: 14)) == .expired)
    #expect(invitation.over(at: Self.after(days: 20)) == Self.after(days: 14))
    #expect(invitation.isVisible(at: Self.after(days: 44, milliseconds: -1)))
    #expect(!invitation.isVisible(at: Self.after(days: 44)))
  }

  @Test(
    "G-9: it ends once, by whom and when, and stays visible for 30 days with its state",
    arguments: Invitation.End.Ending.allCases)
  func ends(ending: Invitation.End.Ending) throws {
    let at = Self.after(days: 3)
    let ended = try Self.invitation().ended(ending, by: UserID("ada"), at: at)
    #expect(ended.state(at: Self.after(days: 20)).rawValue == ending.rawValue)
    #expect(ended.end == Invitation.End(ending, by: UserID("ada"), at: at))
    #expect(ended.isVisible(at: Self.after(days: 33, milliseconds: -1)) && !ended.isVisible(at: Self.after(days: 33)))
    for again in Invitation.End.Ending.allCases {
      #expect(throws: MembershipRefusal.over(ended.state(at: at))) { try ended.ended(again, by: nil, at: at) }
    }
    #expect(throws: MembershipRefusal.over(ended.state(at: at))) {
      try ended.renewed(for: .unknown, at: at) { _ in [2] }
    }
  }

  @Test("G-9: an expired one can be replaced and resent, but not accepted, declined or withdrawn")
  func expired() throws {
    let late = Self.after(days: 14)
    for ending in [Invitation.End.Ending.accepted, .declined, .withdrawn] {
      #expect(throws: MembershipRefusal.over(.expired)) { try Self.invitation().ended(ending, by: nil, at: late) }
    }
    #expect(try Self.invitation().ended(.replaced, by: nil, at: late).state(at: late) == .replaced)
    let renewed = try Self.invitation().renewed(for: .unknown, at: late) { $0 == Self.after(days: 28) ? [9] : [0] }
    #expect(renewed.state(at: late) == .pending && renewed.tokenHash == [9])
    #expect(renewed.expiresAt == Self.after(days: 28) && renewed.createdAt == Self.start)
  }

  @Test("G-9: nothing is resent to somebody for whom accepting would do nothing; a member still joins teams by it")
  func resentInVain() throws {
    let late = Self.after(days: 14)
    func renewed(_ holder: User?, teams: [ResourceID] = []) throws -> Invitation {
      try Self.invitation(teams: teams).renewed(for: Invitee(holder, company: Self.company), at: late) { _ in [2] }
    }
    let home = Self.user(company: Self.company)
    #expect(try renewed(nil).state(at: late) == .pending)
    #expect(try renewed(Self.user(company: nil)).state(at: late) == .pending)
    #expect(try renewed(home, teams: [ResourceID("a")]).state(at: late) == .pending)
    #expect(throws: MembershipRefusal.isHere("Bob")) { try renewed(home) }
    let asleep = Self.user(company: Self.company, deactivatedAt: Self.start)
    #expect(throws: MembershipRefusal.isDeactivatedHere("Bob")) { try renewed(asleep, teams: [ResourceID("a")]) }
    #expect(throws: MembershipRefusal.cannotJoin) { try renewed(Self.user(company: CompanyID("other"))) }
  }

  @Test("R-4: teams are added to what is there, each once")
  func teams() {
    let (a, b) = (ResourceID("a"), ResourceID("b"))
    #expect(Self.invitation(teams: [b]).joining([a, b]).teams == [a, b])
  }

  @Test("P-3: who has no account gets one at home in the company, once")
  func newcomer() throws {
    let invitation = Self.invitation(role: .admin)
    let made = try invitation.newcomer(UserID("new"), name: "Robert", holder: nil, at: Self.start)
    #expect(made.email == "bob@acme.example" && made.name == "Robert")
    #expect(made.companyID == Self.company && made.companyRole == .admin && made.deactivatedAt == nil)
    let holder = Self.user(company: nil)
    #expect(throws: MembershipRefusal.hasAccount("b•••@acme.example")) {
      try invitation.newcomer(UserID("new"), name: "Robert", holder: holder, at: Self.start)
    }
    #expect(throws: MembershipRefusal.over(.expired)) {
      try invitation.newcomer(UserID("new"), name: "Robert", holder: nil, at: Self.after(days: 14))
    }
  }

  @Test("P-3, P-7: who has an account joins with it, unless they are at home elsewhere")
  func accepts() throws {
    let invitation = Self.invitation(role: .admin)
    let joined = try invitation.accepted(by: Self.user(company: nil), at: Self.start)
    #expect(joined.companyID == Self.company && joined.companyRole == .admin && joined.id == UserID("bob"))
    // Somebody who came in another way meanwhile keeps the role.
    let member = Self.user(company: Self.company)
    #expect(try invitation.accepted(by: member, at: Self.start) == member)
    #expect(throws: MembershipRefusal.belongsElsewhere) {
      try invitation.accepted(by: Self.user(company: CompanyID("zenith")), at: Self.start)
    }
    #expect(throws: MembershipRefusal.isDeactivated("Bob")) {
      try invitation.accepted(by: Self.user(company: Self.company, deactivatedAt: Self.start), at: Self.start)
    }
    #expect(throws: MembershipRefusal.over(.expired)) {
      try invitation.accepted(by: Self.user(company: nil), at: Self.after(days: 14))
    }
  }

  @Test("G-9: under another address it is refused, and the invited one is masked, also where the link is over")
  func otherAddress() {
    let other = Self.user("eve@acme.example", company: nil)
    for instant in [Self.start, Self.after(days: 20)] {
      let refusal = #expect(throws: MembershipRefusal.self) { try Self.invitation().accepted(by: other, at: instant) }
      #expect(refusal?.sentence.contains("b•••@acme.example") == true)
      #expect(refusal?.sentence.contains("bob@acme.example") == false)
    }
  }

  @Test(
    "G-9: a masked address tells the first letter and the domain, nothing of the length",
    arguments: [
      ("a@x.example", "a•••@x.example"), ("anna.long@x.example", "a•••@x.example"),
      ("用户@例子.example", "用•••@例子.example"),
      ("", "•••"),
    ])
  func masked(address: String, expected: String) { #expect(EmailAddress.masked(address) == expected) }

  @Test("P-3, P-7: whom an address belongs to decides whether it can be invited")
  func invitees() throws {
    let member = Self.user(company: Self.company)
    let deactivated = Self.user(company: Self.company, deactivatedAt: Self.start)
    let outsider = Self.user(company: nil)
    let cases: [(User?, Invitee, MembershipRefusal?)] = [
      (nil, .unknown, nil),
      (outsider, .withoutCompany(outsider), nil),
      (member, .atHome(member), .isHere("Bob")),
      (deactivated, .deactivated(deactivated), .isDeactivatedHere("Bob")),
      (Self.user(company: CompanyID("zenith")), .elsewhere, .cannotJoin),
      (Self.user(company: CompanyID("zenith"), deactivatedAt: Self.start), .elsewhere, .cannotJoin),
      (Self.user(company: nil, deactivatedAt: Self.start), .elsewhere, .cannotJoin),
    ]
    for (user, expected, refusal) in cases {
      let invitee = Invitee(user, company: Self.company)
      #expect(invitee == expected)
      if let refusal {
        #expect(throws: refusal) { try invitee.requireInvitable() }
        #expect(!refusal.sentence.contains("zenith"))
      } else {
        try invitee.requireInvitable()
      }
    }
  }

  @Test("Everything that is wrong with a request is told at once; a good one is canonical")
  func request() throws {
    let good = try InvitationRequest(name: " Bob ", email: " BOB@Acme.example", role: .admin).checked()
    #expect(good.person == PersonReference(name: "Bob", email: "bob@acme.example") && good.role == .admin)
    let wrong = #expect(throws: InvalidInput.self) {
      _ = try InvitationRequest(name: "a\u{7}b", email: "bob", role: nil).checked()
    }
    #expect(wrong?.problems.map(\.field) == ["name", "email", "role"])
    let long = #expect(throws: InvalidInput.self) {
      _ = try InvitationRequest(
        name: String(repeating: "x", count: 101), email: "bob@acme.example", role: .member
      ).checked()
    }
    #expect(long?.problems.map(\.field) == ["name"])
  }
}
