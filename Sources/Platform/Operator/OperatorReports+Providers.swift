import Core
import Storage

extension OperatorReports {
  /// Every provider account: those of the providers file in its order, then those of the store by name. Rule N-1.
  public func providerAccounts() async throws -> [ListedProviderAccount] {
    let stored = try await database.read { try $0.providerAccounts() }
    let kept = Dictionary(stored.readable.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let catalog = catalog
    let described = providers.accounts.map { account in
      ListedProviderAccount(account, account.credentials.mayBeStored ? kept[account.name] : nil)
    }
    let named = Set(providers.accounts.map(\.name))
    let entered = stored.readable.filter { !named.contains($0.name) }.map { account in
      ListedProviderAccount(account, ProviderAccount(account, in: catalog))
    }
    return described + entered
      + stored.unreadable.filter { !named.contains($0) }.map(ListedProviderAccount.init(unreadable:))
  }
}

/// A provider account as `packhouse provider list` tells it: everything but its secret.
public struct ListedProviderAccount: Codable, Hashable, Sendable {
  /// Where a secret comes from.
  public enum Source: String, Codable, Hashable, Sendable {
    case environment
    case stored
    /// The store, which has none yet.
    case missing
    /// None is needed.
    case none
    /// Its row in the database can't be read.
    case unreadable
  }

  public let name: String
  public let kind: String?
  public let region: String?
  /// Left out where it is the provider's own.
  public let address: String?
  /// True where the providers file describes it.
  public let isInFile: Bool
  public let secret: Source
  /// The environment variables that the secret comes from.
  public let variables: [String]
  /// Of a stored secret.
  public let fingerprint: String?
  /// When the stored secret was entered.
  public let enteredAt: String?
  public let enteredBy: String?
  /// Ids of the models that it serves.
  public let models: [String]

  /// One of the file.
  init(_ account: ProviderAccount, _ stored: StoredProviderAccount?) {
    name = account.name
    kind = account.kind.rawValue
    region = account.region.text
    address = account.endpoint
    isInFile = true
    secret =
      switch account.credentials {
      case .bearer, .accessKey: .environment
      case .stored: stored == nil ? .missing : .stored
      case .none: stored == nil ? .none : .stored
      }
    variables = account.credentials.variables
    fingerprint = stored?.secret.fingerprint
    enteredAt = stored?.changedAt.utcText
    enteredBy = stored?.changedBy
    models = account.servedModels
  }

  /// One of the store; `account` nil where it does not say where it is, or in a region that there is not.
  init(_ stored: StoredProviderAccount, _ account: ProviderAccount?) {
    name = stored.name
    kind = stored.kind.rawValue
    region = stored.region?.text
    address = stored.endpoint
    isInFile = false
    secret = .stored
    variables = []
    fingerprint = stored.secret.fingerprint
    enteredAt = stored.changedAt.utcText
    enteredBy = stored.changedBy
    models = account?.servedModels ?? []
  }

  init(unreadable name: String) {
    self.name = name
    (kind, region, address, isInFile, secret) = (nil, nil, nil, false, .unreadable)
    (variables, fingerprint, enteredAt, enteredBy, models) = ([], nil, nil, nil, [])
  }
}

extension OperatorReports {
  /// What was done to provider accounts, newest first, the last 100 lines. Rule G-20.
  public func providerHistory() async throws -> [ProviderHistoryLine] {
    try await database.read { try $0.activity(of: .installation, limit: 100) }.map(ProviderHistoryLine.init)
  }
}

/// A line of the installation's own activity.
public struct ProviderHistoryLine: Codable, Hashable, Sendable {
  /// From 1.
  public let line: Int64
  public let at: String
  public let by: String
  public let sentence: String

  init(_ entry: ActivityEntry) {
    line = entry.position
    at = entry.at.utcText
    by =
      switch entry.actor {
      case .person(_, let name, _): name
      case .operator: "operator"
      case .schedule: "schedule"
      }
    sentence = entry.deed.sentence
  }
}
