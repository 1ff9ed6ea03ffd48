import Core

/// A company as `packhouse company list` shows it.
public struct ListedCompany: Codable, Hashable, Sendable {
  /// Never changes.
  public let id: String
  /// As it is called today.
  public let name: String
  /// The IANA name, such as `Europe/Amsterdam`. Rule P-2.
  public let timeZone: String
  /// UTC, ISO 8601.
  public let createdAt: String
  /// The day of it, in the company's zone.
  public let createdDay: String
  /// Its Cloud Tokens at present.
  public let balance: ListedBalance
  /// Resources that are not deprovisioned.
  public let resources: Int

  init(_ standing: CompanyStanding, at now: Instant) {
    let facts = standing.facts
    id = facts.company.id.text
    name = facts.company.name
    timeZone = facts.company.timeZone
    createdAt = facts.company.createdAt.utcText
    createdDay = facts.zone.day(of: facts.company.createdAt).description
    balance = ListedBalance(standing.timeline.balance(at: now))
    resources = facts.resources.count { standing.timeline.state(of: $0.id, at: now)?.endedAt == nil }
  }
}

/// Cloud Tokens of a company. Rule T-2.
public struct ListedBalance: Codable, Hashable, Sendable {
  /// Of the contracts in force.
  public let total: Int64
  /// Held by resources.
  public let allocated: Int64
  /// Negative where a contract ended under the resources that it paid for.
  public let available: Int64

  init(_ balance: TokenBalance) {
    total = balance.total.count
    allocated = balance.allocated.count
    available = balance.available.count
  }
}

/// A contract. Rule T-1.
public struct ListedContract: Codable, Hashable, Sendable {
  /// Where the present is in its life.
  public enum Status: String, Codable, Hashable, Sendable {
    case toCome = "to come"
    case inForce = "in force"
    case over
  }

  /// Unique across companies.
  public let id: String
  /// Whole Cloud Tokens that it grants.
  public let cloudTokens: Int64
  /// At present.
  public let status: Status
  /// From when it grants them, though not before ``recordedAt``; UTC, ISO 8601.
  public let startsAt: String
  /// The first day, in the company's zone.
  public let startDay: String
  /// Until when; UTC, ISO 8601.
  public let endsAt: String
  /// The first day without it.
  public let endDay: String
  /// When the operator granted it; UTC, ISO 8601.
  public let recordedAt: String

  init(_ contract: Contract, zone: CompanyZone, at now: Instant) {
    id = contract.id.text
    cloudTokens = contract.tokens.count
    status = contract.isInForce(at: now) ? .inForce : contract.endsAt <= now ? .over : .toCome
    startsAt = contract.startsAt.utcText
    startDay = zone.day(of: contract.startsAt).description
    endsAt = contract.endsAt.utcText
    endDay = zone.day(of: contract.endsAt).description
    recordedAt = contract.recordedAt.utcText
  }
}

/// A platform account with its subscriptions. Rules E-2 to E-4.
public struct ListedAccount: Codable, Hashable, Sendable {
  /// One of its subscriptions.
  public struct Subscription: Codable, Hashable, Sendable {
    /// From 1.
    public let number: Int
    /// `enterprise` or `other`.
    public let kind: String
    /// `active` or `inactive`.
    public let status: String
    /// Such as `FY26`.
    public let priceList: String
  }

  /// Unique in its company.
  public let name: String
  /// By number.
  public let subscriptions: [Subscription]

  init(_ account: PlatformAccount) {
    name = account.name
    subscriptions = account.subscriptions.enumerated().map { index, subscription in
      Subscription(
        number: index + 1, kind: subscription.isEnterprise ? "enterprise" : "other",
        status: subscription.isActive ? "active" : "inactive",
        priceList: subscription.priceList)
    }
  }
}

/// Somebody whose home is a company. Rule P-3.
public struct ListedUser: Codable, Hashable, Sendable {
  /// Never changes.
  public let id: String
  /// As the person is called today.
  public let name: String
  /// The address to sign in with, in its canonical form.
  public let email: String
  /// `admin` or `member`.
  public let role: String
  /// `active`, `without password` or `deactivated`.
  public let status: String
  /// Since when access is ended, in the company's zone; left out of the others.
  public let deactivatedDay: String?

  init(_ user: User, canSignIn: Bool, zone: CompanyZone) {
    id = user.id.text
    name = user.name
    email = user.email
    role = user.companyRole.rawValue
    status = user.deactivatedAt != nil ? "deactivated" : canSignIn ? "active" : "without password"
    deactivatedDay = user.deactivatedAt.map { zone.day(of: $0).description }
  }
}
