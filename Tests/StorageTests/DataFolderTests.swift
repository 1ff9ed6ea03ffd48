import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("The data folder has one writer")
struct DataFolderTests {
  @Test("A second lock is refused and names the process; the lock comes back when it is released (decision 8)")
  func lock() throws {
    try TemporaryFolder.with { path in
      let folder = DataFolder(path + "/data/")
      try folder.create()
      try folder.create()
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
      var first: FolderLock? = try FolderLock.acquire(folder)
      #expect(first != nil)
      #expect { _ = try FolderLock.acquire(folder) } throws: { error in
        guard let problem = error as? DataFolderProblem else { return false }
        return problem.kind == .locked
          && problem.message.contains("process \(ProcessInfo.processInfo.processIdentifier)")
      }
      first = nil
      _ = try FolderLock.acquire(folder)
    }
  }

  @Test("A folder that cannot be made is told in a sentence")
  func unusable() throws {
    try TemporaryFolder.with { path in
      try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/file"))
      #expect(throws: DataFolderProblem.self) { try DataFolder(path + "/file/data").create() }
      #expect { _ = try FolderLock.acquire(DataFolder(path + "/missing")) } throws: {
        ($0 as? DataFolderProblem)?.kind == .notUsable
      }
    }
  }

  @Test("Commands reach the running server over a socket that only its owner can open (decision 8)")
  func control() async throws {
    try await TemporaryFolder.with { path in
      let socket = DataFolder(path).controlSocket
      await #expect {
        _ = try await ControlSocket.request(Array("{}".utf8), at: socket)
      } throws: { ($0 as? DataFolderProblem)?.kind == .noServer }
      // A file that a dead server left is replaced.
      try Data().write(to: URL(fileURLWithPath: socket))
      let server = try ControlSocket.listen(at: socket) { line in
        await Task.yield()
        return Array("answer to ".utf8) + line
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: socket)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<20 {
          group.addTask {
            let line = Array("request \(number) \(String(repeating: "x", count: number * 5_000))".utf8)
            return try await ControlSocket.request(line, at: socket) == Array("answer to ".utf8) + line
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers == [Bool](repeating: true, count: 20))
      await server.close()
      #expect(!FileManager.default.fileExists(atPath: socket))
      await #expect(throws: DataFolderProblem.self) { _ = try await ControlSocket.request([], at: socket) }
    }
  }

  @Test("The control socket refuses what is too large and a path that no socket can have")
  func limits() async throws {
    try await TemporaryFolder.with { path in
      let long = path + "/" + String(repeating: "x", count: 120)
      #expect { _ = try ControlSocket.listen(at: long) { $0 } } throws: { error in
        (error as? DataFolderProblem)?.message.contains("too long") == true
      }
      let socket = path + "/control.sock"
      let server = try ControlSocket.listen(at: socket) { _ in
        [UInt8](repeating: 65, count: ControlSocket.maximumLine + 1)
      }
      let tooLarge = [UInt8](repeating: 65, count: ControlSocket.maximumLine + 1)
      for line in [Array("a".utf8), Array("a\nb".utf8), tooLarge] {
        await #expect { _ = try await ControlSocket.request(line, at: socket) } throws: {
          ($0 as? DataFolderProblem)?.kind == .badExchange
        }
      }
      await server.close()
    }
  }
}
