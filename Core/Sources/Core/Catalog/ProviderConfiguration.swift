/// An account at a provider, by the names under which its secrets are found. Rule N-1.
public struct ProviderAccount: Hashable, Sendable {
  /// Unique among the accounts.
  public let name: String
  public let kind: ProviderKind
  /// Where its requests are answered.
  public let region: RegionID
  /// Base address without a slash at its end; nil takes the provider's own for the region.
  public let endpoint: String?
  public let credentials: ProviderCredentials
  /// Upstream model ids by model version, complete: defaults are filled in.
  public let models: [ModelVersionID: String]
  public let timeouts: ProviderTimeouts

  public init(
    name: String, kind: ProviderKind, region: RegionID, endpoint: String?, credentials: ProviderCredentials,
    models: [ModelVersionID: String], timeouts: ProviderTimeouts = .standard
  ) {
    self.name = name
    self.kind = kind
    self.region = region
    self.endpoint = endpoint
    self.credentials = credentials
    self.models = models
    self.timeouts = timeouts
  }
}

/// Where an account's secrets are: mostly names of environment variables, never the secrets themselves. Rule N-1.
public enum ProviderCredentials: Hashable, Sendable {
  /// None is named and none is needed; a secret that was stored under the account's name is used.
  case none
  /// In the encrypted store, under the account's name.
  case stored
  /// `Authorization: Bearer`.
  case bearer(variable: String)
  /// AWS Signature Version 4.
  case accessKey(idVariable: String, secretVariable: String, sessionTokenVariable: String?)

  /// Every variable that must be set.
  public var variables: [String] {
    switch self {
    case .none, .stored: []
    case .bearer(let variable): [variable]
    case .accessKey(let id, let secret, let token): [id, secret] + (token.map { [$0] } ?? [])
    }
  }
}

extension ProviderCredentials {
  /// Whether a stored secret is used where there is one.
  public var mayBeStored: Bool {
    switch self {
    case .none, .stored: true
    case .bearer, .accessKey: false
    }
  }
}

/// What `providers.yaml` says.
public struct ProviderConfiguration: Hashable, Sendable {
  /// Families of the additional models.
  public let families: [ModelFamily]
  /// Additional models, in region Local only. Rule C-5.
  public let models: [ModelVersion]
  public let accounts: [ProviderAccount]

  public init(families: [ModelFamily], models: [ModelVersion], accounts: [ProviderAccount]) {
    self.families = families
    self.models = models
    self.accounts = accounts
  }

  /// What holds without a file: the offline provider alone.
  public static let none = ProviderConfiguration(families: [], models: [], accounts: [])

  /// Name of the account under which the built-in models are deployed.
  public static let offlineAccount = "offline"

  /// `catalog` with the additional models.
  public func extending(_ catalog: Catalog) -> Catalog { catalog.adding(models, families: families) }

  /// Every model version at every account, and the built-in models, in the order of `catalog`. Rule N-2.
  public func deployments(_ catalog: Catalog) -> [Deployment] {
    extending(catalog).models.flatMap { model in
      accounts.compactMap { account in
        account.models[model.id].map { deployment(of: model, account.name, account.kind, account.region, $0) }
      } + offlineDeployments(of: model)
    }
  }

  private func offlineDeployments(of model: ModelVersion) -> [Deployment] {
    guard let upstream = model.upstreamModels[ProviderKind.offline.rawValue] else { return [] }
    return model.availability.map {
      deployment(of: model, Self.offlineAccount, .offline, $0.region, upstream)
    }
  }

  private func deployment(
    of model: ModelVersion, _ account: String, _ kind: ProviderKind, _ region: RegionID, _ upstream: String
  ) -> Deployment {
    Deployment(
      id: Identifier("\(account)/\(model.id)"), model: model.id, provider: kind, account: account, region: region,
      upstreamModel: upstream)
  }
}
