import Core
import Foundation
import Logging
import Platform
import Storage

/// What stands behind a server, and behind a command that changes something while none runs: a data folder under its
/// lock, opened in the order that loses nothing. Decision 8.
struct Installation: Sendable {
  let configuration: ServerConfiguration
  let logger: Logger
  let folder: DataFolder
  let catalog: Catalog
  let providers: ProviderConfiguration
  let database: Database
  let metering: Metering
  let platform: PlatformServices
  /// Held for as long as this is: one writer per data folder.
  private let lock: FolderLock

  var context: PlatformContext { platform.context }

  /// Opens everything; what a crash left in the journal is in the tables then.
  init(_ configuration: ServerConfiguration, logger: Logger) async throws {
    self.configuration = configuration
    self.logger = logger
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
    let context = PlatformContext(
      database: database, catalog: catalog, branding: configuration.branding,
      addresses: PublicAddresses(portal: configuration.portalURL ?? "", gateway: configuration.gatewayURL ?? ""),
      masterKey: masterKey, clock: clock, random: random, logger: logger, providers: providers)
    platform = PlatformServices(context, allowances: RunningAllowances(metering.book, clock: clock))
  }

  /// What was admitted is recorded, then files and connections are let go.
  func close() async {
    await metering.applier.applyPending()
    await metering.journal.close()
    await database.close()
  }

  /// Nobody knows any more what is on the disk: the next start reads it and settles what was open. Decision 5.
  @Sendable private static func endAfterFailedSync(_ problem: JournalProblem) {
    FileHandle.standardError.write(Data("packhouse: \(problem)\n".utf8))
    _exit(1)
  }
}
