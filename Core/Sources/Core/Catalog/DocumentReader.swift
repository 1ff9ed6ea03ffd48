/// Gathers what is wrong while a document is read. Lives as long as one validation.
final class ProblemLog {
  private(set) var problems: [CatalogProblem] = []

  func add(_ line: Int, _ path: String, _ message: String) {
    problems.append(CatalogProblem(line: line > 0 ? line : nil, path: path, message: message))
  }

  /// In the order of the lines, those without a line last. A mistake in a limit profile is told once, not at every
  /// model that uses it.
  var sorted: CatalogProblems {
    var seen: Set<CatalogProblem> = []
    let once = problems.filter { problem in
      let member = problem.path.split(separator: ".").last.map(String.init) ?? ""
      return seen.insert(CatalogProblem(line: problem.line, path: member, message: problem.message)).inserted
    }
    let numbered = once.enumerated().sorted {
      ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset)
    }
    return CatalogProblems(numbered.map(\.element))
  }
}

/// An element of a list with its place, such as `models[3]`.
struct LocatedElement {
  let value: LocatedValue
  let path: String

  var line: Int { value.line }
}

/// Reads the members of one mapping: each is taken by name and type, and what is wrong goes to the log. A getter gives
/// nil where it logged something, or where an optional member is absent.
struct DocumentReader {
  static let maxElements = 1_000
  static let maxTextLength = 500

  let path: String
  let line: Int
  let log: ProblemLog
  private let members: [String: LocatedValue.Member]

  /// Nil where `value` is no mapping. Members that are not among `known` are problems, and so are repeated ones.
  init?(_ value: LocatedValue, path: String, log: ProblemLog, known: [String]) {
    guard case .map(let list, let line) = value else {
      log.add(value.line, path, "A mapping with members is needed here, such as \(known[0]): ...")
      return nil
    }
    var members: [String: LocatedValue.Member] = [:]
    for member in list {
      let place = Self.join(path, member.key)
      if !known.contains(member.key) {
        log.add(member.line, place, "Unknown member. Known ones are: \(known.joined(separator: ", ")).")
      } else if members[member.key] != nil {
        log.add(member.line, place, "The member stands here twice. Keep one of them.")
      } else {
        members[member.key] = member
      }
    }
    self.path = path
    self.line = line
    self.log = log
    self.members = members
  }

  private init(path: String, line: Int, log: ProblemLog, members: [String: LocatedValue.Member]) {
    self.path = path
    self.line = line
    self.log = log
    self.members = members
  }

  /// The same members, their problems going to `other`.
  func reporting(to other: ProblemLog) -> DocumentReader {
    DocumentReader(path: path, line: line, log: other, members: members)
  }

  static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  func place(_ name: String) -> String { Self.join(path, name) }
  func line(of name: String) -> Int { members[name]?.line ?? line }
  func problem(_ name: String, _ message: String) { log.add(line(of: name), place(name), message) }

  /// True where the member is written, even as nothing.
  func has(_ name: String) -> Bool { members[name] != nil }

  func value(_ name: String) -> LocatedValue? { members[name]?.value }

  func missing(_ name: String) { log.add(line, place(name), "The member is missing.") }

  // MARK: Texts

  func text(_ name: String) -> String? {
    guard has(name) else {
      missing(name)
      return nil
    }
    return optionalText(name)
  }

  func optionalText(_ name: String) -> String? {
    guard let value = value(name) else { return nil }
    guard case .scalar(let text, _) = value else {
      problem(name, "A single value is needed here, not a list or a mapping.")
      return nil
    }
    guard !text.isEmpty else {
      problem(name, "The value is empty.")
      return nil
    }
    guard text.utf8.count <= Self.maxTextLength else {
      problem(name, "The value is longer than \(Self.maxTextLength) bytes.")
      return nil
    }
    return text
  }

  /// Letters, digits, `.`, `-`, `_`, at most 64 of them.
  func identifier<Entity>(_ name: String) -> Identifier<Entity>? {
    guard let text = text(name) else { return nil }
    guard Self.isIdentifier(text) else {
      problem(name, "An identifier has 1 to 64 letters, digits, dots, hyphens or underscores.")
      return nil
    }
    return Identifier(text)
  }

  static func isIdentifier(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": true
        default: false
        }
      }
  }

  /// One of `choices` by its name.
  func choice<Choice>(_ name: String, _ choices: [(String, Choice)]) -> Choice? {
    guard let text = text(name) else { return nil }
    if let found = choices.first(where: { $0.0 == text }) { return found.1 }
    problem(name, "One of these is needed: \(choices.map(\.0).joined(separator: ", ")).")
    return nil
  }

  func flag(_ name: String, absent: Bool) -> Bool? {
    guard has(name) else { return absent }
    return choice(name, [("true", true), ("false", false)])
  }

  // MARK: Numbers

  func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
    guard has(name) else {
      missing(name)
      return nil
    }
    return optionalInteger(name, in: range)
  }

  func optionalInteger(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
    optionalDecimal(name, decimals: 0, in: range)
  }

  /// A decimal number in thousandths, exactly.
  func thousandths(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
    guard has(name) else {
      missing(name)
      return nil
    }
    return optionalThousandths(name, in: range)
  }

  func optionalThousandths(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
    optionalDecimal(name, decimals: 3, in: range)
  }

  private func optionalDecimal(_ name: String, decimals: Int, in range: ClosedRange<Int64>) -> Int64? {
    guard let text = optionalText(name) else { return nil }
    switch ExactDecimal.parse(text, decimals: decimals) {
    case .success(let value) where range.contains(value): return value
    case .success, .failure(.tooLarge):
      problem(name, "The number must be from \(shown(range.lowerBound)) to \(shown(range.upperBound)).")
    case .failure(.negative): problem(name, "The number must not be negative.")
    case .failure(.inexact) where decimals == 0: problem(name, "A whole number is needed here.")
    case .failure(.inexact):
      problem(name, "More than \(decimals) decimals cannot be kept exactly. Round the number.")
    case .failure(.notANumber):
      problem(name, decimals == 0 ? "A whole number is needed here." : "A number such as 35.81 is needed here.")
    }
    return nil

    func shown(_ value: Int64) -> String {
      guard decimals > 0 else { return UnitsFormat.grouped(value) }
      return UnitsFormat.full(GenAIUnits(nano: value.multipliedSaturated(by: 1_000_000)))
    }
  }

  // MARK: Lists and mappings

  /// Elements of a list that must be there and must not be empty.
  func elements(_ name: String) -> [LocatedElement] {
    guard has(name) else {
      missing(name)
      return []
    }
    let elements = optionalElements(name)
    if case .list(let list, _)? = value(name), list.isEmpty { problem(name, "The list is empty.") }
    return elements
  }

  func optionalElements(_ name: String) -> [LocatedElement] {
    guard let value = value(name) else { return [] }
    guard case .list(let list, _) = value else {
      problem(name, "A list is needed here.")
      return []
    }
    guard list.count <= Self.maxElements else {
      problem(name, "The list has more than \(Self.maxElements) elements.")
      return []
    }
    return list.enumerated().map { LocatedElement(value: $1, path: "\(place(name))[\($0)]") }
  }

  /// A list of single values, none of them twice; empty where the member is absent.
  func texts(_ name: String) -> [(text: String, line: Int, path: String)] {
    var seen: Set<String> = []
    return optionalElements(name).compactMap { element in
      guard case .scalar(let text, let line) = element.value, !text.isEmpty, text.utf8.count <= Self.maxTextLength
      else {
        log.add(element.line, element.path, "A single value is needed here.")
        return nil
      }
      guard seen.insert(text).inserted else {
        log.add(line, element.path, "\(text) stands in this list twice.")
        return nil
      }
      return (text, line, element.path)
    }
  }

  /// Members of a mapping of free names to single values, in their order.
  func pairs(_ name: String) -> [(key: String, text: String, line: Int, path: String)] {
    guard let value = value(name) else { return [] }
    guard case .map(let list, _) = value else {
      problem(name, "A mapping of names to values is needed here.")
      return []
    }
    var seen: Set<String> = []
    return list.compactMap { member in
      let place = Self.join(self.place(name), member.key)
      guard seen.insert(member.key).inserted else {
        log.add(member.line, place, "The member stands here twice. Keep one of them.")
        return nil
      }
      guard case .scalar(let text, _) = member.value, !text.isEmpty, text.utf8.count <= Self.maxTextLength else {
        log.add(member.line, place, "A single value is needed here.")
        return nil
      }
      return (member.key, text, member.line, place)
    }
  }
}
