import Configuration
import Core
import Foundation
import SystemPackage

/// The configuration file: YAML, every entry one of ``Setting/all``.
enum ConfigurationFile {
  /// Reads the file and lists every entry that is no setting, with its line.
  static func provider(_ path: String) async throws -> any ConfigProvider {
    let root = try YAMLDocument.read(path, what: "configuration file")
    let known = Set(Setting.all.map(\.key))
    let unknown = entries(of: root, under: "").filter { !known.contains($0.key) }
    guard unknown.isEmpty else {
      throw SettingsProblem(
        unknown.map {
          "\(path), line \($0.line): there is no setting \($0.key). packhouse serve --help lists them all."
        })
    }
    // The library takes a document without entries for none at all.
    if case .map(let members, _) = root, members.isEmpty {
      return InMemoryProvider(name: "configuration file", values: [:])
    }
    do {
      return try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
    } catch {
      throw SettingsProblem(["The configuration file \(path) can't be read: it is not valid YAML."])
    }
  }

  private static func entries(of value: LocatedValue, under prefix: String) -> [(key: String, line: Int)] {
    guard case .map(let members, _) = value else {
      return prefix.isEmpty ? [] : [(prefix, value.line)]
    }
    return members.flatMap { entries(of: $0.value, under: prefix.isEmpty ? $0.key : "\(prefix).\($0.key)") }
  }
}
