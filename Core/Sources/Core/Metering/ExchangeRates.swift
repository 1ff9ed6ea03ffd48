/// What one token of each class costs, in nano-units. Rules C-6, U-1: 35.81 units per million tokens are exactly
/// 35,810 nano-units a token.
public struct ExchangeRates: Hashable, Sendable {
  public let input: Int64
  public let output: Int64
  /// Equal to `input` where the catalog sets none.
  public let cacheWrite: Int64
  /// Equal to `input` where the catalog sets none.
  public let cacheRead: Int64

  public init(input: Int64, output: Int64, cacheWrite: Int64? = nil, cacheRead: Int64? = nil) {
    self.input = input
    self.output = output
    self.cacheWrite = cacheWrite ?? input
    self.cacheRead = cacheRead ?? input
  }

  /// The price of `usage`, exactly.
  public func price(of usage: TokenUsage) -> GenAIUnits {
    GenAIUnits(
      nano: usage.input.count * input + usage.cacheWrite.count * cacheWrite + usage.cacheRead.count * cacheRead
        + usage.output.count * output)
  }

  /// What an input token costs in its dearest class; admission reserves at this rate. Rule U-5.
  public var dearestInput: Int64 { max(input, cacheWrite, cacheRead) }
}
