import Core
import Foundation
import Storage

/// Readers of what operators type about provider accounts.
extension ProblemList {
  mutating func providerName(_ raw: String) -> String? {
    if ProviderAccount.isName(raw) { return raw }
    // Not repeated: it may be a secret in the wrong place.
    add(
      .providerOperand,
      raw == ProviderConfiguration.offlineAccount
        ? "\(ProviderConfiguration.offlineAccount) is the built-in account. Choose another name."
        : "An account's name has 1 to 64 letters, digits, dots, hyphens or underscores.")
    return nil
  }

  mutating func secret(_ raw: OperatorSecret, _ kind: ProviderKind?) -> ProviderSecret? {
    let text = raw.content.reveal()
    guard let kind else {
      if let problem = ProviderSecret.problem(with: text) { add(problem.field, problem.message) }
      return nil
    }
    switch ProviderSecret.read(text, for: kind) {
    case .success(let secret): return secret
    case .failure(let problem):
      add(problem.field, problem.message)
      return nil
    }
  }
}

extension OperatorDesk {
  /// What the activity of the installation calls an account.
  static func shown(_ name: String) -> String { "the provider account \(name)" }

  /// One change of the stored provider accounts, with its line in the activity of the installation. Rule G-20.
  func changeProviderAccounts<Request: OperatorRequest>(
    for request: Request,
    _ body: @escaping @Sendable (Transaction, _ now: Instant) throws -> (outcome: Request.Outcome, deed: String)
  ) async throws -> Request.Outcome {
    let context = context
    return try await once(for: request, locking: .providerAccounts) { transaction in
      let now = context.clock.now()
      let (outcome, deed) = try body(transaction, now)
      try context.appendActivity(
        [ActivityDeed(.settings, deed)], of: .installation, actor: .operator, at: now, transaction)
      return outcome
    }
  }

  /// Throws where a repeat brings another secret than the first time: it would not be kept.
  func requireSameSecret(_ secret: ProviderSecret, as fingerprint: String) throws {
    let seal = ProviderSecretSeal(context.masterKey)
    guard try seal.fingerprint(of: secret) == fingerprint else { throw RequestFingerprint.otherRequest }
  }
}

extension Transaction {
  /// Throws where there are as many stored accounts as can be.
  func requireRoomForProviderAccount() throws {
    guard try providerAccountCount() < StoredProviderAccount.limit else {
      throw PlatformError.conflict(
        "There are \(StoredProviderAccount.limit) stored provider accounts, which is the most. `packhouse provider remove "
          + "NAME` forgets one that is no longer needed.")
    }
  }
}

extension ProviderAccount {
  /// Ids of the models that it serves, sorted.
  var servedModels: [String] { models.keys.map(\.text).sorted() }
}
