import Core

/// How much of one quota is used. Rules G-4, U-7.
public struct ConsumptionMeasure: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable { case units, input, output }

  public let kind: Kind
  /// Nano-units for ``Kind/units``, tokens otherwise.
  public let used: Int64
  public let allowed: Int64
  /// Held by running calls.
  public let running: Int64

  /// `GenAI Units`, `Input tokens`, `Output tokens`.
  public var label: String {
    switch kind {
    case .units: "GenAI Units"
    case .input: "Input tokens"
    case .output: "Output tokens"
    }
  }

  /// `1,521 / 1.6k`.
  public var text: String {
    switch kind {
    case .units: UnitsFormat.used(GenAIUnits(nano: used), of: GenAIUnits(nano: allowed))
    case .input, .output: UnitsFormat.used(TokenCount(used), of: TokenCount(allowed))
    }
  }

  /// Rounded down; 100 only if exhausted.
  public var percent: Int { UnitsFormat.percent(TokenCount(used), of: TokenCount(allowed)) }

  /// `1,521.5 of 1,600 GenAI Units used`: the full figures.
  public var title: String {
    switch kind {
    case .units: "\(full(used)) of \(full(allowed)) GenAI Units used"
    case .input: "\(full(used)) of \(full(allowed)) input tokens used"
    case .output: "\(full(used)) of \(full(allowed)) output tokens used"
    }
  }

  /// `+ 12 in use`; nil where nothing runs. Whole units are rounded up, so that what runs is seen.
  public var runningText: String? {
    guard running > 0 else { return nil }
    switch kind {
    case .units:
      let whole = (running + GenAIUnits.nanoPerUnit - 1) / GenAIUnits.nanoPerUnit
      return "+ \(UnitsFormat.grouped(whole)) in use"
    case .input, .output: return "+ \(UnitsFormat.grouped(running)) in use"
    }
  }

  public var isExhausted: Bool { used >= allowed }

  private func full(_ amount: Int64) -> String {
    switch kind {
    case .units: UnitsFormat.full(GenAIUnits(nano: amount))
    case .input, .output: UnitsFormat.grouped(amount)
    }
  }
}
