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

  /// The price of `usage`, exactly; held at the end of the type where a provider's figures are absurd.
  public func price(of usage: TokenUsage) -> GenAIUnits {
    let input = usage.input.count.multipliedSaturated(by: input)
    let cacheWrite = usage.cacheWrite.count.multipliedSaturated(by: cacheWrite)
    let cacheRead = usage.cacheRead.count.multipliedSaturated(by: cacheRead)
    let output = usage.output.count.multipliedSaturated(by: output)
    return GenAIUnits(
      nano: input.addingSaturated(cacheWrite).addingSaturated(cacheRead).addingSaturated(output))
  }

  /// What an input token costs in its dearest class; admission reserves at this rate. Rule U-5.
  public var dearestInput: Int64 { max(input, cacheWrite, cacheRead) }
}
