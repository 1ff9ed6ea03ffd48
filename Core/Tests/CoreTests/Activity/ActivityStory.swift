@testable import Core

/// Random chains of activity, and ways to tamper with them.
struct ActivityStory {
  static let company = CompanyID("acme")
  /// Stands in for the keyed hash of the platform: enough to tell one key from another.
  static let sign: SignatureFunction = { PlainSHA256.hash(Array("a key of this test".utf8) + $0) }

  var random: SplitMix
  private(set) var entries: [ActivityEntry] = []

  init(seed: UInt64, lines: Int) {
    random = SplitMix(seed: seed)
    for _ in 0..<lines { append() }
  }

  /// Signed, at the line with this position; 0 for an empty chain.
  func head(at position: Int) -> SignedActivityHead {
    SignedActivityHead(position == 0 ? .empty(Self.company) : entries[position - 1].head, signedBy: Self.sign)
  }

  mutating func append() {
    entries.append(
      ActivityChain.entry(
        after: entries.last?.head ?? .empty(Self.company),
        at: Instant(milliseconds: .random(in: 0...2_000_000_000_000, using: &random)),
        actor: actor(), deed: deed(), sha256: PlainSHA256.hash))
  }

  mutating func actor() -> ActivityActor {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: .operator
    case 1: .schedule
    default: .person(UserID(text(1...4)), name: text(1...6), address: text(0...3))
    }
  }

  mutating func deed() -> ActivityDeed {
    let resource = Bool.random(using: &random) ? ResourceID(text(1...4)) : nil
    return ActivityDeed(ActivityKind.allCases.randomElement(using: &random)!, resource: resource, text(1...12))
  }

  mutating func text(_ length: ClosedRange<Int>) -> String {
    let alphabet = Array("abcxyz019 .“”éß🙂")
    return String((0..<Int.random(in: length, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
  }

  /// What verification says about `lines`.
  static func problems(
    _ lines: [ActivityEntry], since heads: [SignedActivityHead] = [], signedBy sign: SignatureFunction = sign
  ) -> [String] {
    report(lines.map(StoredActivity.readable), since: heads, signedBy: sign).problems
  }

  static func report(
    _ lines: [StoredActivity], since heads: [SignedActivityHead] = [], signedBy sign: SignatureFunction = sign
  ) -> ActivityReport {
    var verification = ActivityVerification(of: company, since: heads, signedBy: sign, sha256: PlainSHA256.hash)
    for line in lines { verification.take(line) }
    return verification.report()
  }

  /// The lines hashed anew from the one with this index on: what somebody does who knows how the chain is made.
  static func rehashed(_ lines: [ActivityEntry], from index: Int) -> [ActivityEntry] {
    lines[index...].reduce(into: Array(lines[..<index])) { chain, line in
      chain.append(
        ActivityChain.entry(
          after: chain.last?.head ?? .empty(company), at: line.at, actor: line.actor, deed: line.deed,
          sha256: PlainSHA256.hash))
    }
  }
}

extension ActivityEntry {
  /// The same with other fields.
  func with(
    companyID: CompanyID? = nil, position: Int64? = nil, at: Instant? = nil, actor: ActivityActor? = nil,
    kind: ActivityKind? = nil, resourceID: ResourceID?? = nil, sentence: String? = nil, previousHash: [UInt8]? = nil,
    hash: [UInt8]? = nil
  ) -> ActivityEntry {
    ActivityEntry(
      companyID: companyID ?? self.companyID, position: position ?? self.position, at: at ?? self.at,
      actor: actor ?? self.actor,
      deed: ActivityDeed(
        kind ?? deed.kind, resource: resourceID ?? deed.resourceID, sentence ?? deed.sentence),
      previousHash: previousHash ?? self.previousHash, hash: hash ?? self.hash)
  }

  /// Every entry that differs from this one in one byte of one field, or in a field that has no bytes to change.
  func singleChanges(using random: inout SplitMix) -> [ActivityEntry] {
    var changes = texts(companyID.text, &random).map { with(companyID: CompanyID($0)) }
    changes += numbers(position, &random).map { with(position: $0) }
    changes += numbers(at.milliseconds, &random).map { with(at: Instant(milliseconds: $0)) }
    changes += actors(&random).map { with(actor: $0) }
    changes += ActivityKind.allCases.filter { $0 != deed.kind }.map { with(kind: $0) }
    if let resource = deed.resourceID {
      changes.append(with(resourceID: .some(nil)))
      changes += texts(resource.text, &random).map { with(resourceID: ResourceID($0)) }
    } else {
      changes.append(with(resourceID: ResourceID("")))
    }
    changes += texts(deed.sentence, &random).map { with(sentence: $0) }
    changes += hashes(previousHash, &random).map { with(previousHash: $0) }
    changes += hashes(hash, &random).map { with(hash: $0) }
    return changes
  }

  private func actors(_ random: inout SplitMix) -> [ActivityActor] {
    switch actor {
    case .operator: return [.schedule, .person(UserID(""), name: "", address: "")]
    case .schedule: return [.operator, .person(UserID(""), name: "", address: "")]
    case .person(let id, let name, let address):
      var changes: [ActivityActor] = [.operator, .schedule]
      changes += texts(id.text, &random).map { .person(UserID($0), name: name, address: address) }
      changes += texts(name, &random).map { .person(id, name: $0, address: address) }
      changes += texts(address, &random).map { .person(id, name: name, address: $0) }
      return changes
    }
  }

  private func hashes(_ bytes: [UInt8], _ random: inout SplitMix) -> [[UInt8]] {
    bytes.indices.map { index in
      var changed = bytes
      changed[index] ^= .random(in: 1...255, using: &random)
      return changed
    }
  }

  private func numbers(_ number: Int64, _ random: inout SplitMix) -> [Int64] {
    stride(from: 0, to: 64, by: 8).map { number ^ Int64(bitPattern: UInt64.random(in: 1...255, using: &random) << $0) }
  }

  /// Each byte changed, and one more at the end.
  private func texts(_ text: String, _ random: inout SplitMix) -> [String] {
    hashes(Array(text.utf8), &random).map { String(decoding: $0, as: UTF8.self) } + [text + "\u{0}"]
  }
}
