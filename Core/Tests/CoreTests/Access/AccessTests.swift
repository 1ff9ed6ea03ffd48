import Core
import Testing

@Suite("The table of rights")
struct AccessTests {
  private static let home = CompanyID("home")
  private static let resource = CompanyStory.resource(
    ResourceID("r"), companyID: home, at: Instant(milliseconds: 0))

  /// The table of rule P-6, row by row: company admin, internal member, external member.
  static let table: [(Right, [Bool])] = [
    (.seeResource, [true, true, true]),
    (.exportConsumption, [true, true, true]),
    (.usePlayground, [true, true, true]),
    (.manageKeys, [true, true, true]),
    (.manageContent, [true, true, true]),
    (.changeModel, [true, true, true]),
    (.editNameAndEnvironment, [true, true, false]),
    (.manageTeam, [true, true, false]),
    (.seeActivity, [true, true, true]),
    (.seeAddressesInActivity, [true, true, false]),
    (.changeCapacity, [true, false, false]),
    (.deprovision, [true, false, false]),
    (.provision, [true, false, false]),
    (.seeControlCenter, [true, false, false]),
    (.seeCloudTokens, [true, false, false]),
    (.manageMembers, [true, false, false]),
    (.manageCompany, [true, false, false]),
  ]

  @Test("P-6: every row of the table", arguments: table)
  func row(right: Right, allowed: [Bool]) {
    let roles: [ResourceRole] = [.companyAdmin, .internalMember, .externalMember]
    #expect(roles.map { Access.allows(right, $0) } == allowed)
    #expect(roles.map { Access.decide(right, role: $0) } == allowed.map { $0 ? .allowed : .forbidden })
  }

  @Test("P-6: the table has a row for every right, and every role a column")
  func complete() {
    #expect(Self.table.map(\.0) == Right.allCases)
    #expect(ResourceRole.allCases == [.companyAdmin, .internalMember, .externalMember])
  }

  @Test("P-6: to others a resource does not exist, whatever they want", arguments: Right.allCases)
  func others(right: Right) {
    #expect(Access.decide(right, role: nil) == .notFound)
  }

  private static func user(
    _ company: String?, _ role: User.CompanyRole, deactivated: Bool = false
  ) -> User {
    User(
      id: UserID("u"), name: "U", email: "u@home.example", companyID: company.map { CompanyID($0) },
      companyRole: role, deactivatedAt: deactivated ? Instant(milliseconds: 1) : nil)
  }

  @Test(
    "P-4: who is what, on the team and off it",
    arguments: [
      (user("home", .admin), ResourceRole.companyAdmin, ResourceRole.companyAdmin),
      (user("home", .member), ResourceRole.internalMember, nil),
      (user("other", .admin), ResourceRole.externalMember, nil),
      (user("other", .member), ResourceRole.externalMember, nil),
      (user(nil, .member), ResourceRole.externalMember, nil),
      // Nobody is an admin of no company.
      (user(nil, .admin), ResourceRole.externalMember, nil),
    ] as [(User, ResourceRole?, ResourceRole?)])
  func roles(user: User, onTeam: ResourceRole?, offTeam: ResourceRole?) {
    #expect(Access.role(of: user, on: Self.resource, isOnTeam: true) == onTeam)
    #expect(Access.role(of: user, on: Self.resource, isOnTeam: false) == offTeam)
    #expect(Caller(user: user).role(on: Self.resource, isOnTeam: true) == onTeam)
  }

  @Test("P-7: deactivation ends every access at once", arguments: ["home", "other", nil])
  func deactivated(company: String?) {
    for role in [User.CompanyRole.admin, .member] {
      let user = Self.user(company, role, deactivated: true)
      #expect(Access.role(of: user, on: Self.resource, isOnTeam: true) == nil)
      for right in Right.allCases {
        #expect(!Access.allowsCompany(right, user: user, company: Self.home))
        #expect(Access.decideCompany(right, user: user, company: Self.home) == .notFound)
      }
    }
  }

  @Test("P-4, P-6: rights on the company are its admins', and only those on the company", arguments: Right.allCases)
  func company(right: Right) {
    let ofCompany: Set<Right> = [.provision, .seeControlCenter, .seeCloudTokens, .manageMembers, .manageCompany]
    #expect(right.isOfCompany == ofCompany.contains(right))
    func allows(_ user: User) -> Bool { Access.allowsCompany(right, user: user, company: Self.home) }
    #expect(allows(Self.user("home", .admin)) == ofCompany.contains(right))
    #expect(!allows(Self.user("home", .member)))
    #expect(!allows(Self.user("other", .admin)))
    #expect(!allows(Self.user(nil, .admin)))
    #expect(Access.decideCompany(right, user: Self.user("home", .member), company: Self.home) == .forbidden)
    #expect(Access.decideCompany(right, user: Self.user("other", .admin), company: Self.home) == .notFound)
  }
}
