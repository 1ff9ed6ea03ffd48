public import Core
import Crypto
import Foundation

/// Seals secrets of provider accounts with AES-256-GCM under a key of its own, so that whoever has the database alone has
/// none of them. Rule N-1, decision record 0018.
struct ProviderSecretSeal: Sendable {
  static let nonceLength = 12
  private static let tagLength = 16

  private let key: SymmetricKey
  /// Names the key. The same for the same master key, and of no use to learn it.
  let keyID: String

  init(_ masterKey: MasterKey) {
    key = masterKey.derived(for: .providerSecrets)
    let code = HMAC<SHA256>.authenticationCode(for: Data("packhouse provider secrets key id v1".utf8), using: key)
    keyID = code.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// - Parameter nonce: 12 bytes that nobody can foresee.
  func seal(
    _ secret: ProviderSecret, name: String, kind: ProviderKind, region: RegionID?, endpoint: String?, nonce: [UInt8]
  ) throws -> SealedSecret {
    let fingerprint = secret.fingerprint
    let data = StoredProviderAccount.sealedData(
      name: name, kind: kind, region: region, endpoint: endpoint, fingerprint: fingerprint)
    let box = try AES.GCM.seal(secret.bytes, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: data)
    return SealedSecret(
      keyID: keyID, nonce: nonce, box: Array(box.ciphertext) + Array(box.tag), fingerprint: fingerprint)
  }

  /// The secret of `account`. Throws where it was sealed with another master key, or any byte of it or of what it was
  /// sealed for is not as it was.
  func open(_ account: StoredProviderAccount) throws(ProviderSecretProblem) -> ProviderSecret {
    let sealed = account.secret
    guard sealed.keyID == keyID else { throw .otherMasterKey }
    let data = StoredProviderAccount.sealedData(
      name: account.name, kind: account.kind, region: account.region, endpoint: account.endpoint,
      fingerprint: sealed.fingerprint)
    guard sealed.nonce.count == Self.nonceLength, sealed.box.count > Self.tagLength,
      let nonce = try? AES.GCM.Nonce(data: sealed.nonce),
      let box = try? AES.GCM.SealedBox(
        nonce: nonce, ciphertext: sealed.box.dropLast(Self.tagLength), tag: sealed.box.suffix(Self.tagLength)),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: data),
      let secret = ProviderSecret(bytes: Array(bytes))
    else { throw .altered }
    return secret
  }
}

/// Why the secret of an account can't be used.
public enum ProviderSecretProblem: Error, Hashable, Sendable {
  /// None was entered.
  case missing
  case otherMasterKey
  /// The row is not as it was written.
  case altered
  /// The row belongs to an account of another kind than the providers file says.
  case otherKind(ProviderKind)

  /// For the operator: what is wrong with the account `name`, and how to mend it.
  public func sentence(_ name: String) -> String {
    let command = "`packhouse provider set-secret \(name)`"
    switch self {
    case .missing:
      return "The provider account \(name) has no secret yet. Enter it with \(command)."
    case .otherMasterKey:
      return "The secret of the provider account \(name) was sealed with another master key. Start the server with the "
        + "master key that it was entered under, or enter it again with \(command)."
    case .altered:
      return
        "The stored secret of the provider account \(name) can't be used: its row in the database is not as it was "
        + "written. Find out who changed it, and enter the secret again with \(command)."
    case .otherKind(let kind):
      return
        "The stored secret of the provider account \(name) is one of kind \(kind.rawValue), but the providers file "
        + "says another. Enter the right one with \(command)."
    }
  }

  /// For callers of the gateway, who can mend nothing.
  public func callerSentence(_ name: String) -> String {
    switch self {
    case .missing:
      "The provider account \(name) has no secret yet. The operator of this server can enter it."
    case .otherMasterKey, .altered, .otherKind:
      "The secret of the provider account \(name) can't be used. The operator of this server finds the reason in its log."
    }
  }
}
