/// A line of activity as a store gives it.
public enum StoredActivity: Hashable, Sendable {
  case readable(ActivityEntry)
  /// The row holds what no entry holds, such as a kind that does not exist.
  case unreadable(position: Int64)

  public var position: Int64 {
    switch self {
    case .readable(let entry): entry.position
    case .unreadable(let position): position
    }
  }
}

/// Goes through a company's activity line by line and names everything that was changed since it was written. Rule G-20.
///
/// Feed it every line in the order of positions with ``take(_:)``, then ask for the ``report()``. It keeps the last hash,
/// the heads and a bounded list of problems, so the log may be as long as it likes. After a problem it goes on from the
/// line as it stands, so that one change is told once.
public struct ActivityVerification: Sendable {
  /// Problems that a report spells out.
  public static let mostProblems = 100

  private let company: CompanyID
  private let sha256: SHA256Function
  /// Of the earlier heads with a good signature: their hashes, by the position of their line.
  private var awaited: [Int64: Set<[UInt8]>] = [:]
  private var nextPosition: Int64 = 1
  /// What the next line must name; nil where the line before is missing or unreadable.
  private var previousHash: [UInt8]? = ActivityChain.firstPreviousHash
  private var head: ActivityHead
  private var checked: Int64 = 0
  private var problems: [String] = []
  private var omitted = 0

  /// - Parameters:
  ///   - heads: earlier ones that the log must still contain. They must be of this company and signed by `sign`; one that
  ///     is not is a problem and says nothing else.
  ///   - sign: signs as the heads were signed.
  public init(
    of company: CompanyID, since heads: [SignedActivityHead] = [], signedBy sign: SignatureFunction,
    sha256: @escaping SHA256Function
  ) {
    self.company = company
    self.sha256 = sha256
    head = .empty(company)
    for signed in heads { expect(signed, sign) }
  }

  /// The next line of the log.
  public mutating func take(_ line: StoredActivity) {
    checked = checked.addingSaturated(1)
    let isInOrder = checkPosition(line.position)
    switch line {
    case .unreadable(let position):
      note("Line \(position) cannot be read: it holds values that are never written.")
      if isInOrder { previousHash = nil }
      awaited[position] = nil
    case .readable(let entry):
      checkContent(of: entry)
      guard isInOrder else { return }
      if let previousHash, previousHash != entry.previousHash {
        note("Line \(entry.position) does not follow the line before it: one of them is not the one that was written.")
      }
      previousHash = entry.hash
      head = ActivityHead(companyID: company, position: entry.position, hash: entry.hash)
      checkAwaited(entry)
    }
  }

  /// What was found, once every line was taken.
  public func report() -> ActivityReport {
    var whole = self
    for position in awaited.keys.sorted() { whole.noteLost(position) }
    return ActivityReport(
      companyID: company, checked: checked, head: head, problems: whole.problems, omittedProblems: whole.omitted)
  }

  private mutating func expect(_ signed: SignedActivityHead, _ sign: SignatureFunction) {
    let named = signed.head
    guard named.companyID == company else {
      return note("The head given is of company \(named.companyID), not of \(company).")
    }
    guard signed.isGenuine(sign) else {
      return note(
        "The head given for line \(named.position) was not signed with this installation's master key. Copy all of it, "
          + "and use the master key of the installation that wrote it.")
    }
    // Of a chain without lines nothing can be lost.
    if named.position > 0 { awaited[named.position, default: []].insert(named.hash) }
  }

  /// False for a line that stands behind where it belongs.
  private mutating func checkPosition(_ position: Int64) -> Bool {
    guard position >= nextPosition else {
      note("Line \(position) stands where line \(nextPosition) belongs.")
      return false
    }
    if position > nextPosition {
      let last = position - 1
      note(last == nextPosition ? "Line \(last) is missing." : "Lines \(nextPosition) to \(last) are missing.")
      previousHash = nil
    }
    nextPosition = position.addingSaturated(1)
    return true
  }

  private mutating func checkContent(of entry: ActivityEntry) {
    if entry.companyID != company {
      note("Line \(entry.position) belongs to company \(entry.companyID), not to \(company).")
    }
    if entry.hash != ActivityChain.hash(of: entry, sha256: sha256) {
      note("Line \(entry.position) was altered after it was written.")
    }
  }

  private mutating func checkAwaited(_ entry: ActivityEntry) {
    guard let hashes = awaited.removeValue(forKey: entry.position), hashes != [entry.hash] else { return }
    note("Line \(entry.position) is not the one that the head given names: what came up to it was rewritten.")
  }

  /// A head whose line never came.
  private mutating func noteLost(_ position: Int64) {
    guard position >= nextPosition else {
      return note("The head given names line \(position), which is missing.")
    }
    let last = nextPosition - 1
    note(
      last == 0
        ? "The log is empty, but the head given names line \(position): everything was cut off."
        : "The log ends with line \(last), but the head given names line \(position): its end was cut off.")
  }

  private mutating func note(_ problem: String) {
    if problems.count < Self.mostProblems { problems.append(problem) } else { omitted += 1 }
  }
}
