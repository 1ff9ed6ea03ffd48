import Foundation

/// The repository as it lies on disk.
enum SourceTree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func swiftFiles(under folder: String) throws -> [SourceFile] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path(percentEncoded: false))
    return try (names?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".swift") && !$0.contains(".build") }
      .sorted()
      .map { SourceFile(path: "\(folder)/\($0)", text: try text("\(folder)/\($0)")) }
  }

  /// Files of the product.
  static func productFiles() throws -> [SourceFile] {
    try swiftFiles(under: "Sources") + swiftFiles(under: "Core/Sources")
  }

  /// Files of the product and of its tests.
  static func allSwiftFiles() throws -> [SourceFile] {
    try productFiles() + swiftFiles(under: "Tests") + swiftFiles(under: "Core/Tests")
  }

  static func folders(under folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path(percentEncoded: false))
      .map { "\(folder)/\($0)" }
      .filter { path in
        var isFolder: ObjCBool = false
        let found = FileManager.default.fileExists(
          atPath: root.appending(path: path).path(percentEncoded: false), isDirectory: &isFolder)
        return found && isFolder.boolValue
      }
      .sorted()
  }
}

/// A source file, read as text.
struct SourceFile {
  let path: String
  let text: String

  var lines: [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.last?.isEmpty == true ? lines.dropLast() : lines
  }

  /// Modules named by `import` lines, whatever stands before the word.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
        words[..<index].allSatisfy({
          $0.hasPrefix("@") || ["public", "internal", "package", "private", "fileprivate"].contains($0)
        })
      else { return nil }
      let kinds: Set = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
      let name = kinds.contains(words[index + 1]) && index + 2 < words.count ? words[index + 2] : words[index + 1]
      return name.split(separator: ".").first.map(String.init)
    }
  }

  /// Functions and initialisers with their first line and their length, found by indentation: the formatter keeps it true.
  var functions: [(line: Int, length: Int)] {
    var found: [(line: Int, length: Int)] = []
    var open: [(line: Int, indent: Int)] = []
    for (number, line) in lines.enumerated() {
      let indent = line.prefix { $0 == " " }.count
      let trimmed = line.dropFirst(indent)
      if let last = open.last, trimmed.hasPrefix("}"), indent == last.indent {
        found.append((last.line + 1, number - last.line + 1))
        open.removeLast()
      }
      let isFunction = trimmed.contains("func ") || trimmed.hasPrefix("init(") || trimmed.contains(" init(")
      if isFunction, !trimmed.hasPrefix("//"), !trimmed.hasSuffix("}"), !trimmed.hasPrefix("\""),
        opensBody(at: number, indent)
      {
        open.append((number, indent))
      }
    }
    return found
  }

  /// Names of declared types.
  var typeNames: [String] {
    lines.compactMap { line in
      let words = line.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).map(String.init)
      guard !line.drop(while: { $0 == " " }).hasPrefix("//"),
        let index = words.firstIndex(where: { ["struct", "class", "enum", "actor", "protocol"].contains($0) }),
        words[..<index].allSatisfy({ $0.allSatisfy(\.isLowercase) }), index + 1 < words.count
      else { return nil }
      return words[index + 1]
    }
  }

  /// A declaration without a body, as in a protocol, opens nothing.
  private func opensBody(at number: Int, _ indent: Int) -> Bool {
    for line in lines[number...].prefix(12) {
      if line.hasSuffix("{") { return true }
      let own = line.prefix { $0 == " " }.count
      if own == indent, line != lines[number], !line.dropFirst(indent).hasPrefix(")") { return false }
    }
    return false
  }
}
