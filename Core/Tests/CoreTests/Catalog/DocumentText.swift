import Core

/// Reads the part of YAML that the tests and the shipped catalog are written in: block mappings and lists, flow
/// mappings and lists on one line, quoted and plain scalars, comments. Anything else makes it fail.
struct DocumentText {
  struct Unreadable: Error { let line: Int }

  private struct Line {
    let number: Int
    let indent: Int
    let text: Substring
  }

  private var lines: [Line] = []
  private var next = 0

  static func parse(_ text: String) throws -> LocatedValue {
    var reader = DocumentText(text)
    let value = try reader.block(indent: reader.lines.first?.indent ?? 0)
    guard reader.next == reader.lines.count else { throw Unreadable(line: reader.lines[reader.next].number) }
    return value
  }

  private init(_ text: String) {
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = Self.withoutComment(raw)
      let trimmed = content.drop { $0 == " " }
      guard !trimmed.isEmpty else { continue }
      lines.append(Line(number: index + 1, indent: content.count - trimmed.count, text: trimmed))
    }
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    var inQuotes = false
    var previous: Character = " "
    var end = line.endIndex
    for index in line.indices {
      if line[index] == "\"" { inQuotes.toggle() }
      if line[index] == "#", !inQuotes, previous == " " {
        end = index
        break
      }
      previous = line[index]
    }
    var content = line[..<end]
    while content.last == " " { content.removeLast() }
    return content
  }

  // MARK: Blocks

  private mutating func block(indent: Int) throws -> LocatedValue {
    guard next < lines.count else { return .scalar("", line: 0) }
    let line = lines[next]
    return line.text.hasPrefix("- ") ? try list(indent: line.indent) : try map(indent: line.indent)
  }

  private mutating func list(indent: Int) throws -> LocatedValue {
    let start = lines[next].number
    var elements: [LocatedValue] = []
    while next < lines.count, lines[next].indent == indent, lines[next].text.hasPrefix("- ") {
      let line = lines[next]
      let rest = line.text.dropFirst(2).drop { $0 == " " }
      if Self.key(of: rest) != nil {
        // "- key: value" begins a mapping that goes on below the key.
        let inner = indent + line.text.count - rest.count
        lines[next] = Line(number: line.number, indent: inner, text: rest)
        elements.append(try map(indent: inner))
      } else {
        elements.append(try Self.flow(rest, line: line.number))
        next += 1
      }
    }
    return .list(elements, line: start)
  }

  private mutating func map(indent: Int) throws -> LocatedValue {
    let start = lines[next].number
    var members: [LocatedValue.Member] = []
    while next < lines.count, lines[next].indent == indent, !lines[next].text.hasPrefix("- ") {
      let line = lines[next]
      guard let (key, rest) = Self.key(of: line.text) else { throw Unreadable(line: line.number) }
      next += 1
      let value: LocatedValue
      if !rest.isEmpty {
        value = try Self.flow(rest, line: line.number)
      } else if next < lines.count, lines[next].indent > indent {
        value = try block(indent: lines[next].indent)
      } else {
        value = .scalar("", line: line.number)
      }
      members.append(.init(key: key, line: line.number, value: value))
    }
    if next < lines.count, lines[next].indent > indent { throw Unreadable(line: lines[next].number) }
    return .map(members, line: start)
  }

  /// "key: rest" or "key:".
  private static func key(of text: Substring) -> (key: String, rest: Substring)? {
    guard let first = text.first, !"\"{[".contains(first), let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...]
    guard rest.isEmpty || rest.first == " " else { return nil }
    return (String(text[..<colon]), rest.drop { $0 == " " })
  }

  // MARK: Values on one line

  private static func flow(_ text: Substring, line: Int) throws -> LocatedValue {
    var rest = text
    let value = try flowValue(&rest, line: line, inside: false)
    guard rest.allSatisfy({ $0 == " " }) else { throw Unreadable(line: line) }
    return value
  }

  private static func flowValue(_ rest: inout Substring, line: Int, inside: Bool) throws -> LocatedValue {
    rest = rest.drop { $0 == " " }
    switch rest.first {
    case "[":
      rest.removeFirst()
      var elements: [LocatedValue] = []
      while try !closes("]", &rest, line) { elements.append(try flowValue(&rest, line: line, inside: true)) }
      return .list(elements, line: line)
    case "{":
      rest.removeFirst()
      var members: [LocatedValue.Member] = []
      while try !closes("}", &rest, line) {
        guard let colon = rest.firstIndex(of: ":") else { throw Unreadable(line: line) }
        let key = String(rest[..<colon])
        rest = rest[rest.index(after: colon)...]
        members.append(.init(key: key, line: line, value: try flowValue(&rest, line: line, inside: true)))
      }
      return .map(members, line: line)
    case "\"":
      rest.removeFirst()
      guard let end = rest.firstIndex(of: "\"") else { throw Unreadable(line: line) }
      let scalar = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      return .scalar(scalar, line: line)
    default:
      let scalar = inside ? rest.prefix { !",]}".contains($0) } : rest
      rest = rest.dropFirst(scalar.count)
      return .scalar(String(scalar), line: line)
    }
  }

  /// Skips blanks and a comma; true at the closing bracket.
  private static func closes(_ bracket: Character, _ rest: inout Substring, _ line: Int) throws -> Bool {
    rest = rest.drop { $0 == " " || $0 == "," }
    guard let first = rest.first else { throw Unreadable(line: line) }
    guard first == bracket else { return false }
    rest.removeFirst()
    return true
  }
}
