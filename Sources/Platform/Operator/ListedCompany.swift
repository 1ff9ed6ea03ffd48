import Core

/// A company as `packhouse company list` shows it.
public struct ListedCompany: Codable, Hashable, Sendable {
  public let id: String
  public let name: String
  public let timeZone: String
  public let createdAt: String
  public let createdDay: String
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
  public enum Status: String, Codable, Hashable, Sendable {
    case toCome = "to come"
    case inForce = "in force"
    case over
  }

  public let id: String
  public let cloudTokens: Int64
  public let status: Status
  public let startsAt: String
  /// The first day, in the company's zone.
  public let startDay: String
  public let endsAt: String
  /// The first day without it.
  public let endDay: String
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

  public let name: String
  public let subscriptions: [Subscription]

  init(_ account: PlatformAccount) {
    name = account.name
    subscriptions = account.subscriptions.enumerated().map { index, subscription in
      Subscription(
        number: index + 1, kind: subscription.isEnterprise ? "enterprise" : "other",
        status: subscription.isActive ? "active" : "inactive",
        priceList: PlatformAccount.Subscription.priceList(subscription.priceListYear))
    }
  }
}

/// Somebody whose home is a company. Rule P-3.
public struct ListedUser: Codable, Hashable, Sendable {
  public let id: String
  public let name: String
  public let email: String
  /// `admin` or `member`.
  public let role: String
  /// `active`, `without password` or `deactivated`.
  public let status: String
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
