/// A company that holds Cloud Tokens. Rule P-2.
public struct Company: Hashable, Sendable {
  public let id: CompanyID
  public var name: String
  /// An IANA name such as `Europe/Amsterdam`; final after the first provisioning.
  public let timeZone: String
  public var externalInvitationsEnabled: Bool
  public let createdAt: Instant

  public init(
    id: CompanyID, name: String, timeZone: String, externalInvitationsEnabled: Bool = false, createdAt: Instant
  ) {
    self.id = id
    self.name = name
    self.timeZone = timeZone
    self.externalInvitationsEnabled = externalInvitationsEnabled
    self.createdAt = createdAt
  }
}

/// A grant of Cloud Tokens in force during `[startsAt, endsAt)`, as far as it was recorded by then. Rule T-1.
public struct Contract: Hashable, Sendable {
  public let id: Identifier<Contract>
  public let companyID: CompanyID
  public let tokens: CloudTokens
  public let startsAt: Instant
  public let endsAt: Instant
  public let recordedAt: Instant

  /// `recordedAt` is `startsAt` where nothing else is said.
  public init(
    id: Identifier<Contract>, companyID: CompanyID, tokens: CloudTokens, startsAt: Instant, endsAt: Instant,
    recordedAt: Instant? = nil
  ) {
    self.id = id
    self.companyID = companyID
    self.tokens = tokens
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.recordedAt = recordedAt ?? startsAt
  }

  /// From when its tokens count: what was recorded late changes nothing that was true before.
  public var inForceFrom: Instant { max(startsAt, recordedAt) }
}

/// A company's account on the platform, with its subscriptions. Rules E-2 to E-4.
public struct PlatformAccount: Hashable, Sendable {
  public struct Subscription: Hashable, Sendable {
    public let isEnterprise: Bool
    public let isActive: Bool
    /// Fiscal year of the price list: 21 for FY21.
    public let priceListYear: Int

    public init(isEnterprise: Bool, isActive: Bool, priceListYear: Int) {
      self.isEnterprise = isEnterprise
      self.isActive = isActive
      self.priceListYear = priceListYear
    }

    /// `FY21`.
    public var priceList: String { Self.priceList(priceListYear) }

    /// The price list of a fiscal year, as everybody calls it: `FY05` for 5.
    public static func priceList(_ year: Int) -> String { "FY\(year >= 0 && year < 10 ? "0" : "")\(year)" }
  }

  public let id: Identifier<PlatformAccount>
  public let companyID: CompanyID
  public let subscriptions: [Subscription]

  public init(id: Identifier<PlatformAccount>, companyID: CompanyID, subscriptions: [Subscription]) {
    self.id = id
    self.companyID = companyID
    self.subscriptions = subscriptions
  }
}

/// A movement of Cloud Tokens: appended, never changed. Rule T-3.
public struct LedgerEntry: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A contract began.
    case granted
    /// A contract ended.
    case expired
    /// A resource was provisioned, or resumed, or its capacity rose.
    case allocated
    /// A resource was deprovisioned, or suspended, or its capacity fell.
    case released
  }

  public let id: Identifier<LedgerEntry>
  public let companyID: CompanyID
  public let resourceID: ResourceID?
  public let contractID: Identifier<Contract>?
  public let kind: Kind
  /// Always positive; the kind says which way.
  public let tokens: CloudTokens
  /// What people read under "Cloud Resource Pack", such as `Text generation M`.
  public let pack: String
  public let effectiveAt: Instant

  public init(
    id: Identifier<LedgerEntry>, companyID: CompanyID, resourceID: ResourceID?, contractID: Identifier<Contract>?,
    kind: Kind, tokens: CloudTokens, pack: String, effectiveAt: Instant
  ) {
    self.id = id
    self.companyID = companyID
    self.resourceID = resourceID
    self.contractID = contractID
    self.kind = kind
    self.tokens = tokens
    self.pack = pack
    self.effectiveAt = effectiveAt
  }
}
