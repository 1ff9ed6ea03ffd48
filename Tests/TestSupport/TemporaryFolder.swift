import Foundation

/// A folder that is deleted after the test.
public enum TemporaryFolder {
  public static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = make()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try await body(path)
  }

  /// The same for a test that does not wait for anything.
  public static func with<Value>(_ body: (String) throws -> Value) throws -> Value {
    let path = make()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try body(path)
  }

  /// Short, because the path of a socket has a small limit.
  private static func make() -> String {
    FileManager.default.temporaryDirectory.path + "/ph-" + uniqueName()
  }

  /// Twelve characters that no other test has.
  static func uniqueName() -> String {
    let text = String(UInt64.random(in: .min ... .max), radix: 36)
    return String((String(repeating: "0", count: 12) + text).suffix(12))
  }
}
