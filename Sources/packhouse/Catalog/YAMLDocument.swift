import Core
import Foundation
import Yams

/// Composes YAML to a tree that knows its lines, so that Core can say where a problem is. Decision 20.
enum YAMLDocument {
  /// Largest document that is read, in bytes.
  static let sizeLimit = 4_000_000

  /// Reads a file. Throws ``SettingsProblem`` where it can't be read or is not YAML.
  static func read(_ path: String, what: String) throws -> LocatedValue {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingsProblem(["The \(what) \(path) can't be read: it does not exist or may not be opened."])
    }
    guard data.count <= sizeLimit else {
      throw SettingsProblem(["The \(what) \(path) has more than \(sizeLimit / 1_000_000) MB."])
    }
    return try compose(String(decoding: data, as: UTF8.self), name: path, what: what)
  }

  /// Composes a text. `name` stands in sentences.
  static func compose(_ text: String, name: String, what: String) throws -> LocatedValue {
    do {
      guard let node = try Yams.compose(yaml: text) else { return .map([], line: 1) }
      return located(node)
    } catch let error as YamlError {
      throw SettingsProblem(["The \(what) \(name) is not valid YAML: \(error)"])
    }
  }

  private static func located(_ node: Node) -> LocatedValue {
    let line = node.mark?.line ?? 1
    switch node {
    case .scalar(let scalar): return .scalar(scalar.string, line: line)
    case .sequence(let sequence): return .list(sequence.map(located), line: line)
    case .mapping(let mapping):
      let members = mapping.map { key, value in
        LocatedValue.Member(key: key.string ?? "", line: key.mark?.line ?? line, value: located(value))
      }
      return .map(members, line: line)
    case .alias: return .scalar("", line: line)
    }
  }
}
