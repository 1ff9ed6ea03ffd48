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
    keyID = Self.digits(of: code, bytes: 8)
  }

  /// Eight hexadecimal digits by which an operator can tell which secret it is, also among several accounts. They are of
  /// an HMAC, so that nobody who lacks the master key can try secrets against them.
  ///
  /// A stored one is never computed again, only authenticated: rows that carry digits of another making open all the same.
  func fingerprint(of secret: ProviderSecret) throws -> String {
    let data = Data("packhouse provider secret fingerprint v2\n".utf8) + (try secret.bytes)
    return Self.digits(of: HMAC<SHA256>.authenticationCode(for: data, using: key), bytes: 4)
  }

  private static func digits(of code: HMAC<SHA256>.MAC, bytes: Int) -> String {
    code.prefix(bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// - Parameter nonce: 12 bytes that nobody can foresee.
  func seal(
    _ secret: ProviderSecret, name: String, kind: ProviderKind, region: RegionID?, endpoint: String?, nonce: [UInt8]
  ) throws -> SealedSecret {
    let fingerprint = try fingerprint(of: secret)
    let data = StoredProviderAccount.sealedData(
      name: name, kind: kind, region: region, endpoint: endpoint, fingerprint: fingerprint)
    let box = try AES.GCM.seal(try secret.bytes, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: data)
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
  ///
  /// - Parameter isInFile: whether the providers file describes the account. Then only its secret is stored, and another
  ///   can take its place. One that says itself where it is has to be entered anew where nobody vouches for what it says.
  public func sentence(_ name: String, isInFile: Bool) -> String {
    let command = "`packhouse provider set-secret \(name)`"
    let anew =
      isInFile
      ? "enter the secret again with \(command)"
      : "enter the account anew, with its address: `packhouse provider remove \(name)`, then `packhouse provider add "
        + "\(name)`"
    switch self {
    case .missing:
      return "The provider account \(name) has no secret yet. Enter it with \(command)."
    case .otherMasterKey:
      return "The secret of the provider account \(name) was sealed with another master key. Start the server with the "
        + "master key that it was entered under, or \(anew)."
    case .altered:
      return
        "The stored secret of the provider account \(name) can't be used: its row in the database is not as it was "
        + "written. Find out who changed it, then \(anew)."
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
