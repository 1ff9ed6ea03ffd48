/// Amounts as people read them. Rules G-4, G-6. Integer arithmetic only.
public enum UnitsFormat {
  /// "1,521 / 1.6k": used in whole units, rounded down; the allowance exactly.
  public static func used(_ used: GenAIUnits, of allowed: GenAIUnits) -> String {
    "\(whole(used)) / \(short(allowed))"
  }

  /// The same for a quota of tokens.
  public static func used(_ used: TokenCount, of allowed: TokenCount) -> String {
    "\(grouped(used.count)) / \(short(allowed))"
  }

  /// "1,521": whole units, rounded down (towards zero).
  public static func whole(_ units: GenAIUnits) -> String { grouped(units.nano / GenAIUnits.nanoPerUnit) }

  /// "1,234,567".
  public static func grouped(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// "1.6k", "2.5M", "950", "12.5": k or M from a thousand or a million on, with as many decimals as make it exact.
  public static func short(_ units: GenAIUnits) -> String {
    scaled(units.nano, decimals: 9, magnitude: units.nano.magnitude / UInt64(GenAIUnits.nanoPerUnit))
  }

  /// "2.5M", "1.25M", "950".
  public static func short(_ tokens: TokenCount) -> String {
    scaled(tokens.count, decimals: 0, magnitude: tokens.count.magnitude)
  }

  /// "1,521.5": exact, grouped, without needless zeros. The full figure of a title.
  public static func full(_ units: GenAIUnits) -> String {
    let (whole, rest) = units.nano.magnitude.quotientAndRemainder(dividingBy: UInt64(GenAIUnits.nanoPerUnit))
    let fraction = trimmed(padded(rest, 9))
    let sign = units.nano < 0 ? "-" : ""
    return sign + grouped(Int64(whole)) + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  /// "0.035810000": nine decimals, no grouping, for exports. Rule G-6.
  public static func nineDecimals(_ units: GenAIUnits) -> String {
    let (whole, rest) = units.nano.magnitude.quotientAndRemainder(dividingBy: UInt64(GenAIUnits.nanoPerUnit))
    return "\(units.nano < 0 ? "-" : "")\(whole).\(padded(rest, 9))"
  }

  /// "35.81": what a million tokens cost in units, for a rate in nano-units a token; two decimals at least.
  public static func rate(_ nanoPerToken: Int64) -> String {
    let (whole, rest) = nanoPerToken.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let fraction = padded(rest, 3)
    return "\(nanoPerToken < 0 ? "-" : "")\(whole).\(fraction.hasSuffix("0") ? String(fraction.dropLast()) : fraction)"
  }

  /// Whole per cent, rounded down; 100 only where everything is used, and never more.
  public static func percent(_ used: GenAIUnits, of allowed: GenAIUnits) -> Int { percent(used.nano, of: allowed.nano) }

  /// Whole per cent, rounded down; 100 only where everything is used, and never more.
  public static func percent(_ used: TokenCount, of allowed: TokenCount) -> Int {
    percent(used.count, of: allowed.count)
  }

  /// Reads "12", "12.5" or "0.000000001" exactly; nil for anything else, and for what does not fit.
  public static func units(_ text: String) -> GenAIUnits? {
    guard case .success(let nano) = ExactDecimal.parse(text, decimals: 9) else { return nil }
    return GenAIUnits(nano: nano)
  }

  private static func percent(_ used: Int64, of allowed: Int64) -> Int {
    guard used < allowed else { return 100 }
    guard used > 0 else { return 0 }
    let product = UInt64(used).multipliedFullWidth(by: 100)
    return Int(UInt64(allowed).dividingFullWidth(product).quotient)
  }

  /// `value` x 10^-decimals in k or M as its whole part of `magnitude` asks, exactly.
  private static func scaled(_ value: Int64, decimals: Int, magnitude: UInt64) -> String {
    let (shift, suffix) = magnitude >= 1_000_000 ? (6, "M") : magnitude >= 1_000 ? (3, "k") : (0, "")
    let places = decimals + shift
    let digits = padded(value.magnitude, places + 1)
    let fraction = trimmed(String(digits.suffix(places)))
    let sign = value < 0 ? "-" : ""
    return sign + digits.dropLast(places) + (fraction.isEmpty ? "" : ".\(fraction)") + suffix
  }

  private static func padded(_ number: UInt64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func trimmed(_ fraction: String) -> String {
    String(fraction.reversed().drop { $0 == "0" }.reversed())
  }
}
