import Testing

@testable import Core

@Suite("The encoding of a line of activity (rule G-20)")
struct ActivityEncodingTests {
  private static let first = ActivityChain.entry(
    after: .empty(CompanyID("acme")), at: Instant(milliseconds: 1_773_568_800_000),
    actor: .person(UserID("ada"), name: "Zoë", address: "192.0.2.7"),
    deed: ActivityDeed(.capacity, resource: ResourceID("res0000001"), "Provisioned “Support assistant”"),
    sha256: PlainSHA256.hash)
  private static let second = ActivityChain.entry(
    after: first.head, at: Instant(milliseconds: 1_773_568_860_000), actor: .schedule,
    deed: ActivityDeed(.contract, "A contract ended"), sha256: PlainSHA256.hash)

  @Test("Lines have the hashes that the description of the encoding gives, worked out apart from the program")
  func knownHashes() {
    #expect(
      Hexadecimal.encode(Self.first.hash) == "5fe911c524810e930ae01c5ffad684e050895e213a1ca47951adc3edbd53f065")
    #expect(
      Hexadecimal.encode(Self.second.hash) == "30b5e82af02054208693c48e72459b70dc3107f5611eb8c6deb0ec6482e5b1c5")
  }

  @Test("Fields with shifted boundaries, missing ones and ones that look like others never give the same bytes")
  func injective() {
    let texts = ["", "a", "aa", "person", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{1}a"]
    var encodings: Set<[UInt8]> = []
    var joined: Set<String> = []
    var count = 0
    for company in texts {
      for actor in Self.actors(texts) {
        for resource in texts.map({ ResourceID($0) }) + [nil] {
          for sentence in texts {
            let entry = Self.first.with(
              companyID: CompanyID(company), actor: actor, resourceID: .some(resource), sentence: sentence)
            encodings.insert(ActivityChain.encoding(of: entry))
            joined.insert("\(company)\(actor.joined)\(resource?.text ?? "")\(sentence)")
            count += 1
          }
        }
      }
    }
    // Proof that the fields are chosen to be mistaken for each other.
    #expect(joined.count < count / 2)
    #expect(encodings.count == count)
  }

  @Test("A text in another Unicode form is another text")
  func unicodeForms() {
    let composed = Self.first.with(sentence: "Zo\u{EB}")
    let decomposed = Self.first.with(sentence: "Zoe\u{308}")
    #expect(composed.deed.sentence == decomposed.deed.sentence)
    #expect(ActivityChain.encoding(of: composed) != ActivityChain.encoding(of: decomposed))
  }

  @Test("The position after the last possible one is not a valid one, and nothing traps")
  func lastPosition() {
    let head = ActivityHead(companyID: ActivityStory.company, position: .max, hash: Self.first.hash)
    let next = ActivityChain.entry(
      after: head, at: Self.first.at, actor: .operator, deed: Self.first.deed, sha256: PlainSHA256.hash)
    #expect(next.position < 0)
  }

  private static func actors(_ texts: [String]) -> [ActivityActor] {
    var actors: [ActivityActor] = [.operator, .schedule]
    for id in texts {
      for name in texts { actors += texts.map { .person(UserID(id), name: name, address: $0) } }
    }
    return actors
  }
}

extension ActivityActor {
  /// As a careless encoding would have it.
  fileprivate var joined: String {
    switch self {
    case .person(let id, let name, let address): "person\(id)\(name)\(address)"
    case .operator: "operator"
    case .schedule: "schedule"
    }
  }
}
