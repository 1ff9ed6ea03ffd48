public import Core

/// What a locked write serializes on. On PostgreSQL an advisory lock taken before anything is read; on SQLite writes
/// are serial anyway.
///
/// No two transactions wait for each other in a ring: the lock of the write comes first, then, in this order, the names of
/// companies or a person, the end of a chain of activity, and last the change feed. A change of a company enters what
/// became due, and so takes its chain, before the former two. That is no ring either: whoever waits for a company's chain
/// while holding one of them holds the company's own lock, or has just made the company.
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

  /// Provider accounts that the operator enters.
  public static let providerAccounts = TransactionLock(name: "provider-accounts")

  /// That no two companies are called the same, whoever names them. Taken inside writes with other locks.
  static let companyNames = TransactionLock(name: "company-names")
  /// The end of a company's chain of activity. Taken inside writes with other locks.
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
