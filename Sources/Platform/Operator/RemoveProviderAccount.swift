public import Core
import Storage

/// `packhouse provider remove`: forgets an account with its secret. Rule N-1.
public struct RemoveProviderAccount: OperatorRequest {
  public static let verb = "provider.remove"

  public var name: String
  public var idempotencyKey: String

  public init(name: String, idempotencyKey: String) {
    self.name = name
    self.idempotencyKey = idempotencyKey
  }

  /// What is gone.
  public struct Outcome: OperatorOutcome {
    public let name: String
    /// Ids of the models that the account served.
    public let models: [String]
    /// Those of them that no other account serves in its region.
    public let unserved: [String]
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let name = try checked(read)
    let (catalog, file) = (desk.context.catalog, desk.context.providers)
    return try await desk.changeProviderAccounts(for: self) { transaction, _ in
      // One that the file gives its secret otherwise is not this one.
      if let account = file.account(named: name), account.credentials.mayBeStored { throw Self.described(account) }
      let stored = try transaction.providerAccounts().readable
      guard try transaction.deleteProviderAccount(name) else {
        throw PlatformError.notFound(
          "There is no provider account \(name). `packhouse provider list` shows them all.")
      }
      let outcome = Outcome(name, file.including(stored, in: catalog).accounts)
      return (outcome, "Removed \(OperatorDesk.shown(name)) and its secret")
    }
  }

  private static func described(_ account: ProviderAccount) -> PlatformError {
    let models = account.servedModels.joined(separator: ", ")
    return .conflict(
      "The providers file describes the account \(account.name), and these models are answered through it: \(models). "
        + "Take it out of the file, restart the server, and run this again.")
  }

  private func read(_ list: inout ProblemList) -> String? {
    let name = list.providerName(name)
    return list.idempotencyKey(idempotencyKey) == nil ? nil : name
  }
}

extension RemoveProviderAccount.Outcome {
  /// `accounts` are all that there are, the one that goes among them.
  fileprivate init(_ name: String, _ accounts: [ProviderAccount]) {
    let account = accounts.first { $0.name == name }
    let others = accounts.filter { $0.name != name && $0.region == account?.region }
    let models = account?.servedModels ?? []
    self.init(
      name: name, models: models,
      unserved: models.filter { model in !others.contains { $0.models[ModelVersionID(model)] != nil } })
  }
}
