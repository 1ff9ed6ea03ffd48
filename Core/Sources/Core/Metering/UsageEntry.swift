/// Who pays for a call: whose name its usage stands under. Rule M-6.
public enum Payer: Hashable, Sendable {
  case key(KeyID)
  /// The embeddings key that belongs to a knowledge base key. Rule G-15.
  case companionKey(KeyID)
  /// "Portal - person": the Playground.
  case person(UserID)
  case knowledgeBase(ResourceID)

  /// `key:ID`, `companion:ID`, `person:ID` or `kb:ID`: how it stands in rows and exports.
  public var text: String {
    switch self {
    case .key(let id): "key:\(id)"
    case .companionKey(let id): "companion:\(id)"
    case .person(let id): "person:\(id)"
    case .knowledgeBase(let id): "kb:\(id)"
    }
  }

  /// Reads back what ``text`` wrote.
  public init?(text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let id = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "key": self = .key(KeyID(id))
    case "companion": self = .companionKey(KeyID(id))
    case "person": self = .person(UserID(id))
    case "kb": self = .knowledgeBase(ResourceID(id))
    default: return nil
    }
  }
}

/// How an admitted call ended.
public enum UsageStatus: String, Hashable, Sendable, CaseIterable {
  case completed
  /// The provider refused or failed.
  case failed
  /// The caller went away before the last byte.
  case disconnected
  /// The process died or stopped while the call ran. Rule M-2.
  case interrupted
}

/// What is known of a call when it is admitted: the open record of the metering journal. Rule M-1.
public struct AdmittedCall: Hashable, Sendable {
  public let requestID: RequestID
  public let companyID: CompanyID
  public let resourceID: ResourceID
  public let payer: Payer
  public let model: ModelVersionID
  /// Kept with the entry, so that a catalog change never reprices. Rule C-6.
  public let rates: ExchangeRates
  /// The region of the deployment that is asked first.
  public let region: RegionID
  public let dialect: Dialect
  public let admittedAt: Instant
  /// Start of the bundle month that the call belongs to. Rule B-4.
  public let bundleMonthStart: Instant
  /// The company's local day that the call belongs to. Rule B-4.
  public let localDay: LocalDay
  /// Input as counted or bounded before dispatch; what an interrupted call is charged for its input. Rule M-3.
  public let countedInput: TokenCount

  public init(
    requestID: RequestID, companyID: CompanyID, resourceID: ResourceID, payer: Payer, model: ModelVersionID,
    rates: ExchangeRates, region: RegionID, dialect: Dialect, admittedAt: Instant, bundleMonthStart: Instant,
    localDay: LocalDay, countedInput: TokenCount
  ) {
    self.requestID = requestID
    self.companyID = companyID
    self.resourceID = resourceID
    self.payer = payer
    self.model = model
    self.rates = rates
    self.region = region
    self.dialect = dialect
    self.admittedAt = admittedAt
    self.bundleMonthStart = bundleMonthStart
    self.localDay = localDay
    self.countedInput = countedInput
  }
}

/// The fact that a call used tokens: exactly one for every admitted call. Rule M-6. Holds no content.
public struct UsageEntry: Hashable, Sendable {
  public let call: AdmittedCall
  /// The region that served the call in the end.
  public let servedRegion: RegionID
  public let usage: TokenUsage
  public let finishedAt: Instant
  /// Milliseconds from admission to the first token, where there was one.
  public let timeToFirstToken: Int64?
  public let status: UsageStatus
  public let attempts: Int
  /// True where no provider report was to be had. Rule M-3.
  public let isEstimated: Bool

  public init(
    call: AdmittedCall, servedRegion: RegionID, usage: TokenUsage, finishedAt: Instant, timeToFirstToken: Int64?,
    status: UsageStatus, attempts: Int, isEstimated: Bool
  ) {
    self.call = call
    self.servedRegion = servedRegion
    self.usage = usage
    self.finishedAt = finishedAt
    self.timeToFirstToken = timeToFirstToken
    self.status = status
    self.attempts = attempts
    self.isEstimated = isEstimated
  }

  /// Priced with the rates of admission.
  public var units: GenAIUnits { call.rates.price(of: usage) }
  /// Milliseconds from admission to settlement.
  public var duration: Int64 { finishedAt.millisecondsSince(call.admittedAt) }
}
