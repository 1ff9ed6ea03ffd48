/// What the shell shall do, in this order.
public enum GatewayCallAction: Sendable {
  /// Reserve the bounds and write the open record; answered by `admitted` or `refused`.
  case admit(AdmissionRequest)
  case open(UpstreamOpening)
  /// The call runs inside this process.
  case run(ModelCall, Deployment)
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

  public init(deployment: Deployment, request: UpstreamRequest) {
    self.deployment = deployment
    self.request = request
  }
}
