import Core
import Crypto
import Foundation
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Secrets of provider accounts (N-1)")
struct ProviderSecretTests {
  private static func masterKey(_ byte: UInt8) throws -> MasterKey {
    try #require(MasterKey(bytes: Array(repeating: byte, count: 32)))
  }

  private static let secret = ProviderSecret(.accessKey(id: "AKIDEXAMPLE", secret: "sesame", sessionToken: nil))

  private static func account(
    _ sealed: SealedSecret, name: String = "frankfurt", kind: ProviderKind = .bedrock,
    region: RegionID? = SmallCatalog.frankfurt, endpoint: String? = "https://own.example"
  ) -> StoredProviderAccount {
    StoredProviderAccount(
      name: name, kind: kind, region: region, endpoint: endpoint, secret: sealed, createdAt: Instant(milliseconds: 1),
      changedAt: Instant(milliseconds: 1), changedBy: "operator")
  }

  private static func sealed(by key: MasterKey) throws -> SealedSecret {
    try ProviderSecretSeal(key).seal(
      secret, name: "frankfurt", kind: .bedrock, region: SmallCatalog.frankfurt, endpoint: "https://own.example",
      nonce: Array(1...12))
  }

  @Test("What was sealed opens again, and nothing of it can be read without the key")
  func roundTrip() throws {
    let key = try Self.masterKey(1)
    for content: ProviderSecret.Content in [
      .key("k"), .key(String(repeating: "x", count: 8_000)), .accessKey(id: "a", secret: "b", sessionToken: "c"),
    ] {
      let secret = ProviderSecret(content)
      let sealed = try ProviderSecretSeal(key).seal(
        secret, name: "n", kind: .bedrock, region: nil, endpoint: nil, nonce: Array(1...12))
      let account = Self.account(sealed, name: "n", region: nil, endpoint: nil)
      #expect(try ProviderSecretSeal(key).open(account) == secret)
    }
    let sealed = try Self.sealed(by: key)
    #expect(try Self.secret.bytes.firstRange(of: Array("sesame".utf8)) != nil, "control: it is in what was sealed")
    #expect(sealed.box.firstRange(of: Array("sesame".utf8)) == nil)
    #expect(!"\(Self.secret)".contains("sesame") && !String(reflecting: Self.secret).contains("sesame"))
    var dumped = ""
    dump(Self.secret, to: &dumped)
    #expect(!dumped.contains("sesame"))
  }

  @Test("A change of any byte of the row is found, and so is every field that was moved to another account")
  func tampering() throws {
    let key = try Self.masterKey(1)
    let seal = ProviderSecretSeal(key)
    let good = try Self.sealed(by: key)
    func problem(_ account: StoredProviderAccount) -> ProviderSecretProblem? {
      do throws(ProviderSecretProblem) {
        _ = try seal.open(account)
        return nil
      } catch {
        return error
      }
    }
    #expect(problem(Self.account(good)) == nil, "control")
    for index in good.box.indices {
      for bit in 0..<8 {
        var box = good.box
        box[index] ^= 1 << bit
        let changed = SealedSecret(keyID: good.keyID, nonce: good.nonce, box: box, fingerprint: good.fingerprint)
        #expect(problem(Self.account(changed)) == .altered)
      }
    }
    for index in good.nonce.indices {
      var nonce = good.nonce
      nonce[index] ^= 1
      let changed = SealedSecret(keyID: good.keyID, nonce: nonce, box: good.box, fingerprint: good.fingerprint)
      #expect(problem(Self.account(changed)) == .altered)
    }
    for length in 0..<good.box.count {
      let cut = SealedSecret(
        keyID: good.keyID, nonce: good.nonce, box: Array(good.box.prefix(length)), fingerprint: good.fingerprint)
      #expect(problem(Self.account(cut)) == .altered)
    }
    let other = SealedSecret(keyID: good.keyID, nonce: good.nonce, box: good.box, fingerprint: "00000000")
    for account in [
      Self.account(other), Self.account(good, name: "paris"), Self.account(good, kind: .anthropic),
      Self.account(good, region: SmallCatalog.local), Self.account(good, region: nil),
      Self.account(good, endpoint: "https://thief.example"), Self.account(good, endpoint: nil),
    ] {
      #expect(problem(account) == .altered)
    }
  }

  @Test("Another master key is told as that, with what to do")
  func otherMasterKey() throws {
    let sealed = try Self.sealed(by: try Self.masterKey(1))
    let other = ProviderSecretSeal(try Self.masterKey(2))
    let problem = #expect(throws: ProviderSecretProblem.self) { _ = try other.open(Self.account(sealed)) }
    #expect(problem == .otherMasterKey)
    #expect(ProviderSecretSeal(try Self.masterKey(1)).keyID == sealed.keyID)
    #expect(other.keyID != sealed.keyID && other.keyID.utf8.count == 16)
  }

  @Test("The key for secrets is none of the others")
  func purposes() throws {
    let key = try Self.masterKey(1)
    let keys = MasterKey.Purpose.allCases.map { purpose in
      key.derived(for: purpose).withUnsafeBytes { Array($0) }
    }
    #expect(Set(keys).count == MasterKey.Purpose.allCases.count)
  }

  @Test("What set-secret can mend it is named for; what it refuses is to be removed and added, with its address")
  func sentences() {
    for problem in [ProviderSecretProblem.altered, .otherMasterKey] {
      let described = problem.sentence("frankfurt", isInFile: true)
      #expect(described.contains("`packhouse provider set-secret frankfurt`") && !described.contains("provider remove"))
      let alone = problem.sentence("frankfurt", isInFile: false)
      #expect(!alone.contains("set-secret") && alone.contains("address"))
      #expect(alone.contains("`packhouse provider remove frankfurt`"))
      #expect(alone.contains("`packhouse provider add frankfurt`"))
    }
    for problem in [ProviderSecretProblem.missing, .otherKind(.anthropic)] {
      #expect(problem.sentence("frankfurt", isInFile: true).contains("`packhouse provider set-secret frankfurt`"))
    }
  }

  @Test("A fingerprint tells secrets apart, and says nothing to whoever lacks the master key")
  func fingerprints() throws {
    let seals = try (1...32).map { ProviderSecretSeal(try Self.masterKey($0)) }
    let secrets = (0..<8).map { ProviderSecret(.key("secret-\($0)")) }
    let prints = try secrets.map { try seals[0].fingerprint(of: $0) }
    #expect(prints.allSatisfy { $0.utf8.count == 8 } && Set(prints).count == secrets.count)
    #expect(try secrets.map { try seals[0].fingerprint(of: $0) } == prints)
    // One that could be computed without the key would be the same under all of them.
    #expect(Set(try seals.map { try $0.fingerprint(of: secrets[0]) }).count > 1)
    // A row keeps the one that it was written with, whatever makes them now.
    let sealed = try Self.sealed(by: try Self.masterKey(1))
    #expect(try seals[0].fingerprint(of: Self.secret) == sealed.fingerprint)
  }

  @Test("A row whose fingerprint was made otherwise opens all the same: it is authenticated, not computed again")
  func earlierFingerprint() throws {
    let masterKey = try Self.masterKey(1)
    let earlier = "0a1b2c3d"
    let data = StoredProviderAccount.sealedData(
      name: "frankfurt", kind: .bedrock, region: SmallCatalog.frankfurt, endpoint: "https://own.example",
      fingerprint: earlier)
    let nonce = Array(UInt8(1)...12)
    let box = try AES.GCM.seal(
      try Self.secret.bytes, using: masterKey.derived(for: .providerSecrets), nonce: AES.GCM.Nonce(data: nonce),
      authenticating: data)
    let seal = ProviderSecretSeal(masterKey)
    let sealed = SealedSecret(
      keyID: seal.keyID, nonce: nonce, box: Array(box.ciphertext) + Array(box.tag), fingerprint: earlier)
    #expect(try seal.open(Self.account(sealed)) == Self.secret)
    #expect(try seal.fingerprint(of: Self.secret) != earlier, "control")
  }

  static let good: [(text: String, kind: ProviderKind, content: ProviderSecret.Content)] = [
    ("key\n", .anthropic, .key("key")), ("  key \r\n\n", .cohere, .key("key")), ("key", .openAICompatible, .key("key")),
    ("token\n", .bedrock, .key("token")),
    ("AKIDEXAMPLE\nsecret/+=\n", .bedrock, .accessKey(id: "AKIDEXAMPLE", secret: "secret/+=", sessionToken: nil)),
    ("A\nB\nC", .bedrock, .accessKey(id: "A", secret: "B", sessionToken: "C")),
  ]

  @Test("One line is a key; for Bedrock two or three are an access key", arguments: good.indices)
  func read(index: Int) throws {
    let (text, kind, content) = Self.good[index]
    #expect(try ProviderSecret.read(text, for: kind).get() == ProviderSecret(content))
  }

  static let wrong: [(text: String, kind: ProviderKind, part: String)] = [
    ("", .bedrock, "missing"), (" \n \n", .anthropic, "missing"), ("hidden\nvalue", .anthropic, "on one line"),
    ("hidden value", .cohere, "character"), ("hiddén", .cohere, "character"), ("hidden\u{7}", .cohere, "character"),
    ("a\nb\nc\nhidden", .bedrock, "at most three"),
    ("AKIA" + String(repeating: "H", count: 16), .bedrock, "second line"),
    (String(repeating: "h", count: 8_193), .anthropic, "longer than 8192"),
    (String(repeating: "h\n", count: 10_000), .bedrock, "longer than 16384"),
  ]

  @Test("What can be no secret is refused with a sentence that does not repeat it", arguments: wrong.indices)
  func refuse(index: Int) {
    let (text, kind, part) = Self.wrong[index]
    guard case .failure(let problem) = ProviderSecret.read(text, for: kind) else {
      Issue.record("it was taken")
      return
    }
    #expect(problem.field == "secret-file" && problem.message.contains(part))
    #expect(!problem.message.contains("hidden") && !problem.message.contains("HHHH"))
  }
}
