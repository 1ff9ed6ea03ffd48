/// How the lines of a company's activity hang together: each holds the hash of the one before, so that none can be
/// changed, taken out or put in without changing all that follow. Rule G-20.
public enum ActivityChain {
  /// Stands before the first line.
  public static let firstPreviousHash = [UInt8](repeating: 0, count: hashLength)
  /// Bytes of a hash.
  public static let hashLength = 32
  /// Names the encoding below. Goes into every hash: never change it for lines that exist.
  static let version = "packhouse activity line v1"

  /// The line that follows `head`, of the same company. `sha256` gives 32 bytes.
  public static func entry(
    after head: ActivityHead, at: Instant, actor: ActivityActor, deed: ActivityDeed, sha256: SHA256Function
  ) -> ActivityEntry {
    func entry(hash: [UInt8]) -> ActivityEntry {
      // No position follows the last; storage refuses the one that comes out instead.
      ActivityEntry(
        companyID: head.companyID, position: head.position &+ 1, at: at, actor: actor, deed: deed,
        previousHash: head.hash, hash: hash)
    }
    return entry(hash: hash(of: entry(hash: []), sha256: sha256))
  }

  /// What ``ActivityEntry/hash`` must be: taken over every other field of the entry.
  public static func hash(of entry: ActivityEntry, sha256: SHA256Function) -> [UInt8] { sha256(encoding(of: entry)) }

  /// Every field but the hash. Two entries that differ in any of them have different encodings.
  static func encoding(of entry: ActivityEntry) -> [UInt8] {
    var fields = CanonicalBytes(version: version)
    fields.append(entry.companyID.text)
    fields.append(entry.position)
    fields.append(entry.at.milliseconds)
    switch entry.actor {
    case .person(let id, let name, let address):
      fields.append("person")
      fields.append(id.text)
      fields.append(name)
      fields.append(address)
    case .operator: fields.append("operator")
    case .schedule: fields.append("schedule")
    }
    fields.append(entry.deed.kind.rawValue)
    fields.append(entry.deed.resourceID?.text)
    fields.append(entry.deed.sentence)
    fields.append(entry.previousHash)
    return fields.bytes
  }
}
