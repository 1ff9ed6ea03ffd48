/// Reads decimal numbers without floating point. Rule U-1.
enum ExactDecimal {
  enum Problem: Error, Equatable {
    case notANumber
    case negative
    /// More decimals than can be kept.
    case inexact
    case tooLarge
  }

  /// "35.81" with 3 decimals is 35,810. Takes digits with at most one point, digits on both of its sides, and `_`
  /// between digits. Trailing zeros are no decimals.
  static func parse(_ text: String, decimals: Int) -> Result<Int64, Problem> {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy(isDigits) else { return .failure(.notANumber) }
    if isNegative { return .failure(.negative) }
    let fraction = parts.count == 2 ? parts[1].filter { $0 != "_" } : ""
    guard fraction.dropFirst(decimals).allSatisfy({ $0 == "0" }) else { return .failure(.inexact) }
    let kept = fraction.prefix(decimals)
    let digits = parts[0].filter { $0 != "_" } + kept + String(repeating: "0", count: decimals - kept.count)
    guard let value = Int64(digits) else { return .failure(.tooLarge) }
    return .success(value)
  }

  private static func isDigits(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, first != 0x5F, last != 0x5F else { return false }
    return text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x5F }
  }
}
