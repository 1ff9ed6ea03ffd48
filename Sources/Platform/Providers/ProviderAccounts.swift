public import Core
public import Storage

/// The provider accounts that the operator entered, with their secrets. Rule N-1.
///
/// A database that was opened to be read is enough.
public struct ProviderAccounts: Sendable {
  private let database: Database
  private let seal: ProviderSecretSeal

  public init(database: Database, masterKey: MasterKey) {
    self.database = database
    seal = ProviderSecretSeal(masterKey)
  }

  public init(_ context: PlatformContext) { self.init(database: context.database, masterKey: context.masterKey) }

  /// Every stored account as of now, by name, each with its secret or why that can't be used: one that is damaged does
  /// not hide the others.
  public func all() async throws -> OpenedProviderAccounts {
    let stored = try await database.read { try $0.providerAccounts() }
    let accounts = stored.readable.map { account -> OpenedProviderAccount in
      do throws(ProviderSecretProblem) {
        return OpenedProviderAccount(account: account, secret: .success(try seal.open(account)))
      } catch {
        return OpenedProviderAccount(account: account, secret: .failure(error))
      }
    }
    return OpenedProviderAccounts(accounts: accounts, unreadable: stored.unreadable)
  }
}

/// A stored account with its secret.
public struct OpenedProviderAccount: Hashable, Sendable {
  public let account: StoredProviderAccount
  public let secret: Result<ProviderSecret, ProviderSecretProblem>

  public init(account: StoredProviderAccount, secret: Result<ProviderSecret, ProviderSecretProblem>) {
    self.account = account
    self.secret = secret
  }
}

/// Every stored account.
public struct OpenedProviderAccounts: Hashable, Sendable {
  /// By name.
  public let accounts: [OpenedProviderAccount]
  /// Names of accounts whose rows hold what no account holds.
  public let unreadable: [String]

  public init(accounts: [OpenedProviderAccount] = [], unreadable: [String] = []) {
    self.accounts = accounts
    self.unreadable = unreadable
  }

  /// The secret that `account`, of the providers file or by itself, takes from the store.
  public func secret(for account: ProviderAccount) -> Result<ProviderSecret, ProviderSecretProblem> {
    if unreadable.contains(account.name) { return .failure(.altered) }
    guard let found = accounts.first(where: { $0.account.name == account.name }) else { return .failure(.missing) }
    guard found.account.kind == account.kind else { return .failure(.otherKind(found.account.kind)) }
    return found.secret
  }
}
