import Foundation

@testable import packhouse

/// A folder that is deleted after the test.
enum Scratch {
  static func folder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let name = "ph-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let folder = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
  }

  /// Gives the path of a file that holds `text`.
  static func file<Value>(_ text: String, named name: String = "file.yaml", _ body: (String) async throws -> Value)
    async throws -> Value
  {
    try await folder { folder in
      let file = folder.appending(path: name)
      try Data(text.utf8).write(to: file)
      return try await body(file.path)
    }
  }
}

/// What is wrong according to `body`, problem by problem; empty where nothing is.
func sentences(_ body: () async throws -> Void) async throws -> [String] {
  do {
    try await body()
    return []
  } catch let problem as SettingsProblem {
    return problem.problems
  }
}

extension Settings {
  /// Settings from nothing but what a test gives.
  static func of(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> Settings {
    try await read(arguments: arguments, environment: environment)
  }
}
