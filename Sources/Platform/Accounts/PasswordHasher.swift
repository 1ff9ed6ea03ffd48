import Core
import CryptoExtras
import Foundation

/// How much work one password takes to check. Rule P-5, decision 10.
public struct PasswordCost: Hashable, Sendable {
  /// The number of rounds is 2 to this power.
  public let log2Rounds: Int
  public let blockSize: Int
  public let parallelism: Int

  /// `log2Rounds` 1 to 20, the others 1 to 32.
  public init(log2Rounds: Int, blockSize: Int = 8, parallelism: Int = 1) {
    precondition(Self.isSane(log2Rounds, blockSize, parallelism), "a cost that finishes and fits the memory")
    self.log2Rounds = log2Rounds
    self.blockSize = blockSize
    self.parallelism = parallelism
  }

  /// 32 MB and about 100 ms a check.
  public static let standard = PasswordCost(log2Rounds: 15)

  static func isSane(_ log2Rounds: Int, _ blockSize: Int, _ parallelism: Int) -> Bool {
    (1...20).contains(log2Rounds) && (1...32).contains(blockSize) && (1...32).contains(parallelism)
  }
}

/// Turns passwords into scrypt hashes and checks them, on threads of its own. Decision 10.
struct PasswordHasher: Sendable {
  /// Characters that a password needs.
  static let shortestPassword = 12
  /// Bytes that a password may have: more would only cost time.
  static let longestPassword = 1_024

  private let cost: PasswordCost
  private let random: RandomSource
  private let executor = BoundedExecutor(label: "packhouse.passwords", lanes: 2, limit: 64)
  /// Checked where there is no account, so that both cases take the same time.
  private let placeholder: EncodedPassword

  init(cost: PasswordCost, random: RandomSource) {
    self.cost = cost
    self.random = random
    placeholder = EncodedPassword(cost: cost, salt: random.bytes(16), hash: random.bytes(32))
  }

  /// The text that is stored. Throws ``PlatformError/unavailable(_:)`` where too much waits.
  func hash(_ password: Sensitive<String>) async throws -> String {
    let cost = cost
    let salt = random.bytes(16)
    return try await executor.run {
      EncodedPassword(cost: cost, salt: salt, hash: try Self.derive(password, salt: salt, cost: cost)).text
    }
  }

  /// Whether `password` is the one behind `stored`; false, after the same work, where `stored` is nil or unreadable.
  func verify(_ password: Sensitive<String>, against stored: String?) async throws -> Bool {
    guard password.reveal().utf8.count <= Self.longestPassword else { return false }
    let known = stored.flatMap(EncodedPassword.init(text:))
    let encoded = known ?? placeholder
    let isEqual = try await executor.run {
      KeyFormat.areEqual(try Self.derive(password, salt: encoded.salt, cost: encoded.cost), encoded.hash)
    }
    return isEqual && known != nil
  }

  /// What is wrong with a new password; nil where nothing is.
  static func problem(with password: Sensitive<String>) -> String? {
    let text = password.reveal()
    if text.count < shortestPassword { return "Choose a password of at least \(shortestPassword) characters." }
    if text.utf8.count > longestPassword { return "Choose a password of at most \(longestPassword) bytes." }
    if Set(text).count < 4 { return "Choose a password with more different characters." }
    return nil
  }

  private static func derive(_ password: Sensitive<String>, salt: [UInt8], cost: PasswordCost) throws -> [UInt8] {
    // The library takes the address of the first byte, which an empty password has not.
    let bytes = password.reveal().isEmpty ? [0] : Array(password.reveal().utf8)
    let key = try KDF.Scrypt.deriveKey(
      from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << cost.log2Rounds, blockSize: cost.blockSize,
      parallelism: cost.parallelism)
    return key.withUnsafeBytes { Array($0) }
  }
}

/// A password's hash with all that it takes to check it: `scrypt$15$8$1$<salt>$<hash>`.
struct EncodedPassword: Hashable, Sendable {
  let cost: PasswordCost
  let salt: [UInt8]
  let hash: [UInt8]

  init(cost: PasswordCost, salt: [UInt8], hash: [UInt8]) {
    self.cost = cost
    self.salt = salt
    self.hash = hash
  }

  init?(text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "scrypt", let log2Rounds = Int(parts[1]), let blockSize = Int(parts[2]),
      let parallelism = Int(parts[3]), PasswordCost.isSane(log2Rounds, blockSize, parallelism),
      let salt = Data(base64Encoded: String(parts[4])), let hash = Data(base64Encoded: String(parts[5])),
      !salt.isEmpty, hash.count == 32
    else { return nil }
    cost = PasswordCost(log2Rounds: log2Rounds, blockSize: blockSize, parallelism: parallelism)
    self.salt = [UInt8](salt)
    self.hash = [UInt8](hash)
  }

  var text: String {
    let numbers = "\(cost.log2Rounds)$\(cost.blockSize)$\(cost.parallelism)"
    return "scrypt$\(numbers)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
  }
}
