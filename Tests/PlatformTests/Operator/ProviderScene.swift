import Core
import Logging
import Storage
import TestSupport

@testable import Platform

/// What the operator asks for about provider accounts.
extension World {
  func account(
    _ name: String = "frankfurt", kind: String = "bedrock", region: String? = "eu-central-1", address: String? = nil,
    secret: String = "sesame-bearer-token", key: String? = nil
  ) -> AddProviderAccount {
    AddProviderAccount(
      name: name, kind: kind, region: region, address: address, secret: OperatorSecret(secret),
      idempotencyKey: key ?? submit())
  }

  func newSecret(_ name: String, _ secret: String, key: String? = nil) -> SetProviderSecret {
    SetProviderSecret(name: name, secret: OperatorSecret(secret), idempotencyKey: key ?? submit())
  }

  func removal(_ name: String) -> RemoveProviderAccount {
    RemoveProviderAccount(name: name, idempotencyKey: submit())
  }

  var providerAccounts: ProviderAccounts { ProviderAccounts(context) }

  /// A desk as a server with this providers file has it.
  func desk(_ accounts: [ProviderAccount]) -> OperatorDesk { operatorDesk(context.with(accounts)) }

  func reports(_ accounts: [ProviderAccount]) -> OperatorReports {
    OperatorReports(
      database: database, catalog: context.catalog, branding: context.branding, clock: context.clock,
      providers: ProviderConfiguration.none.describing(accounts))
  }

  private func operatorDesk(_ context: PlatformContext) -> OperatorDesk {
    PlatformServices(context, passwordCost: PasswordCost(log2Rounds: 4)).operatorDesk
  }
}

extension ProviderConfiguration {
  /// As a file would say it.
  func describing(_ accounts: [ProviderAccount]) -> ProviderConfiguration {
    ProviderConfiguration(families: families, models: models, accounts: accounts)
  }
}

extension PlatformContext {
  func with(_ accounts: [ProviderAccount], masterKey: MasterKey? = nil) -> PlatformContext {
    PlatformContext(
      database: database, catalog: catalog, branding: branding, addresses: addresses,
      masterKey: masterKey ?? self.masterKey, clock: clock, random: random, logger: logger,
      providers: ProviderConfiguration.none.describing(accounts))
  }
}

extension ProviderAccount {
  /// One of a providers file.
  static func described(
    _ name: String, kind: ProviderKind = .bedrock, credentials: ProviderCredentials
  ) -> ProviderAccount {
    ProviderAccount(
      name: name, kind: kind, region: SmallCatalog.frankfurt, endpoint: nil, credentials: credentials,
      models: [SmallCatalog.sonnet: "eu.anthropic.claude-sonnet-4-6"])
  }
}
