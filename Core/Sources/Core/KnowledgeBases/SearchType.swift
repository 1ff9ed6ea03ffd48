/// How neighbours are found. Rule KB-10.
public enum SearchType: String, Hashable, Sendable, CaseIterable {
  /// By meaning: cosine of the vectors.
  case semantic
  /// By words: BM25.
  case keyword
  /// Both rankings, joined by ``RankFusion``.
  case hybrid

  /// Whether the question must be embedded, which costs tokens. Rule KB-12: what needs none goes on without allowance.
  public var needsVector: Bool { self != .keyword }
  public var needsTerms: Bool { self != .semantic }
}
