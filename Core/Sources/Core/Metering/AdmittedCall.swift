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

  /// The same with the input of earlier attempts counted in: what a crash in another one is charged. Rules M-2, M-4.
  public func counting(_ spent: TokenUsage) -> AdmittedCall {
    AdmittedCall(
      requestID: requestID, companyID: companyID, resourceID: resourceID, payer: payer, model: model, rates: rates,
      region: region, dialect: dialect, admittedAt: admittedAt, bundleMonthStart: bundleMonthStart,
      localDay: localDay,
      countedInput: min(TokenCount(countedInput.count.addingSaturated(spent.shownInput.count)), TokenUsage.mostTokens))
  }
}
