/// Tokens of one call by class. Rule U-2: the classes are disjoint and kept apart.
public struct TokenUsage: Hashable, Sendable {
  /// Input that was neither written to nor read from a prompt cache.
  public var input: TokenCount
  public var cacheWrite: TokenCount
  public var cacheRead: TokenCount
  public var output: TokenCount

  public init(
    input: TokenCount = 0, cacheWrite: TokenCount = 0, cacheRead: TokenCount = 0, output: TokenCount = 0
  ) {
    self.input = input
    self.cacheWrite = cacheWrite
    self.cacheRead = cacheRead
    self.output = output
  }

  public static let zero = TokenUsage()

  /// What people are shown as "input": every class but output.
  public var shownInput: TokenCount {
    TokenCount(input.count.addingSaturated(cacheWrite.count).addingSaturated(cacheRead.count))
  }

  public static func + (a: Self, b: Self) -> Self {
    TokenUsage(
      input: a.input + b.input, cacheWrite: a.cacheWrite + b.cacheWrite, cacheRead: a.cacheRead + b.cacheRead,
      output: a.output + b.output)
  }
}
