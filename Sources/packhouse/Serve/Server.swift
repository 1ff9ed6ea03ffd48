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
  let configuration: ServerConfiguration
  let logger: Logger
  let folder: DataFolder
  let catalog: Catalog
  let providers: ProviderConfiguration
  let database: Database
  let metering: Metering
  let client: UpstreamClient
  let feed: ChangeFeed
  let platform: PlatformServices
  let gateway: GatewayServices
  /// Held until the process ends: one writer per data folder. Decision 8.
  let lock: FolderLock

  /// How long running calls may take to finish once a signal has come; then they are cut short and settled. Rule L-2.
  private static let stopSeconds = 60

  /// Opens everything. Nothing listens yet.
  init(_ configuration: ServerConfiguration) async throws {
    self.configuration = configuration
    logger = Logger(label: "packhouse")
    let shipped = try CatalogFiles.catalog(configuration.catalogFile)
    providers = try CatalogFiles.providers(configuration.providersFile, catalog: shipped)
    catalog = providers.extending(shipped)
    folder = DataFolder(configuration.data)
    try folder.create()
    lock = try FolderLock.acquire(folder)
    database = try await Database.open(configuration.database)
    let (clock, random) = (SystemSources.clock, SystemSources.random)
    try await CatalogFiles.checkEnabledModels(catalog, database: database)
    metering = try await Metering.open(
      folder: folder.journal, options: JournalOptions(durability: configuration.durability), database: database,
      catalog: catalog, clock: clock, random: random, logger: logger, onFsyncFailure: Self.endAfterFailedSync)
    let masterKey = try MasterKey.load(folder: folder.path, environment: configuration.masterKey, random: random)
    client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
    let wiring: ProviderWiring
    do {
      wiring = try ProviderWiring(
        providers, catalog: catalog, client: client,
        offline: OfflineWeights.load(from: configuration.modelFolders, logger: logger),
        environment: ProcessInfo.processInfo.environment, clock: clock)
    } catch {
      // The library ends the process where its client is dropped without this.
      try? await client.shutDown()
      throw error
    }
    feed = ChangeFeed(database: database, clock: clock, logger: logger)
    let context = PlatformContext(
      database: database, catalog: catalog, branding: configuration.branding,
      addresses: PublicAddresses(portal: "", gateway: ""),
      masterKey: masterKey, clock: clock, random: random, logger: logger)
    platform = PlatformServices(context, allowances: RunningAllowances(metering.book, clock: clock))
    let resources = ResourceDirectory(context, feed: feed)
    let keys = KeyDirectory(database: database, feed: feed, clock: clock)
    gateway = GatewayServices(
      access: GatewayAccess(keys: keys, resources: resources, clock: clock, logger: logger),
      driver: GatewayCallDriver(
        policy: wiring.policy(catalog), admission: metering.desk, clock: clock, logger: logger),
      catalog: catalog, requestIDs: RequestIDSource(random: random), clock: clock, logger: logger)
  }

  /// Listens until a signal asks for the end; then finishes what runs. Rule L-2.
  func run() async throws {
    let result = await Result { try await serve() }
    await close()
    try result.get()
  }

  private func serve() async throws {
    let tls = try TLSSettings.load(configuration.tls)
    let ports = BoundPorts(expected: 3)
    let metering = metering
    let database = database
    let portal = try Listener(
      "portal", configuration.portal, router: PortalRoutes.router(try portalServices(isSecure: tls != nil)), tls: tls,
      logger: logger, bound: { ports.set("portal", $0) })
    let gateway = try Listener(
      "gateway", configuration.gateway, router: GatewayRoutes.router(gateway), tls: tls, logger: logger,
      bound: { ports.set("gateway", $0) })
    let operations = try Listener(
      "operations", configuration.operations,
      router: OperationsRoutes.router(isReady: { await Self.isReady(metering, database) }), tls: nil, logger: logger,
      bound: { ports.set("operations", $0) })
    let control = ControlService(
      server: self, ports: ports, portal: portal, gateway: gateway, operations: operations)
    let announcement = AnnouncementService(
      server: self, ports: ports, portal: portal, gateway: gateway, operations: operations)
    var services = ServiceGroupConfiguration(
      services: [
        // Stopped in the opposite order: first the listeners, last what records their usage.
        .init(service: feed, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: metering.applier, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: Housekeeping(platform.context), failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: Reconciler(platform.context), failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: control, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: announcement, successTerminationBehavior: .ignore),
        .init(service: operations.service, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: gateway.service, failureTerminationBehavior: .gracefullyShutdownGroup),
        .init(service: portal.service, failureTerminationBehavior: .gracefullyShutdownGroup),
      ],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger))
    services.maximumGracefulShutdownDuration = .seconds(Self.stopSeconds)
    try await ServiceGroup(configuration: services).run()
  }

  /// After the listeners: what they admitted is recorded, then connections and files are let go.
  private func close() async {
    try? await client.shutDown()
    await metering.applier.applyPending()
    await metering.journal.close()
    await database.close()
  }

  private func portalServices(isSecure: Bool) throws -> PortalServices {
    let settings = PortalSettings(
      isSecure: isSecure || configuration.portalURL?.hasPrefix("https://") == true,
      trustedProxies: configuration.trustedProxies, branding: configuration.branding)
    guard settings.unreadableProxies.isEmpty else {
      let entries = settings.unreadableProxies.joined(separator: ", ")
      throw SettingsProblem(["trustedProxies holds what is neither an address nor a network: \(entries)."])
    }
    return PortalServices(platform: platform, settings: settings)
  }

  private static func isReady(_ metering: Metering, _ database: Database) async -> Bool {
    guard metering.isReady else { return false }
    return (try? await database.read { _ = try $0.latestChange() }) != nil
  }

  /// Nobody knows any more what is on the disk: the next start reads it and settles what was open. Decision 5.
  @Sendable private static func endAfterFailedSync(_ problem: JournalProblem) {
    FileHandle.standardError.write(Data("packhouse: \(problem)\n".utf8))
    _exit(1)
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
