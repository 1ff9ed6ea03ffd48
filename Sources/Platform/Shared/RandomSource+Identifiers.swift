import Core
import Foundation

extension RandomSource {
  /// A new identifier of 10 characters `[0-9a-z]` (51 bits): Bedrock's pattern for the ids that it lets through.
  func identifier<Entity>() -> Identifier<Entity> { Identifier(text(length: 10)) }

  /// Unpredictable characters `[0-9a-z]`.
  func text(length: Int) -> String {
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    var characters: [UInt8] = []
    while characters.count < length {
      // 256 is no multiple of 36: bytes at or above 252 would favour the first characters.
      for byte in bytes(length * 2) where byte < 252 && characters.count < length {
        characters.append(alphabet[Int(byte) % alphabet.count])
      }
    }
    return String(decoding: characters, as: UTF8.self)
  }

  /// A token of 256 bits that fits a cookie or a link: 43 characters of URL-safe Base64.
  func token() -> String { URLSafeBase64.encode(bytes(32)) }
}

/// Base64 with `-` and `_` and without padding.
enum URLSafeBase64 {
  static func encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
