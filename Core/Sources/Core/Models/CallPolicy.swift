/// What a call may use and how it is judged: pure functions of configuration, given to the machine.
public struct CallPolicy: Sendable {
  public let catalog: Catalog
  /// Deployments of a model version in the order of the configuration.
  public let deployments: @Sendable (ModelVersionID) -> [Deployment]
  public let provider: @Sendable (Deployment) -> ModelProvider?
  /// Checks a call against the limits of its model. Rule F-3.
  public let checkLimits: @Sendable (ModelCall, ModelLimits) throws(InvalidRequest) -> Void
  /// Chooses among deployments in reach.
  public let routing: any DeploymentRouting

  public init(
    catalog: Catalog, deployments: @escaping @Sendable (ModelVersionID) -> [Deployment],
    provider: @escaping @Sendable (Deployment) -> ModelProvider?,
    checkLimits: @escaping @Sendable (ModelCall, ModelLimits) throws(InvalidRequest) -> Void,
    routing: any DeploymentRouting = ConfiguredOrder()
  ) {
    self.catalog = catalog
    self.deployments = deployments
    self.provider = provider
    self.checkLimits = checkLimits
    self.routing = routing
  }
}
