import Core
import Storage

extension PlatformContext {
  /// Characters of a network address that are kept; the longest of IPv6 with its zone is shorter.
  static let longestAddress = 100

  /// Appends what `actor` did at `at` to the company's activity, in the order given, as part of the change itself: both
  /// are saved or neither. Rule G-20.
  func appendActivity(
    _ deeds: [ActivityDeed], of company: CompanyID, actor: Actor, at: Instant, _ transaction: Transaction
  ) throws {
    guard !deeds.isEmpty else { return }
    var head = try transaction.activityHeadToFollow(of: company)
    for deed in deeds {
      let entry = ActivityChain.entry(
        after: head, at: at, actor: ActivityActor(actor), deed: deed, sha256: Digest.sha256)
      try transaction.append(entry)
      head = entry.head
    }
  }
}

extension ActivityActor {
  /// With the name and address of the time.
  fileprivate init(_ actor: Actor) {
    switch actor {
    case .person(let caller):
      self = .person(
        caller.id, name: caller.user.name, address: String(caller.address.prefix(PlatformContext.longestAddress)))
    case .operator: self = .operator
    case .schedule: self = .schedule
    }
  }
}
