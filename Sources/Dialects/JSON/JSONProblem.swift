/// Why some bytes are not the JSON that we take. Tells the place, never the content.
public struct JSONProblem: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case empty
    case expectedValue
    case expectedMemberName
    case expectedColon
    case expectedCommaOrEnd
    case unexpectedEnd
    case trailingBytes
    case badLiteral
    case badNumber
    case badEscape
    case loneSurrogate
    case controlCharacter
    case badUTF8
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case tooLong(limit: Int)
  }

  public let kind: Kind
  /// The byte at which reading stopped, counted from 0.
  public let offset: Int

  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// A clause that follows "is not valid JSON: " or "cannot be read: ".
  public var clause: String {
    switch kind {
    case .empty: "there is nothing in it"
    case .expectedValue: "a value is missing at byte \(offset)"
    case .expectedMemberName: "a member name in quotes is missing at byte \(offset)"
    case .expectedColon: "a colon is missing at byte \(offset)"
    case .expectedCommaOrEnd: "a comma or a closing bracket is missing at byte \(offset)"
    case .unexpectedEnd: "it ends too early, at byte \(offset)"
    case .trailingBytes: "something follows its end at byte \(offset)"
    case .badLiteral: "only true, false and null are words, at byte \(offset)"
    case .badNumber: "a number is malformed at byte \(offset)"
    case .badEscape: "an escape in a string is malformed at byte \(offset)"
    case .loneSurrogate: "half of a surrogate pair stands alone at byte \(offset)"
    case .controlCharacter: "a control character in a string must be escaped at byte \(offset)"
    case .badUTF8: "a string is not UTF-8 at byte \(offset)"
    case .tooDeep(let limit): "it nests deeper than \(limit) levels at byte \(offset)"
    case .tooManyValues(let limit): "it holds more than \(limit) values"
    case .tooLong(let limit): "it is longer than \(limit) bytes"
    }
  }
}
