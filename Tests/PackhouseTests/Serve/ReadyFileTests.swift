import Foundation
import Platform
import Testing

@testable import packhouse

@Suite("The ready file")
struct ReadyFileTests {
  static let demo = """
    {"admin":{"email":"a@x.example","password":"p1"},"member":{"email":"m@x.example","password":"p2"},
     "textResource":"t1","embeddingsResource":"e1","textKey":"phk_t","embeddingsKey":"phk_e"}
    """

  @Test("It tells addresses, process and the demo company, and is its owner's alone")
  func complete() async throws {
    try await Scratch.folder { folder in
      let path = folder.appending(path: "ready.json").path
      let demo = try JSONDecoder().decode(DemoCredentials.self, from: Data(Self.demo.utf8))
      try file(demo: demo).write(to: path)
      let json = try read(path)
      #expect(json["portal"] as? String == "http://127.0.0.1:1")
      #expect(json["gateway"] as? String == "http://127.0.0.1:2")
      #expect(json["operations"] as? String == "http://127.0.0.1:3")
      #expect(json["process"] as? Int == 4)
      #expect(json["admin"] as? [String: String] == ["email": "a@x.example", "password": "p1"])
      #expect(json["member"] as? [String: String] == ["email": "m@x.example", "password": "p2"])
      #expect(json["textResource"] as? String == "t1")
      #expect(json["embeddingsResource"] as? String == "e1")
      #expect(json["textKey"] as? String == "phk_t")
      #expect(json["embeddingsKey"] as? String == "phk_e")
      #expect(try mode(path) == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ready.json"])
    }
  }

  @Test("Without a demo company it says nothing of one, and an older file that others could read is replaced")
  func replaces() async throws {
    try await Scratch.file("old", named: "ready.json") { path in
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      try file(demo: nil).write(to: path)
      #expect(try Set(read(path).keys) == ["portal", "gateway", "operations", "process"])
      #expect(try mode(path) == 0o600)
    }
  }

  @Test("Where it can't be written, that is told by its path")
  func unwritable() async throws {
    let problems = try await sentences { try file(demo: nil).write(to: "/nowhere/at/all/ready.json") }
    #expect(problems.first?.contains("/nowhere/at/all/ready.json") == true)
  }

  private func file(demo: DemoCredentials?) -> ReadyFile {
    ReadyFile(
      portal: "http://127.0.0.1:1", gateway: "http://127.0.0.1:2", operations: "http://127.0.0.1:3", process: 4,
      demo: demo)
  }

  private func read(_ path: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    return try #require(value as? [String: Any])
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
  }
}
