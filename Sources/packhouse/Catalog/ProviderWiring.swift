import Core
import Dialects
import OfflineModels
import Providers

/// Connects the configured accounts to providers, with the secrets of the environment.
struct ProviderWiring: Sendable {
  private let providers: [String: ModelProvider]
  private let deployments: [ModelVersionID: [Deployment]]

  /// Throws ``SettingsProblem`` with every account that lacks a secret or has an address that is none.
  init(
    _ configuration: ProviderConfiguration, catalog: Catalog, client: UpstreamClient, offline: OfflineModelPool?,
    environment: [String: String], clock: WallClock
  ) throws {
    var problems: [String] = []
    var providers: [String: ModelProvider] = [:]
    for account in configuration.accounts {
      for variable in account.credentials.variables where (environment[variable] ?? "").isEmpty {
        problems.append(
          "The provider account \(account.name) needs the environment variable \(variable), which is not set.")
      }
      do throws(FieldProblem) {
        providers[account.name] = try Self.provider(account, client, environment, clock)
      } catch {
        problems.append(error.message)
      }
    }
    guard problems.isEmpty else { throw SettingsProblem(problems) }
    if let offline { providers[ProviderConfiguration.offlineAccount] = .local(offline) }
    self.providers = providers
    // A model whose provider is not there has no deployment: the refusal then says so.
    deployments = Dictionary(
      grouping: configuration.deployments(catalog).filter { providers[$0.account] != nil }, by: \.model)
  }

  /// What can be answered at all, for the portal's pages.
  var servedModels: ServedModels { ServedModels(deployments.values.flatMap { $0 }) }

  func policy(_ catalog: Catalog) -> CallPolicy {
    let providers = providers
    let deployments = deployments
    return CallPolicy(
      catalog: catalog,
      deployments: { deployments[$0] ?? [] },
      provider: { providers[$0.account] },
      checkLimits: { call, limits throws(InvalidRequest) in try RequestLimits.check(call, limits: limits) })
  }

  private static func provider(
    _ account: ProviderAccount, _ client: UpstreamClient, _ environment: [String: String], _ clock: WallClock
  ) throws(FieldProblem) -> ModelProvider {
    let endpoint =
      if let address = account.endpoint {
        try UpstreamEndpoint(name: account.name, address: address)
      } else if account.kind == .anthropic {
        try UpstreamEndpoint.anthropic(name: account.name)
      } else {
        try UpstreamEndpoint.bedrock(name: account.name, region: account.region.text)
      }
    let authorizer = authorizer(account, environment, clock)
    let transport = HTTPTransport(client: client, endpoint: endpoint, authorizer: authorizer)
    switch account.kind {
    case .bedrock: return .remote(BedrockProvider(transport: transport))
    case .openAICompatible: return .remote(OpenAICompatibleProvider(transport: transport))
    case .anthropic: return .remote(AnthropicProvider(transport: transport))
    case .cohere, .offline:
      throw FieldProblem("kind", "The kind \(account.kind.rawValue) of \(account.name) is not served by this version.")
    }
  }

  private static func authorizer(
    _ account: ProviderAccount, _ environment: [String: String], _ clock: WallClock
  ) -> any RequestAuthorizer {
    switch account.credentials {
    case .none: return NoAuthorization()
    case .bearer(let variable) where account.kind == .anthropic:
      return APIKeyAuthorization(key: environment[variable] ?? "")
    case .bearer(let variable): return BearerAuthorization(token: environment[variable] ?? "")
    case .accessKey(let id, let secret, let token):
      let credentials = AWSCredentials.accessKey(
        id: environment[id] ?? "", secret: environment[secret] ?? "", sessionToken: token.flatMap { environment[$0] })
      return credentials.authorizer(region: account.region.text, clock: clock)
    }
  }
}
