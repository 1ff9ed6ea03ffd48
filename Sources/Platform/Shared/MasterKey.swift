public import Core
import Crypto
import Foundation

/// The installation's one secret: 32 bytes from which one key per purpose is derived. Decision 10.
public struct MasterKey: Sendable {
  /// What a derived key is for. Raw values go into the derivation: never change one.
  enum Purpose: String, CaseIterable {
    case csrfTokens = "packhouse csrf tokens v1"
    case activityHeads = "packhouse activity heads v1"
    case invitationLinks = "packhouse invitation links v1"
    case providerSecrets = "packhouse provider secrets v1"
  }

  public static let length = 32
  public static let fileName = "master.key"
  public static let environmentName = "PACKHOUSE_MASTER_KEY"

  private let key: SymmetricKey

  /// Nil unless there are 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    key = SymmetricKey(data: bytes)
  }

  /// The key of the environment variable, where `environment` has its value (Base64 of 32 bytes), else that of
  /// `<folder>/master.key`, which is made where it is missing.
  ///
  /// Throws ``MasterKeyProblem`` with a sentence for the operator.
  public static func load(
    folder: String, environment: String?, random: RandomSource
  ) throws(MasterKeyProblem) -> MasterKey {
    if let environment, !environment.isEmpty {
      guard let data = Data(base64Encoded: environment), let key = MasterKey(bytes: [UInt8](data)) else {
        throw MasterKeyProblem(
          sentence:
            "\(environmentName) must be the Base64 of \(length) bytes, such as `openssl rand -base64 \(length)` "
            + "prints.")
      }
      return key
    }
    let path = folder + "/" + fileName
    do throws(PrivateFileProblem) {
      if let bytes = try PrivateFile.read(path) { return try existing(bytes, path) }
      let bytes = random.bytes(length)
      try PrivateFile.write(bytes, to: path)
      return try existing(bytes, path)
    } catch {
      throw MasterKeyProblem(sentence: error.description)
    }
  }

  private static func existing(_ bytes: [UInt8], _ path: String) throws(PrivateFileProblem) -> MasterKey {
    guard !PrivateFile.isOpenToOthers(path) else { throw .openToOthers(path) }
    guard let key = MasterKey(bytes: bytes) else { throw .malformed(path, expectedBytes: length) }
    return key
  }

  /// A key that nothing else is used for.
  func derived(for purpose: Purpose) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, info: Data(purpose.rawValue.utf8), outputByteCount: Self.length)
  }
}

/// Why there is no usable master key; the sentence says how to mend it and never holds the key.
public struct MasterKeyProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public let sentence: String
  public var description: String { sentence }
}
