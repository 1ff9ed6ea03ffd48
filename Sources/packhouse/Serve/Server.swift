import Core
import Foundation
import Gateway
import Hummingbird
import Logging
import NIOPosix
import NIOSSL
import OfflineModels
import Platform
import Portal
import Providers
import ServiceLifecycle
import Storage
import UnixSignals

/// The whole server: wiring, and the order of start and stop.
struct Server {
  let installation: Installation
  let client: UpstreamClient
  let feed: ChangeFeed
  let providers: ProviderDirectory
  let routing: RoutingTable
  let gateway: GatewayServices
  let stop = StopNotice()

  var configuration: ServerConfiguration { installation.configuration }
  var folder: DataFolder { installation.folder }
  var metering: Metering { installation.metering }
  var platform: PlatformServices { installation.platform }
  private var logger: Logger { installation.logger }

  /// Opens everything. Nothing listens yet.
  init(_ configuration: ServerConfiguration) async throws {
    let logger = Logger(label: "packhouse")
    installation = try await Installation(configuration, logger: logger)
    let (catalog, database, metering) = (installation.catalog, installation.database, installation.metering)
    let (clock, random) = (SystemSources.clock, SystemSources.random)
    let shares = configuration.protection.shares(openFiles: OpenFiles.limit)
    client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton, calls: shares.calls)
    do {
      providers = try await Self.providers(installation, client)
    } catch {
      // The library ends the process where its client is dropped without this.
      try? await client.shutDown()
      throw error
    }
    feed = ChangeFeed(database: database, clock: clock, logger: logger)
    routing = RoutingTable(random: random, logger: logger)
    let resources = ResourceDirectory(installation.context, feed: feed)
    let keys = KeyDirectory(database: database, feed: feed, clock: clock)
    gateway = GatewayServices(
      access: GatewayAccess(keys: keys, resources: resources, clock: clock, logger: logger),
      driver: GatewayCallDriver(
        policy: providers.policy(catalog, routing: routing), admission: metering.desk, clock: clock, logger: logger,
        drain: AnswerDrain(patience: Int64(configuration.drainSeconds) * 1_000), stop: stop),
      catalog: catalog, requestIDs: RequestIDSource(random: random), clock: clock, logger: logger,
      limits: configuration.protection.callLimits(shares))
  }

  /// The accounts of the providers file and of the store, with the built-in models.
  private static func providers(
    _ installation: Installation, _ client: UpstreamClient
  ) async throws -> ProviderDirectory {
    let (configuration, catalog) = (installation.providers, installation.catalog)
    let offline = OfflineWeights.load(from: installation.configuration.modelFolders, logger: installation.logger)
    let environment = ProcessInfo.processInfo.environment
    let stored = try await ProviderAccounts(installation.context).all()
    return try ProviderDirectory(stored, logger: installation.logger) { stored in
      try ProviderWiring(
        configuration, stored: stored, catalog: catalog, client: client, offline: offline, environment: environment,
        clock: SystemSources.clock)
    }
  }

  /// Listens until a signal asks for the end; then finishes what runs. Rule L-2.
  func run() async throws {
    let result = await Result { try await serve() }
    let left = metering.journal.openCount
    await close()
    if stop.isStopping {
      logger.notice(
        "Stopped: \(left == 0 ? "every call is settled" : "the next start settles what is left of \(left) calls").")
    }
    try result.get()
  }

  private func serve() async throws {
    let tls = try TLSSettings.load(configuration.tls)
    let ports = BoundPorts(expected: 3)
    let (metering, database) = (metering, installation.database)
    let portal = try Listener(
      "portal", configuration.portal, router: PortalRoutes.router(try portalServices(isSecure: tls != nil)), tls: tls,
      protection: portalProtection, logger: logger, bound: { ports.set("portal", $0) })
    let gateway = try Listener(
      "gateway", configuration.gateway, router: GatewayRoutes.router(gateway), tls: tls,
      protection: gatewayProtection, logger: logger, bound: { ports.set("gateway", $0) })
    let metrics = DeploymentMetrics(
      routing: routing, clock: SystemSources.clock,
      deployments: { [providers] in providers.current.allDeployments })
    let operations = try Listener(
      "operations", configuration.operations,
      router: OperationsRoutes.router(
        isReady: { [stop] in stop.isStopping ? false : await Self.isReady(metering, database) },
        metrics: { metrics.text }),
      tls: nil,
      protection: operationsProtection, logger: logger, bound: { ports.set("operations", $0) })
    let follower = ProviderAccountFollower(
      ProviderAccounts(platform.context), feed: feed, logger: logger, apply: { [providers] in providers.apply($0) })
    let control = ControlService(
      server: self, ports: ports, portal: portal, gateway: gateway, operations: operations)
    let announcement = AnnouncementService(
      server: self, ports: ports, portal: portal, gateway: gateway, operations: operations)
    var services = ServiceGroupConfiguration(
      services: [
        // Stopped in the opposite order: first the listeners, last what records their usage.
        .init(service: feed, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: follower, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: metering.applier, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: Housekeeping(platform.context), failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: Reconciler(platform.context), failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: control, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: announcement, successTerminationBehavior: .ignore),
        .init(service: self.gateway.driver.drain, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: operations.service, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(
          service: gracefulStop(of: SideBySide(gateway.service, portal.service, logger: quiet(logger))),
          failureTerminationBehavior: .gracefullyShutdownGroup),
      ],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger))
    services.maximumGracefulShutdownDuration = .seconds(configuration.stopSeconds + GracefulStop.partingSeconds)
    try await ServiceGroup(configuration: services).run()
  }

  /// Running calls get their time to finish; what they wait for then ends with the connections to providers. Rule L-2.
  private func gracefulStop(of listeners: SideBySide) -> GracefulStop {
    GracefulStop(
      listeners: listeners, notice: stop, time: .seconds(configuration.stopSeconds), logger: logger,
      openCalls: { [metering] in metering.journal.openCount }, cut: { [client] in try? await client.shutDown() })
  }

  /// Asks the deployments that `only` names, or all of them. Rule N-5.
  func examine(_ only: [String]) async -> DoctorAnswer {
    let wiring = providers.current
    let findings = await DeploymentCheck(wiring.policy(installation.catalog)).findings(
      of: wiring.allDeployments.selected(by: only), requestIDs: RequestIDSource(random: SystemSources.random))
    return DoctorAnswer(deployments: findings, complaints: wiring.complaints)
  }

  /// After the listeners: what they admitted is recorded, then connections and files are let go.
  private func close() async {
    try? await client.shutDown()
    await installation.close()
  }

  private func portalServices(isSecure: Bool) throws -> PortalServices {
    let settings = PortalSettings(
      isSecure: isSecure || configuration.portalURL?.hasPrefix("https://") == true,
      trustedProxies: configuration.trustedProxies, branding: configuration.branding)
    guard settings.unreadableProxies.isEmpty else {
      let entries = settings.unreadableProxies.joined(separator: ", ")
      throw SettingsProblem(["trustedProxies holds what is neither an address nor a network: \(entries)."])
    }
    return PortalServices(
      platform: platform, settings: settings, servedModels: { [providers] in providers.current.servedModels },
      deployments: DeploymentReports(
        platform.context, routing: routing, deployments: { [providers] in providers.current.deployments(of: $0) }))
  }

  private static func isReady(_ metering: Metering, _ database: Database) async -> Bool {
    guard metering.isReady else { return false }
    return (try? await database.read { _ = try $0.latestChange() }) != nil
  }

  /// The service group tells each of its steps; only its problems are of interest.
  private func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    return quiet
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
