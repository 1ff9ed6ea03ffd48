import Core
import Platform

/// Finds the secret of each provider account: in the environment or in the store. Rule N-1.
struct ProviderSecrets {
  let stored: OpenedProviderAccounts
  let environment: [String: String]

  /// Nil where the account needs none. What the environment lacks is told by ``missingVariables(of:)``.
  func secret(for account: ProviderAccount) -> Result<ProviderSecret?, ProviderSecretProblem> {
    switch account.credentials {
    case .bearer(let variable):
      return .success(ProviderSecret(.key(environment[variable] ?? "")))
    case .accessKey(let id, let secret, let token):
      return .success(
        ProviderSecret(
          .accessKey(
            id: environment[id] ?? "", secret: environment[secret] ?? "",
            sessionToken: token.flatMap { environment[$0] })))
    case .stored: return stored.secret(for: account).map { $0 }
    case .none:
      let found = stored.secret(for: account)
      return found == .failure(.missing) ? .success(nil) : found.map { $0 }
    }
  }

  func missingVariables(of account: ProviderAccount) -> [String] {
    account.credentials.variables.filter { (environment[$0] ?? "").isEmpty }.map {
      "The provider account \(account.name) needs the environment variable \($0), which is not set."
    }
  }

  /// Sentences on stored accounts that `configuration`, which includes them, can make nothing of.
  func unused(by configuration: ProviderConfiguration) -> [String] {
    let names = stored.accounts.map(\.account.name)
    return names.compactMap { name in
      guard let account = configuration.account(named: name) else {
        return
          "The provider account \(name) is stored without a region of the catalog, and the providers file does not "
          + "describe it: nothing is answered through it. `packhouse provider remove \(name)` forgets it."
      }
      guard !account.credentials.mayBeStored else { return nil }
      return "The providers file takes the secret of \(name) from the environment; the stored one is not used. "
        + "`packhouse provider remove \(name)` forgets it."
    }
      + stored.unreadable.filter { configuration.account(named: $0)?.credentials.mayBeStored != true }.map {
        "The stored provider account \($0) can't be read: its row in the database holds what is never written. "
          + "`packhouse provider remove \($0)` forgets it."
      }
  }
}
