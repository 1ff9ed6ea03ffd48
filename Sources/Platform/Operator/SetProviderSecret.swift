public import Core
import Storage

/// `packhouse provider set-secret`: another secret for an account, or the first one of an account of the providers file.
/// Rule N-1.
public struct SetProviderSecret: OperatorRequest {
  public static let verb = "provider.set-secret"

  public var name: String
  public var secret: OperatorSecret
  public var idempotencyKey: String

  public init(name: String, secret: OperatorSecret, idempotencyKey: String) {
    self.name = name
    self.secret = secret
    self.idempotencyKey = idempotencyKey
  }

  /// Whose secret it is, without the secret.
  public struct Outcome: OperatorOutcome {
    public let name: String
    public let kind: String
    /// Eight hexadecimal digits by which the secret can be told from others.
    public let fingerprint: String
    /// Of the secret that it replaces; left out where there was none.
    public let earlierFingerprint: String?
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let name = try checked(read)
    let (context, text) = (desk.context, secret)
    let seal = ProviderSecretSeal(context.masterKey)
    let nonce = context.random.bytes(ProviderSecretSeal.nonceLength)
    let outcome = try await desk.changeProviderAccounts(for: self) { transaction, now in
      let earlier = try transaction.providerAccounts().readable.first { $0.name == name }
      let target = try Target(name, earlier, context.providers)
      let secret = try Self.secret(text, for: target.kind)
      let sealed = try seal.seal(
        secret, name: name, kind: target.kind, region: target.region, endpoint: target.endpoint, nonce: nonce)
      try transaction.put(
        StoredProviderAccount(
          name: name, kind: target.kind, region: target.region, endpoint: target.endpoint, secret: sealed,
          createdAt: earlier?.createdAt ?? now, changedAt: max(now, earlier?.createdAt ?? now), changedBy: "operator"))
      let outcome = Outcome(
        name: name, kind: target.kind.rawValue, fingerprint: sealed.fingerprint,
        earlierFingerprint: earlier?.secret.fingerprint)
      let deed = earlier == nil ? "Entered the secret of" : "Changed the secret of"
      return (outcome, "\(deed) \(OperatorDesk.shown(name))")
    }
    guard let kind = ProviderKind(rawValue: outcome.kind) else { return outcome }
    try OperatorDesk.requireSameSecret(try Self.secret(text, for: kind), as: outcome.fingerprint)
    return outcome
  }

  /// What the secret is sealed for.
  private struct Target {
    let kind: ProviderKind
    let region: RegionID?
    let endpoint: String?

    /// Of an account that the file describes only the secret is kept, so that it ends with its description.
    init(_ name: String, _ stored: StoredProviderAccount?, _ file: ProviderConfiguration) throws(PlatformError) {
      if let account = file.account(named: name) {
        guard account.credentials.mayBeStored else {
          throw .conflict(
            "The providers file takes the secret of \(name) from the environment "
              + "(\(account.credentials.variables.joined(separator: ", "))). Write credentials: stored there instead, "
              + "restart the server, and run this again.")
        }
        (kind, region, endpoint) = (account.kind, nil, nil)
      } else if let stored {
        (kind, region, endpoint) = (stored.kind, stored.region, stored.endpoint)
      } else {
        throw .notFound(
          "There is no provider account \(name). `packhouse provider list` shows them all, `packhouse provider add` "
            + "enters a new one.")
      }
    }
  }

  private static func secret(_ text: OperatorSecret, for kind: ProviderKind) throws(PlatformError) -> ProviderSecret {
    switch ProviderSecret.read(text.content.reveal(), for: kind) {
    case .success(let secret): return secret
    case .failure(let problem): throw .invalid(InvalidInput([problem]))
    }
  }

  private func read(_ list: inout ProblemList) -> String? {
    let name = list.providerName(name)
    _ = list.secret(secret, nil)
    return list.idempotencyKey(idempotencyKey) == nil ? nil : name
  }
}
