import Core
import Testing

@Suite("Members of a company")
struct MemberChangeTests {
  private static let now = Instant(milliseconds: 1_773_568_800_000)
  private static let company = CompanyID("acme")

  private static func person(_ name: String, _ role: User.CompanyRole, isActive: Bool = true) -> User {
    User(
      id: UserID(name), name: name, email: "\(name)@acme.example", companyID: company, companyRole: role,
      deactivatedAt: isActive ? nil : now)
  }

  private static func apply(_ change: MemberChange, _ user: User, _ people: [User]) throws -> User {
    try change.applied(to: user, among: people, at: now)
  }

  @Test("P-4: members become admins and admins members, as long as one stays")
  func roles() throws {
    let (ada, bob) = (Self.person("ada", .admin), Self.person("bob", .member))
    #expect(try Self.apply(.makeAdmin, bob, [ada, bob]).companyRole == .admin)
    #expect(try Self.apply(.makeAdmin, ada, [ada, bob]) == ada)
    #expect(try Self.apply(.makeMember, bob, [ada, bob]) == bob)
    #expect(throws: MembershipRefusal.lastAdmin("ada")) { try Self.apply(.makeMember, ada, [ada, bob]) }
    let second = Self.person("bob", .admin)
    #expect(try Self.apply(.makeMember, ada, [ada, second]).companyRole == .member)
    // A deactivated admin, or one of another company, does not count.
    let asleep = Self.person("bob", .admin, isActive: false)
    #expect(throws: MembershipRefusal.lastAdmin("ada")) { try Self.apply(.makeMember, ada, [ada, asleep]) }
  }

  @Test("P-7: deactivating is never blocked, not even of the last active admin, who is not made a member all the same")
  func deactivation() throws {
    let (ada, bob) = (Self.person("ada", .admin), Self.person("bob", .member))
    #expect(try Self.apply(.deactivate, bob, [ada, bob]).deactivatedAt == Self.now)
    #expect(throws: MembershipRefusal.lastAdmin("ada")) { try Self.apply(.makeMember, ada, [ada, bob]) }
    let gone = try Self.apply(.deactivate, ada, [ada, bob])
    #expect(gone.deactivatedAt == Self.now && gone.companyRole == .admin)
  }

  @Test("P-7: reactivating restores the role; until then it does not change")
  func reactivation() throws {
    let (ada, asleep) = (Self.person("ada", .admin), Self.person("bob", .admin, isActive: false))
    #expect(try Self.apply(.reactivate, asleep, [ada, asleep]) == Self.person("bob", .admin))
    #expect(try Self.apply(.reactivate, ada, [ada]) == ada)
    // Deactivated once more keeps the first instant.
    #expect(try Self.apply(.deactivate, asleep, [ada, asleep]) == asleep)
    for change in [MemberChange.makeAdmin, .makeMember] {
      #expect(throws: MembershipRefusal.reactivateFirst("bob")) { try Self.apply(change, asleep, [ada, asleep]) }
    }
  }

  @Test(
    "P-7: nothing but a deactivation, which is never refused, takes a company's last active admin away",
    arguments: 1...20 as ClosedRange<UInt64>)
  func lastAdmin(seed: UInt64) throws {
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    var people = [Self.person("p0", .admin)] + (1..<5).map { Self.person("p\($0)", .member) }
    var (refused, emptied) = (0, 0)
    // Counted from the facts alone.
    func admins() -> Int { people.count { $0.companyRole == .admin && $0.deactivatedAt == nil } }
    for step in 0..<500 {
      let index = next(people.count)
      let change = MemberChange.allCases[next(MemberChange.allCases.count)]
      let before = admins()
      do {
        people[index] = try Self.apply(change, people[index], people)
        #expect(change.isTrue(of: people[index]), "seed \(seed), step \(step)")
      } catch {
        refused += 1
        #expect(change == .makeAdmin || change == .makeMember, "seed \(seed), step \(step)")
      }
      if before > 0, admins() == 0 {
        emptied += 1
        #expect(change == .deactivate, "seed \(seed), step \(step)")
      }
    }
    #expect(refused > 0 && emptied > 0, "seed \(seed)")
  }
}
