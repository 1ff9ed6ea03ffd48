public import Core

/// What a locked write serializes on. On PostgreSQL an advisory lock taken before anything is read; on SQLite writes
/// are serial anyway.
public struct TransactionLock: Hashable, Sendable {
  let name: String

  /// Cloud Tokens, provisioning and everything else that is decided from a company's facts.
  public static func company(_ id: CompanyID) -> TransactionLock { TransactionLock(name: "company:\(id.text)") }
  /// A resource's team, keys and settings.
  public static func resource(_ id: ResourceID) -> TransactionLock { TransactionLock(name: "resource:\(id.text)") }
  /// A person's sessions and password.
  public static func user(_ id: UserID) -> TransactionLock { TransactionLock(name: "user:\(id.text)") }
  /// What happens once for the whole installation, such as set-up.
  public static let installation = TransactionLock(name: "installation")

  /// The end of a company's chain of activity. Taken inside writes with other locks, always as the last but the feed's.
  static func activity(_ id: CompanyID) -> TransactionLock { TransactionLock(name: "activity:\(id.text)") }
  static let schema = TransactionLock(name: "schema")
  static let changeFeed = TransactionLock(name: "change-feed")
  static let rollUps = TransactionLock(name: "roll-ups")

  /// 64-bit FNV-1a of the name: PostgreSQL names advisory locks by number. Two names with one number wait for each
  /// other needlessly, which is harmless.
  var key: Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int64(bitPattern: hash)
  }
}
