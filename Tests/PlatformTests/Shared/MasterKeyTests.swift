import Core
import Crypto
import Foundation
import TestSupport
import Testing

@testable import Platform

@Suite("The master key (decision 10)")
struct MasterKeyTests {
  @Test("It is made once, is its owner's alone, and comes again")
  func madeOnce() throws {
    try TemporaryFolder.with { folder in
      let first = try MasterKey.load(folder: folder, environment: nil, random: .seeded(1))
      let second = try MasterKey.load(folder: folder, environment: "", random: .seeded(2))
      #expect(first.derived(for: .csrfTokens) == second.derived(for: .csrfTokens))
      #expect(!PrivateFile.isOpenToOthers(folder + "/master.key"))
      #expect(try PrivateFile.read(folder + "/master.key")?.count == 32)
    }
  }

  @Test("The environment wins, and nothing is written")
  func environment() throws {
    try TemporaryFolder.with { folder in
      let bytes = [UInt8](repeating: 9, count: 32)
      let key = try MasterKey.load(
        folder: folder, environment: Data(bytes).base64EncodedString(), random: .seeded(1))
      #expect(key.derived(for: .csrfTokens) == MasterKey(bytes: bytes)?.derived(for: .csrfTokens))
      #expect(!FileManager.default.fileExists(atPath: folder + "/master.key"))
    }
  }

  @Test("What cannot be a key is refused with a sentence that does not quote it", arguments: ["short", "c2hvcnQ="])
  func malformed(text: String) throws {
    try TemporaryFolder.with { folder in
      let problem = #expect(throws: MasterKeyProblem.self) {
        _ = try MasterKey.load(folder: folder, environment: text, random: .seeded(1))
      }
      #expect(problem?.sentence.contains("PACKHOUSE_MASTER_KEY") == true)
      #expect(problem?.sentence.contains(text) == false)
    }
  }

  @Test("A file that others may read, or of another length, is refused")
  func badFiles() throws {
    try TemporaryFolder.with { folder in
      let path = folder + "/master.key"
      _ = try MasterKey.load(folder: folder, environment: nil, random: .seeded(1))
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      let open = #expect(throws: MasterKeyProblem.self) {
        _ = try MasterKey.load(folder: folder, environment: nil, random: .seeded(1))
      }
      #expect(open?.sentence.contains("chmod 600") == true)
      try PrivateFile.write([1, 2, 3], to: path)
      #expect(throws: MasterKeyProblem.self) {
        _ = try MasterKey.load(folder: folder, environment: nil, random: .seeded(1))
      }
    }
  }
}
