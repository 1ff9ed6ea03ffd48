import Testing

@testable import Core

@Suite("The chain of activity (G-20)")
struct ActivityChainTests {
  private let sha256: SHA256Function = { PlainSHA256.hash($0) }
  private let company = CompanyID("acme")

  private func chain(_ count: Int, seed: UInt64) -> [ActivityEntry] {
    var random = SplitMix(seed: seed)
    var head = ActivityHead.empty(company)
    return (0..<count).map { index in
      let actors: [ActivityActor] = [
        .person(UserID("ada"), name: "Ada", address: "192.0.2.7"), .operator, .schedule,
      ]
      let resource = Bool.random(using: &random) ? ResourceID("chat") : nil
      let entry = ActivityChain.entry(
        after: head, at: Instant(milliseconds: Int64(index)), actor: actors[index % 3],
        deed: ActivityDeed(.capacity, resource: resource, "Did \(random.next())"), sha256: sha256)
      head = entry.head
      return entry
    }
  }

  @Test("Each line holds the hash of the one before, from the first on")
  func links() {
    let lines = chain(20, seed: 1)
    #expect(lines.map(\.position) == Array(1...20))
    #expect(lines[0].previousHash == ActivityChain.firstPreviousHash)
    for (before, line) in zip(lines, lines.dropFirst()) { #expect(line.previousHash == before.hash) }
    for line in lines { #expect(ActivityChain.hash(of: line, sha256: sha256) == line.hash) }
  }

  @Test("A change of any field gives another hash")
  func fields() {
    let line = chain(3, seed: 2)[0]
    func changed(
      company: CompanyID? = nil, position: Int64? = nil, at: Instant? = nil, actor: ActivityActor? = nil,
      deed: ActivityDeed? = nil, previous: [UInt8]? = nil
    ) -> [UInt8] {
      ActivityChain.hash(
        of: ActivityEntry(
          companyID: company ?? line.companyID, position: position ?? line.position, at: at ?? line.at,
          actor: actor ?? line.actor, deed: deed ?? line.deed, previousHash: previous ?? line.previousHash, hash: []),
        sha256: sha256)
    }
    let changes = [
      changed(company: CompanyID("other")), changed(position: 2), changed(at: Instant(milliseconds: 99)),
      changed(actor: .operator), changed(actor: .person(UserID("ada"), name: "Ada", address: "192.0.2.8")),
      changed(deed: ActivityDeed(.contract, resource: line.deed.resourceID, line.deed.sentence)),
      changed(deed: ActivityDeed(.capacity, resource: ResourceID("other"), line.deed.sentence)),
      changed(deed: ActivityDeed(.capacity, resource: line.deed.resourceID, line.deed.sentence + " ")),
      changed(previous: [UInt8](repeating: 1, count: 32)),
    ]
    #expect(changed() == line.hash, "the comparison finds what is the same")
    for hash in changes { #expect(hash != line.hash) }
    #expect(Set(changes).count == changes.count)
  }

  @Test("What moves from the end of one field to the beginning of the next gives other bytes")
  func boundaries() {
    func bytes(_ id: String, _ name: String, _ address: String) -> [UInt8] {
      ActivityChain.encoding(
        of: ActivityEntry(
          companyID: company, position: 1, at: Instant(milliseconds: 0),
          actor: .person(UserID(id), name: name, address: address), deed: ActivityDeed(.key, "x"),
          previousHash: ActivityChain.firstPreviousHash, hash: []))
    }
    #expect(bytes("ab", "c", "d") != bytes("a", "bc", "d"))
    #expect(bytes("a", "bc", "d") != bytes("a", "b", "cd"))
    #expect(bytes("a", "", "") != bytes("", "a", ""))
  }
}
