/// What the shell shall do, in this order.
public enum GatewayCallAction: Sendable {
  /// Reserve the bounds and write the open record; answered by `admitted` or `refused`.
  case admit(AdmissionRequest)
  case open(UpstreamOpening)
  /// The call runs inside this process.
  case run(ModelCall, Deployment)
  /// Wait on for the provider's head, so many milliseconds before `waitedLong` comes again, or as long as it takes.
  case waitOn(patience: Int64?)
  /// Hold the bounds of another attempt and what earlier ones may have cost, in place of what is held; answered by
  /// `reserved` or `notReserved`. Rule M-4.
  case reserveAgain(AttemptRequest)
  /// Tell whoever chooses among deployments. Rule N-3.
  case report(AttemptReport)
  /// All of the answer has come: wait no longer than so many milliseconds for the end of its connection.
  case expectEnd(milliseconds: Int64)
  case cancelUpstream
  case head(AnswerHead)
  case write([UInt8])
  /// Tell the journal how far a stream has come. Rule M-3.
  case progress(outputCharacters: Int64)
  /// Record the usage entry and free the reservation; precedes the last `write`. Rule M-1.
  case settle(UsageEntry)
  /// The answer is complete; nothing follows.
  case finish
}

/// What is to be reserved, and for whom.
public struct AdmissionRequest: Sendable {
  public let model: ModelVersion
  public let deployment: Deployment
  public let bounds: CallBounds

  public init(model: ModelVersion, deployment: Deployment, bounds: CallBounds) {
    self.model = model
    self.deployment = deployment
    self.bounds = bounds
  }
}

/// A request that is ready to go to a provider.
public struct UpstreamOpening: Sendable {
  public let deployment: Deployment
  public let request: UpstreamRequest
  /// Milliseconds until the machine wants to hear that the head has not come (`waitedLong`); nil where it does not.
  public let patience: Int64?

  public init(deployment: Deployment, request: UpstreamRequest, patience: Int64? = nil) {
    self.deployment = deployment
    self.request = request
    self.patience = patience
  }
}

/// What another attempt of an admitted call has to reserve. Rule M-4.
public struct AttemptRequest: Sendable {
  public let call: AdmittedCall
  public let bounds: CallBounds
  /// What earlier attempts are charged, whatever becomes of this one.
  public let spent: TokenUsage

  public init(call: AdmittedCall, bounds: CallBounds, spent: TokenUsage) {
    self.call = call
    self.bounds = bounds
    self.spent = spent
  }
}
