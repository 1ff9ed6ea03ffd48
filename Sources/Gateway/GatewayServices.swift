public import Core
public import Logging
public import Platform

/// All that the gateway's routes need; made once, by the wiring.
public struct GatewayServices: Sendable {
  public let access: GatewayAccess
  public let driver: GatewayCallDriver
  public let catalog: Catalog
  public let requestIDs: RequestIDSource
  public let clock: WallClock
  public let logger: Logger
  /// Where running calls have their places. Rule L-1.
  public let places: CallPlaces
  /// The memory that their bodies take. Rule L-1.
  public let bodies: BodyRooms

  public init(
    access: GatewayAccess, driver: GatewayCallDriver, catalog: Catalog, requestIDs: RequestIDSource,
    clock: WallClock, logger: Logger, limits: CallLimits = .none, bodies: BodyLimits = GatewayLimits.bodies
  ) {
    self.access = access
    self.driver = driver
    self.catalog = catalog
    self.requestIDs = requestIDs
    self.clock = clock
    self.logger = logger
    places = CallPlaces(limits, clock: clock)
    self.bodies = BodyRooms(bodies)
  }
}
