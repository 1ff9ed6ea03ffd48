public import Core
import Crypto

/// SHA-256 as the rest of the platform and Core use it.
public enum Digest {
  /// The 32 bytes of the SHA-256 of `bytes`.
  public static let sha256: SHA256Function = { bytes in Array(SHA256.hash(data: bytes)) }

  /// What is kept of a token instead of the token.
  static func ofToken(_ token: String) -> [UInt8] { sha256(Array(token.utf8)) }
}
