/// The text of a plain key: `phk_<key id>_<secret><checksum>`. Rule K-1.
///
/// The secret is 256 bits in 43 base-62 digits, the checksum 6 more: the first 32 bits of the SHA-256 of everything
/// before them. So a typo is told apart from an unknown or revoked key without a look-up.
public enum KeyFormat {
  public static let prefix = "phk_"
  /// Most bytes of a plain key: what fits the column in which the connector keeps it.
  public static let maxLength = 110
  /// Bytes of a secret: 256 bits.
  public static let secretLength = 32
  /// Characters of a key id made by ``random(_:)``.
  public static let idLength = 12
  /// Most characters of a key id.
  static let maxIDLength = 40
  static let secretDigits = 43
  static let checksumDigits = 6

  /// The plain key. `id` has 1 to 40 characters `[0-9a-z]`, `secret` 32 bytes.
  public static func make(id: KeyID, secret: [UInt8], sha256: SHA256Function) -> String {
    precondition(isKeyID(Array(id.text.utf8)[...]), "a key id has 1 to 40 characters 0-9 and a-z")
    precondition(secret.count == secretLength, "a secret has 32 bytes")
    let body = Array("\(prefix)\(id.text)_".utf8) + Base62.encode(secret, digits: secretDigits)
    return String(decoding: body + checksum(of: body, sha256: sha256), as: UTF8.self)
  }

  /// A new key id of 12 characters `[0-9a-z]`, and a new secret.
  public static func random(_ random: RandomSource) -> (id: KeyID, secret: [UInt8]) {
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    // 256 is no multiple of 36: bytes from 252 on would favour the first characters.
    var characters = ""
    while characters.count < idLength {
      for byte in random.bytes(idLength * 2) where byte < 252 && characters.count < idLength {
        characters.append(alphabet[Int(byte) % alphabet.count])
      }
    }
    return (KeyID(characters), random.bytes(secretLength))
  }

  /// What `text` is, without a look-up. Never fails, whatever the text.
  public static func parse(_ text: String, sha256: SHA256Function) -> ParsedKey {
    guard text.utf8.starts(with: prefix.utf8) else { return .notAKey }
    guard text.utf8.count <= maxLength else { return .typo }
    let bytes = Array(text.utf8)
    let idStart = prefix.utf8.count
    let secretStart = bytes.count - checksumDigits - secretDigits
    guard secretStart > idStart, bytes[secretStart - 1] == UInt8(ascii: "_"),
      isKeyID(bytes[idStart..<(secretStart - 1)])
    else { return .typo }
    let body = Array(bytes[..<(bytes.count - checksumDigits)])
    guard let secret = Base62.decode(body[secretStart...], bytes: secretLength),
      bytes[body.count...].elementsEqual(checksum(of: body, sha256: sha256))
    else { return .typo }
    return .valid(KeyID(String(decoding: bytes[idStart..<(secretStart - 1)], as: UTF8.self)), secret: secret)
  }

  /// True where both are equal. Takes the same time wherever they differ; only a different length is told early.
  /// Rule K-1.
  public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
  }

  private static func isKeyID(_ bytes: ArraySlice<UInt8>) -> Bool {
    (1...maxIDLength).contains(bytes.count)
      && bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  }

  private static func checksum(of body: [UInt8], sha256: SHA256Function) -> [UInt8] {
    Base62.encode(Array(sha256(body).prefix(4)), digits: checksumDigits)
  }
}

/// What a text that came as a key is.
public enum ParsedKey: Hashable, Sendable {
  /// Well-formed; whether it exists is for the look-up to say.
  case valid(KeyID, secret: [UInt8])
  /// Begins like a key, but a character is wrong, missing or too many.
  case typo
  case notAKey
}
