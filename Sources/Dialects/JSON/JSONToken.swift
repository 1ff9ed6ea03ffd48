/// What kind of value stands somewhere.
public enum JSONKind: UInt8, Sendable, Hashable {
  case null, bool, number, string, array, object

  /// With its article, for sentences.
  var words: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// One value or member name of a document: where it stands, and where the next one is.
struct JSONToken: Sendable {
  /// The value's own bytes, quotes and brackets included.
  var start: Int32
  var end: Int32
  /// Index of the token after this one and everything inside it.
  var next: Int32
  let kind: JSONKind
  /// For strings: escapes have to be resolved.
  let hasEscapes: Bool

  init(_ kind: JSONKind, start: Int, end: Int, next: Int, hasEscapes: Bool = false) {
    self.kind = kind
    self.start = Int32(truncatingIfNeeded: start)
    self.end = Int32(truncatingIfNeeded: end)
    self.next = Int32(truncatingIfNeeded: next)
    self.hasEscapes = hasEscapes
  }

  var range: Range<Int> { Int(start)..<Int(end) }
}
