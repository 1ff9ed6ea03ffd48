/// What one metadata key of a chunk says. Rule KB-4: each compares as what it is.
public enum MetadataValue: Hashable, Sendable {
  case text(String)
  /// Finite.
  case number(Double)
  case boolean(Bool)

  /// The value as a text, for the connector, which knows texts only: `3`, `2.5`, `true`.
  public var written: String {
    switch self {
    case .text(let text): text
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): Self.written(number)
    }
  }

  /// What the value counts as in the limit of KB-5: the bytes of a text in UTF-8, eight for a number, one for a boolean.
  public var byteCount: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .number: 8
    case .boolean: 1
    }
  }

  /// The value as it is kept and looked for: texts in Unicode's composed form.
  var canonical: MetadataValue {
    if case .text(let text) = self { .text(text.canonical) } else { self }
  }

  private static func written(_ number: Double) -> String {
    // Whole numbers that a double holds exactly are written without a point.
    guard number == number.rounded(), abs(number) <= 9_007_199_254_740_992 else { return number.description }
    return String(Int64(number))
  }
}

/// One key-value pair of a chunk; a key may repeat, and then it has a list of values. Rule KB-5: 16 KB a chunk.
///
/// Names and texts are brought to Unicode's composed form, so that equal ones have equal bytes on every store.
public struct MetadataPair: Hashable, Sendable {
  public let name: String
  public let value: MetadataValue

  public init(_ name: String, _ value: MetadataValue) {
    self.name = name.canonical
    self.value = value.canonical
  }

  /// What the pair counts as in the limit of KB-5: its name's bytes in UTF-8 and its value's.
  public var byteCount: Int { name.utf8.count + value.byteCount }
}

extension [MetadataPair] {
  /// What the metadata of one chunk counts as, against ``KnowledgeLimits/metadataBytes``. Rule KB-5.
  public var metadataBytes: Int { reduce(0) { $0 + $1.byteCount } }
}
