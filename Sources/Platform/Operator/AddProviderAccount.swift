public import Core
import Storage

/// `packhouse provider add`: an account at a provider, with its secret. Rule N-1.
public struct AddProviderAccount: OperatorRequest {
  public static let verb = "provider.add"

  public var name: String
  public var kind: String
  /// Nil takes Local for a server of one's own; the others have to say it.
  public var region: String?
  /// Nil takes the provider's own.
  public var address: String?
  public var secret: OperatorSecret
  public var idempotencyKey: String

  public init(
    name: String, kind: String, region: String?, address: String?, secret: OperatorSecret, idempotencyKey: String
  ) {
    self.name = name
    self.kind = kind
    self.region = region
    self.address = address
    self.secret = secret
    self.idempotencyKey = idempotencyKey
  }

  /// What was entered, without the secret.
  public struct Outcome: OperatorOutcome {
    public let name: String
    public let kind: String
    public let region: String
    public let address: String?
    /// Eight hexadecimal digits by which the secret can be told from others.
    public let fingerprint: String
    /// Ids of the models that it serves.
    public let models: [String]
    /// What is worth knowing, in sentences.
    public let notes: [String]
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let context = desk.context
    try Self.checkRegion(input.region, context.catalog)
    let seal = ProviderSecretSeal(context.masterKey)
    let nonce = context.random.bytes(ProviderSecretSeal.nonceLength)
    let sealed = try seal.seal(
      input.secret, name: input.name, kind: input.kind, region: input.region, endpoint: input.endpoint, nonce: nonce)
    let outcome = try await desk.changeProviderAccounts(for: self) { transaction, now in
      try transaction.requireRoom(for: input.name, context.providers)
      let account = StoredProviderAccount(
        name: input.name, kind: input.kind, region: input.region, endpoint: input.endpoint, secret: sealed,
        createdAt: now, changedAt: now, changedBy: "operator")
      try transaction.put(account)
      let models = ProviderAccount(account, in: context.catalog)?.servedModels ?? []
      let outcome = Outcome(
        name: input.name, kind: input.kind.rawValue, region: input.region.text, address: input.endpoint,
        fingerprint: sealed.fingerprint, models: models, notes: models.isEmpty ? [Self.unused(input)] : [])
      return (outcome, "Added \(OperatorDesk.shown(input.name)) (\(input.kind.rawValue), \(input.region))")
    }
    try desk.requireSameSecret(input.secret, as: outcome.fingerprint)
    return outcome
  }

  private static func checkRegion(_ region: RegionID, _ catalog: Catalog) throws(PlatformError) {
    guard catalog.region(region) == nil else { return }
    let regions = catalog.regions.map(\.id.text).joined(separator: ", ")
    throw .invalid(OperatorField.region.rawValue, "The catalog has no region \(region). It has: \(regions).")
  }

  private static func unused(_ input: Input) -> String {
    "The catalog has no model that accounts of kind \(input.kind.rawValue) serve in \(input.region), so nothing is "
      + "answered through this account yet. Name it in the providers file with credentials: stored, and list its models there."
  }

  private struct Input: Sendable {
    let name: String
    let kind: ProviderKind
    let region: RegionID
    let endpoint: String?
    let secret: ProviderSecret
  }

  private func read(_ list: inout ProblemList) -> Input? {
    let name = list.providerName(name)
    let kind = list.choice(kind, .kind, ProviderAccount.kinds.map { ($0.rawValue, $0) })
    let region = kind.flatMap { readRegion(of: $0, &list) }
    let endpoint = readAddress(of: kind, &list)
    let secret = list.secret(secret, kind)
    guard let name, let kind, let region, let secret, list.idempotencyKey(idempotencyKey) != nil else { return nil }
    return Input(name: name, kind: kind, region: region, endpoint: endpoint, secret: secret)
  }

  private func readRegion(of kind: ProviderKind, _ list: inout ProblemList) -> RegionID? {
    if region == nil, kind == .openAICompatible { return .local }
    guard let region else {
      list.add(.region, "Say in which region the account's calls are answered, such as eu-central-1.")
      return nil
    }
    return list.text(region, .region, what: "a region's id", limit: 64).map { RegionID($0) }
  }

  private func readAddress(of kind: ProviderKind?, _ list: inout ProblemList) -> String? {
    guard let address else {
      if kind == .openAICompatible { list.add(.address, "Give the server's address, with /v1 at its end.") }
      return nil
    }
    switch address.utf8.count > 500
      ? .failure(FieldProblem("", "The address is too long.")) : ProviderAccount.endpoint(address)
    {
    case .success(let endpoint): return endpoint
    case .failure(let problem):
      list.add(.address, problem.message)
      return nil
    }
  }
}

extension Transaction {
  /// Throws where `name` is taken, or there are as many accounts as can be.
  fileprivate func requireRoom(for name: String, _ file: ProviderConfiguration) throws {
    if let account = file.account(named: name) {
      throw PlatformError.conflict(
        account.credentials.mayBeStored
          ? "The providers file describes the account \(name). Enter its secret with `packhouse provider set-secret "
            + "\(name)`."
          : "The providers file describes the account \(name) and takes its secret from the environment. Choose another "
            + "name.")
    }
    guard try !hasProviderAccount(name) else {
      throw PlatformError.conflict(
        "There is a provider account \(name) already. `packhouse provider set-secret \(name)` changes its secret, "
          + "`packhouse provider remove \(name)` forgets it.")
    }
    try requireRoomForProviderAccount()
  }
}
