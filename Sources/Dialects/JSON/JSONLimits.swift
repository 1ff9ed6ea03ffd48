/// How much JSON one document may hold. Rule L-1.
public struct JSONLimits: Hashable, Sendable {
  /// Nesting of objects and arrays.
  public var depth: Int
  /// Values and member names together; each takes 16 bytes of memory while the document is read.
  public var values: Int
  public var bytes: Int

  public init(depth: Int = 64, values: Int = 1_000_000, bytes: Int = 64 << 20) {
    self.depth = depth
    self.values = values
    self.bytes = min(bytes, Int(Int32.max))
  }

  /// For what applications send.
  public static let request = JSONLimits()
  /// For what providers send: 2,048 vectors of 3,072 numbers fit.
  public static let answer = JSONLimits(values: 8_000_000, bytes: 128 << 20)
}
