public import Core
public import Logging
public import Storage

/// What every use case works with. Time, randomness and addresses come from outside.
public struct PlatformContext: Sendable {
  public let database: Database
  public let catalog: Catalog
  /// What the providers file says. Stored accounts are not in it: ``ProviderAccounts``.
  public let providers: ProviderConfiguration
  public let branding: Branding
  public let addresses: PublicAddresses
  public let masterKey: MasterKey
  public let clock: WallClock
  public let random: RandomSource
  public let logger: Logger
  /// Companies as last read, by revision.
  let companies = CompanyDirectory()
  /// The Control Center's lists as last made.
  let controlCenter = ControlCenterDirectory()
  /// How many lines the ledgers have.
  let ledgers = LedgerDirectory()

  public init(
    database: Database, catalog: Catalog, branding: Branding, addresses: PublicAddresses, masterKey: MasterKey,
    clock: WallClock, random: RandomSource, logger: Logger, providers: ProviderConfiguration = .none
  ) {
    self.database = database
    self.catalog = catalog
    self.providers = providers
    self.branding = branding
    self.addresses = addresses
    self.masterKey = masterKey
    self.clock = clock
    self.random = random
    self.logger = logger
  }
}
