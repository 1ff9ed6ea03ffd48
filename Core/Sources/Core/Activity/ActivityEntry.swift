/// One line of a company's activity: who did what when. Appended, never changed, and chained to the line before by its
/// hash. Rule G-20.
public struct ActivityEntry: Hashable, Sendable {
  public let companyID: CompanyID
  /// 1 for the company's first line; grows by one.
  public let position: Int64
  public let at: Instant
  public let actor: ActivityActor
  /// What was done and to what.
  public let deed: ActivityDeed
  /// SHA-256 of the line before; 32 zero bytes before the first.
  public let previousHash: [UInt8]
  /// SHA-256 over everything above, ``ActivityChain`` says how.
  public let hash: [UInt8]

  public init(
    companyID: CompanyID, position: Int64, at: Instant, actor: ActivityActor, deed: ActivityDeed,
    previousHash: [UInt8], hash: [UInt8]
  ) {
    self.companyID = companyID
    self.position = position
    self.at = at
    self.actor = actor
    self.deed = deed
    self.previousHash = previousHash
    self.hash = hash
  }
}

/// What was done, in words for people. Names stand as they were at the time; no content of calls is ever part of it.
public struct ActivityDeed: Hashable, Sendable {
  public let kind: ActivityKind
  /// Nil for what concerns the company rather than one resource.
  public let resourceID: ResourceID?
  /// One sentence without the actor, such as `Scheduled “Support assistant” for deprovisioning on 12 March 2026`.
  public let sentence: String

  public init(_ kind: ActivityKind, resource: ResourceID? = nil, _ sentence: String) {
    self.kind = kind
    resourceID = resource
    self.sentence = sentence
  }
}

/// Who acted.
public enum ActivityActor: Hashable, Sendable {
  /// A person, with the name of the time and the network address.
  case person(UserID, name: String, address: String)
  /// Whoever has a shell on the server. Rule P-1.
  case `operator`
  /// What took effect because time passed. Rule A-7.
  case schedule
}

/// What a line is about, for filtering. Rule G-20.
public enum ActivityKind: String, Hashable, Sendable, CaseIterable {
  /// Provisioning, changes of capacity, deprovisioning, suspension.
  case capacity
  /// Contracts and their tokens.
  case contract
  /// Members of the company: added, made admin, deactivated.
  case member
  case invitation
  case team
  case key
  /// Name, environment, models; of a company its switches, accounts and subscriptions.
  case settings
  /// Content of knowledge bases.
  case content
}
