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
      let earlier = try transaction.earlierAccount(name)
      let target = try Target(name, earlier, context.providers, seal)
      if earlier == nil { try transaction.requireRoomForProviderAccount() }
      let secret = try Self.secret(text, for: target.kind)
      let sealed = try seal.seal(
        secret, name: name, kind: target.kind, region: target.region, endpoint: target.endpoint, nonce: nonce)
      try transaction.put(
        StoredProviderAccount(
          name: name, kind: target.kind, region: target.region, endpoint: target.endpoint, secret: sealed,
          createdAt: earlier?.row?.createdAt ?? now, changedAt: max(now, earlier?.row?.createdAt ?? now),
          changedBy: "operator"))
      let outcome = Outcome(
        name: name, kind: target.kind.rawValue, fingerprint: sealed.fingerprint,
        earlierFingerprint: earlier?.row?.secret.fingerprint)
      let deed = earlier == nil ? "Entered the secret of" : "Changed the secret of"
      return (outcome, "\(deed) \(OperatorDesk.shown(name))")
    }
    guard let kind = ProviderKind(rawValue: outcome.kind) else { return outcome }
    try desk.requireSameSecret(try Self.secret(text, for: kind), as: outcome.fingerprint)
    return outcome
  }

  /// What the secret is sealed for.
  private struct Target {
    let kind: ProviderKind
    let region: RegionID?
    let endpoint: String?

    /// Of an account that the file describes only the secret is kept, so that it ends with its description. Its kind,
    /// region and address are those of the file, whatever the row says: whoever altered the row has changed nothing of
    /// where the new secret goes, and the row is replaced as a whole.
    ///
    /// Any other account is what its row says, and the new secret would be sealed for that. So the row has to be as it was
    /// written: its present seal is opened first. Otherwise whoever can write to the database could change the address and
    /// wait for the operator to enter a secret, which would then be sent there.
    init(
      _ name: String, _ stored: EarlierAccount?, _ file: ProviderConfiguration, _ seal: ProviderSecretSeal
    ) throws(PlatformError) {
      if let account = file.account(named: name) {
        guard account.credentials.mayBeStored else {
          throw .conflict(
            "The providers file takes the secret of \(name) from the environment "
              + "(\(account.credentials.variables.joined(separator: ", "))). Write credentials: stored there instead, "
              + "restart the server, and run this again.")
        }
        (kind, region, endpoint) = (account.kind, nil, nil)
      } else if let stored {
        do throws(ProviderSecretProblem) {
          guard let row = stored.row else { throw .altered }
          _ = try seal.open(row)
          (kind, region, endpoint) = (row.kind, row.region, row.endpoint)
        } catch {
          throw .conflict(error.sentence(name, isInFile: false))
        }
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

/// An account as it stands in the database before its secret is changed.
private struct EarlierAccount {
  /// Nil where the row holds what no account holds.
  let row: StoredProviderAccount?
}

extension Transaction {
  /// Nil where there is none of this name.
  fileprivate func earlierAccount(_ name: String) throws -> EarlierAccount? {
    guard try hasProviderAccount(name) else { return nil }
    return EarlierAccount(row: try providerAccounts().readable.first { $0.name == name })
  }
}
