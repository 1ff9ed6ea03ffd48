extension Filter {
  /// Whether a chunk with this metadata is meant. Rule KB-4.
  public func matches(_ metadata: [MetadataPair]) -> Bool {
    switch self {
    case .holds(let condition): condition.matches(metadata)
    case .all(let filters): filters.allSatisfy { $0.matches(metadata) }
    case .any(let filters): filters.contains { $0.matches(metadata) }
    }
  }
}

extension FilterCondition {
  /// Whether the values that the metadata has under the key pass. Rule KB-4: some value must, or for a negation none.
  public func matches(_ metadata: [MetadataPair]) -> Bool {
    metadata.contains { $0.name == key && test.passes($0.value) } != test.isNegation
  }
}

extension FilterCondition.Test {
  /// Whether the test holds where *no* value of the key passes, and so where the key is missing.
  public var isNegation: Bool {
    switch self {
    case .notEquals, .isNotIn, .exists(false): true
    case .equals, .isIn, .isGreater, .isAtLeast, .isLess, .isAtMost, .startsWith, .contains, .lists, .reads,
      .exists(true):
      false
    }
  }

  /// Whether one value passes; for a negation, whether it passes what is negated. With ``isNegation`` this is all that
  /// an index needs: a chunk is meant where (some value of the key passes) differs from (the test is a negation).
  public func passes(_ value: MetadataValue) -> Bool {
    switch self {
    case .equals(let wanted), .notEquals(let wanted), .lists(let wanted): value == wanted
    case .isIn(let wanted), .isNotIn(let wanted): wanted.contains(value)
    case .isGreater(let bound): Self.compares(bound, value) { $0.precedes($1) }
    case .isAtLeast(let bound): Self.compares(bound, value) { !$1.precedes($0) }
    case .isLess(let bound): Self.compares(value, bound) { $0.precedes($1) }
    case .isAtMost(let bound): Self.compares(value, bound) { !$1.precedes($0) }
    case .startsWith(let text): Self.text(of: value)?.utf8.starts(with: text.utf8) ?? false
    case .contains(let text): Self.text(of: value)?.hasBytes(text) ?? false
    case .reads(let text): value.written == text
    case .exists: true
    }
  }

  /// False where the two are of different kinds, or of a kind that has no order.
  private static func compares(
    _ first: MetadataValue, _ second: MetadataValue, _ holds: (OrderedValue, OrderedValue) -> Bool
  ) -> Bool {
    guard let first = OrderedValue(first), let second = OrderedValue(second), first.isSameKind(as: second)
    else { return false }
    return holds(first, second)
  }

  private static func text(of value: MetadataValue) -> String? {
    if case .text(let text) = value { text } else { nil }
  }
}
