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
