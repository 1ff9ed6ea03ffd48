/// What happens to a call while it runs; the shell reports it with the instant at which it happened.
public enum GatewayCallEvent: Sendable {
  /// The whole request is there and its key has been accepted.
  case accepted(InboundRequest, CallTarget)
  case admitted(AdmittedCall, Reservation)
  case refused(GatewayFailure)
  case upstreamHead(status: Int, headers: [HTTPField])
  case upstreamBytes([UInt8])
  /// Events of a provider that runs inside this process.
  case modelEvents([ModelEvent])
  case upstreamEnd
  case upstreamFailed(UpstreamFailure)
  /// A local model refused the call: it cannot express what was asked.
  case upstreamRefused(InvalidRequest)
  case clientGone
  /// The time for finishing is over: the call's own deadline, or that of draining after the client has gone.
  case deadline
}

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

/// The resource that an accepted key belongs to, as far as a call needs it.
public struct CallTarget: Sendable {
  public let resource: Resource
  public let payer: Payer

  public init(resource: Resource, payer: Payer) {
    self.resource = resource
    self.payer = payer
  }
}

/// What a call may use and how it is judged: pure functions of configuration, given to the machine.
public struct CallPolicy: Sendable {
  public let catalog: Catalog
  /// Deployments of a model version in the order of the configuration.
  public let deployments: @Sendable (ModelVersionID) -> [Deployment]
  public let provider: @Sendable (Deployment) -> ModelProvider?
  /// Checks a call against the limits of its model. Rule F-3.
  public let checkLimits: @Sendable (ModelCall, ModelLimits) throws(InvalidRequest) -> Void

  public init(
    catalog: Catalog, deployments: @escaping @Sendable (ModelVersionID) -> [Deployment],
    provider: @escaping @Sendable (Deployment) -> ModelProvider?,
    checkLimits: @escaping @Sendable (ModelCall, ModelLimits) throws(InvalidRequest) -> Void
  ) {
    self.catalog = catalog
    self.deployments = deployments
    self.provider = provider
    self.checkLimits = checkLimits
  }
}
