/// Which chunks are meant, by their metadata. Rule KB-4.
public indirect enum Filter: Hashable, Sendable {
  case holds(FilterCondition)
  case all([Filter])
  case any([Filter])

  /// How many groups may stand within each other; a condition by itself is in none. A filter that nests deeper is
  /// refused.
  public static let deepest = 5
}

/// What one metadata key must say. The README of this folder says when each test holds.
///
/// Key and texts are brought to Unicode's composed form, as those of ``MetadataPair`` are.
public struct FilterCondition: Hashable, Sendable {
  public enum Test: Hashable, Sendable {
    case equals(MetadataValue)
    case notEquals(MetadataValue)
    case isIn([MetadataValue])
    case isNotIn([MetadataValue])
    case isGreater(than: MetadataValue)
    case isAtLeast(MetadataValue)
    case isLess(than: MetadataValue)
    case isAtMost(MetadataValue)
    case startsWith(String)
    /// Some value is a text that has `String` in it.
    case contains(String)
    /// The key's list of values has this one.
    case lists(MetadataValue)
    case exists(Bool)
    /// The connector's filter: some value, written as text, is exactly this text.
    case reads(String)
  }

  public let key: String
  public let test: Test

  public init(_ key: String, _ test: Test) {
    self.key = key.canonical
    self.test = test.canonical
  }
}

extension FilterCondition.Test {
  /// The test with its texts in Unicode's composed form.
  fileprivate var canonical: Self {
    switch self {
    case .equals(let value): .equals(value.canonical)
    case .notEquals(let value): .notEquals(value.canonical)
    case .isIn(let values): .isIn(values.map(\.canonical))
    case .isNotIn(let values): .isNotIn(values.map(\.canonical))
    case .isGreater(let value): .isGreater(than: value.canonical)
    case .isAtLeast(let value): .isAtLeast(value.canonical)
    case .isLess(let value): .isLess(than: value.canonical)
    case .isAtMost(let value): .isAtMost(value.canonical)
    case .startsWith(let text): .startsWith(text.canonical)
    case .contains(let text): .contains(text.canonical)
    case .lists(let value): .lists(value.canonical)
    case .exists: self
    case .reads(let text): .reads(text.canonical)
    }
  }
}
