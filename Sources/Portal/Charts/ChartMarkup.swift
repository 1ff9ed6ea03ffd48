/// What every drawing needs to become text that is safe inside HTML.
enum ChartMarkup {
  /// `text` for an element's content or a quoted attribute.
  static func escape(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// A share of `whole` in percent with at most two decimals and no trailing zeros, such as "12.5%".
  static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "0%" }
    let hundredths = (part * 10_000 + whole / 2) / whole
    let decimals = hundredths % 100
    guard decimals != 0 else { return "\(hundredths / 100)%" }
    let padded = decimals < 10 ? "0\(decimals)" : "\(decimals)"
    return "\(hundredths / 100).\(padded.hasSuffix("0") ? String(padded.dropLast()) : padded)%"
  }
}
