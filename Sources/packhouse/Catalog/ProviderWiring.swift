import Core
import Dialects
import OfflineModels
import Platform
import Providers

/// Connects the accounts of the providers file and of the store to providers, with their secrets. One instant's view of
/// them: ``ProviderDirectory`` has the present one.
struct ProviderWiring: Sendable {
  private let providers: [String: ModelProvider]
  private let deployments: [ModelVersionID: [Deployment]]
  /// Accounts that fail every call.
  private let unavailable: Set<String>
  /// What is wrong with stored accounts and secrets, in sentences for the operator. The accounts are there all the same:
  /// calls to them fail as misconfigured, and routing goes on.
  let complaints: [String]

  /// Throws ``SettingsProblem`` with every account of the file that lacks a variable or has an address that is none.
  ///
  /// - Parameter catalog: with the file's additional models.
  init(
    _ configuration: ProviderConfiguration, stored: OpenedProviderAccounts = OpenedProviderAccounts(),
    catalog: Catalog, client: UpstreamClient, offline: OfflineModelPool?, environment: [String: String],
    clock: WallClock
  ) throws {
    let all = configuration.including(stored.accounts.map(\.account), in: catalog)
    let secrets = ProviderSecrets(stored: stored, environment: environment)
    var problems: [String] = []
    var complaints = secrets.unused(by: all)
    var unavailable: Set<String> = []
    var providers: [String: ModelProvider] = [:]
    for account in all.accounts {
      problems += secrets.missingVariables(of: account)
      do throws(FieldProblem) {
        let transport: any UpstreamTransport
        switch secrets.secret(for: account) {
        case .success(let secret):
          transport = HTTPTransport(
            client: client, endpoint: try Self.endpoint(account),
            authorizer: Self.authorizer(account, secret, clock), timeouts: account.timeouts)
        case .failure(let problem):
          let isInFile = configuration.account(named: account.name) != nil
          complaints.append(problem.sentence(account.name, isInFile: isInFile))
          unavailable.insert(account.name)
          transport = UnavailableTransport(reason: problem.callerSentence(account.name))
        }
        providers[account.name] = Self.provider(account.kind, transport)
      } catch {
        problems.append(error.message)
      }
    }
    guard problems.isEmpty else { throw SettingsProblem(problems) }
    if let offline { providers[ProviderConfiguration.offlineAccount] = .local(offline) }
    self.providers = providers
    self.unavailable = unavailable
    self.complaints = complaints
    // A model whose provider is not there has no deployment: the refusal then says so.
    deployments = Dictionary(
      grouping: all.deployments(catalog).filter { providers[$0.account] != nil }, by: \.model)
  }

  /// What can be answered at all, for the portal's pages.
  var servedModels: ServedModels {
    ServedModels(deployments.values.flatMap { $0 }.filter { !unavailable.contains($0.account) })
  }

  /// Every deployment of `model`, in the order of the accounts.
  func deployments(of model: ModelVersionID) -> [Deployment] { deployments[model] ?? [] }

  /// Who answers at `deployment`. One whose account was removed while a call was running there still knows the provider's
  /// language, so that the call's answer can be read to its end.
  ///
  /// An account of the same name that answers elsewhere is another one: a call never follows it out of its area (rule N-2).
  func provider(of deployment: Deployment) -> ModelProvider? {
    if deployments(of: deployment.model).contains(deployment), let provider = providers[deployment.account] {
      return provider
    }
    return Self.provider(
      deployment.provider,
      UnavailableTransport(reason: "The provider account \(deployment.account) was changed or removed on this server."))
  }

  /// Every deployment, model by model.
  var allDeployments: [Deployment] { deployments.sorted { $0.key < $1.key }.flatMap(\.value) }

  func policy(_ catalog: Catalog) -> CallPolicy { Self.policy(catalog, routing: ConfiguredOrder()) { self } }

  /// A policy that looks at the accounts of the moment each time it is asked.
  static func policy(
    _ catalog: Catalog, routing: any DeploymentRouting, of current: @escaping @Sendable () -> ProviderWiring
  ) -> CallPolicy {
    CallPolicy(
      catalog: catalog,
      deployments: { current().deployments(of: $0) },
      provider: { current().provider(of: $0) },
      checkLimits: { call, limits throws(InvalidRequest) in try RequestLimits.check(call, limits: limits) },
      routing: routing)
  }

  /// Nil for the built-in models, which are asked in this process.
  private static func provider(_ kind: ProviderKind, _ transport: any UpstreamTransport) -> ModelProvider? {
    switch kind {
    case .bedrock: .remote(BedrockProvider(transport: transport))
    case .openAICompatible: .remote(OpenAICompatibleProvider(transport: transport))
    case .anthropic: .remote(AnthropicProvider(transport: transport))
    case .cohere: .remote(CohereProvider(transport: transport))
    case .offline: nil
    }
  }

  private static func endpoint(_ account: ProviderAccount) throws(FieldProblem) -> UpstreamEndpoint {
    if let address = account.endpoint { return try UpstreamEndpoint(name: account.name, address: address) }
    switch account.kind {
    case .anthropic: return try UpstreamEndpoint.anthropic(name: account.name)
    case .cohere: return try UpstreamEndpoint.cohere(name: account.name)
    case .bedrock: return try UpstreamEndpoint.bedrock(name: account.name, region: account.region.text)
    case .openAICompatible, .offline:
      throw FieldProblem("endpoint", "The provider account \(account.name) needs an address.")
    }
  }

  private static func authorizer(
    _ account: ProviderAccount, _ secret: ProviderSecret?, _ clock: WallClock
  ) -> any RequestAuthorizer {
    switch secret?.content.reveal() {
    case nil: return NoAuthorization()
    case .key(let key)? where account.kind == .anthropic: return APIKeyAuthorization(key: key)
    case .key(let key)?: return BearerAuthorization(token: key)
    case .accessKey(let id, let secret, let token)?:
      return AWSCredentials.accessKey(id: id, secret: secret, sessionToken: token)
        .authorizer(region: account.region.text, clock: clock)
    }
  }
}
