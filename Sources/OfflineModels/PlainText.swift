import Foundation

/// Turns what comes as a document or a tool's result into text that sentences can be found in.
enum PlainText {
  /// Document formats that are text.
  enum Format: String, CaseIterable {
    case txt, md, csv, html

    static var names: String { allCases.map { $0.rawValue.uppercased() }.joined(separator: ", ") }
  }

  /// The text of a document; nil where its bytes are not UTF-8.
  static func text(of bytes: [UInt8], format: Format) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return switch format {
    case .txt, .md, .csv: text
    case .html: self.text(ofHTML: text)
    }
  }

  // MARK: HTML

  private static let invisible: Set<String> = ["script", "style", "head", "template", "noscript"]
  private static let inline: Set<String> = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "u", "var",
  ]

  /// The visible text: tags gone, blocks on lines of their own, the usual references resolved. No more is promised:
  /// it is for quoting, not for rendering.
  static func text(ofHTML html: String) -> String {
    var text = ""
    var rest = Substring(html)
    while let tag = rest.firstIndex(of: "<") {
      text += rest[..<tag]
      rest = rest[tag...]
      if rest.hasPrefix("<!--") {
        rest = after("-->", in: rest)
        continue
      }
      guard let next = rest.dropFirst().first, next.isLetter || next == "/" || next == "!" || next == "?" else {
        text += "<"
        rest = rest.dropFirst()
        continue
      }
      let isEnd = next == "/"
      let name = rest.dropFirst(isEnd ? 2 : 1).prefix { $0.isLetter || $0.isNumber }.lowercased()
      rest = after(">", in: rest)
      if invisible.contains(name) && !isEnd {
        rest = skip(name, in: rest)
      }
      if !inline.contains(name) { text += "\n" }
    }
    return resolved(text + rest)
  }

  private static func after(_ mark: String, in text: Substring) -> Substring {
    guard let range = text.range(of: mark) else { return text[text.endIndex...] }
    return text[range.upperBound...]
  }

  private static func skip(_ element: String, in text: Substring) -> Substring {
    guard let range = text.range(of: "</\(element)", options: .caseInsensitive) else { return text[text.endIndex...] }
    return after(">", in: text[range.upperBound...])
  }

  private static let references = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–", "mdash": "—",
    "hellip": "…", "euro": "€", "copy": "©", "auml": "ä", "ouml": "ö", "uuml": "ü", "szlig": "ß", "eacute": "é",
  ]
  private static let longestReference = 10

  private static func resolved(_ text: String) -> String {
    guard text.contains("&") else { return text }
    var result = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...].dropFirst()
      let name = rest.prefix(longestReference).prefix { $0 != ";" && $0 != "&" }
      if rest.dropFirst(name.count).first == ";", let character = character(named: name) {
        result += character
        rest = rest.dropFirst(name.count + 1)
      } else {
        result += "&"
      }
    }
    return result + rest
  }

  private static func character(named name: Substring) -> String? {
    guard name.first == "#" else { return references[String(name)] }
    let digits = name.dropFirst()
    let value = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
  }

  // MARK: JSON

  /// The members of a JSON value, one a line, as `name: value`, in their order. Whatever is not JSON comes out as some
  /// lines as well: it is for quoting, not for parsing.
  static func lines(ofJSON bytes: [UInt8]) -> String {
    var lines = ""
    var string: [UInt8]?
    var isEscaped = false
    for byte in bytes {
      if var content = string {
        content.append(byte)
        let isEnd = byte == UInt8(ascii: "\"") && !isEscaped
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        if isEnd { lines += unescaped(content) }
        string = isEnd ? nil : content
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): string = [byte]
      case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
        UInt8(ascii: "\n"):
        if lines.last != "\n" { lines += "\n" }
      case UInt8(ascii: ":"): lines += ": "
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: lines.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return lines + (string.map { String(decoding: $0.dropFirst(), as: UTF8.self) } ?? "")
  }

  private static func unescaped(_ quoted: [UInt8]) -> String {
    let decoded = try? JSONDecoder().decode(String.self, from: Data(quoted))
    return decoded ?? String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
  }
}
