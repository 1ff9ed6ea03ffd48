import Core
import Foundation
import Platform
import Storage
import Testing

@testable import packhouse

@Suite("How commands reach an installation")
struct OperatorSessionTests {
  @Test("Without a server a company founds the installation, and what follows works with it; nothing is left locked")
  func founding() async throws {
    try await Scratch.folder { folder in
      let made = try await OperatorSession(input(folder)).run(creation())
      #expect(made.password != nil)
      let granted = try await OperatorSession(input(folder)).run(grant())
      #expect(granted.balance.total == 10)
      _ = try FolderLock.acquire(DataFolder(folder.path))
      #expect(try await input(folder).look { try await $0.companies() }.map(\.name) == ["Eastgate"])
    }
  }

  @Test("A folder without an installation is named and stays as it was; only a first company founds one")
  func nothingThere() async throws {
    try await Scratch.folder { folder in
      let said = try await refusal { _ = try await OperatorSession(input(folder)).run(grant()) }
      #expect(
        said.kind == .refused && said.problems[0].sentence.hasPrefix("There is no installation in the data folder"))
      let look = try await refusal { _ = try await input(folder).look { try await $0.companies() } }
      #expect(look == said)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("What is wrong with the line, the settings and the request is told together, before anything is opened")
  func together() async throws {
    try await Scratch.folder { folder in
      let input = CommandInput(
        ["Eastgate", "--bogus", "--data", folder.path, "--log-level", "loud", "--portal", "nowhere"],
        manual: ContractCommand.Grant.manual)
      let said = try await refusal { _ = try await OperatorSession(input).run(grant("0")) }
      #expect(said.kind == .input)
      for part in ["--bogus", "log.level", "portal.listen"] {
        #expect(said.problems.contains { $0.sentence.contains(part) }, "\(part) in \(said.problems)")
      }
      #expect(said.problems.contains { $0.field == "cloud-tokens" })
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("A server that does not know the request, or answers what can't be read, is told to be of another version")
  func otherVersion() async throws {
    let answers = [
      // An older server, which knows no operator.
      "{\"problem\":\"The running server does not know this command; it may be of another version.\"}",
      "{}", "nonsense", "{\"outcome\":{\"later\":{}}}",
      String(
        decoding: ControlLine.encode(ControlAnswer(outcome: .refused(.otherVersion))), as: UTF8.self),
      String(decoding: ControlLine.encode(ControlAnswer(outcome: .done(Data("{}".utf8)))), as: UTF8.self),
    ]
    for answer in answers {
      try await Scratch.folder { folder in
        let socket = try ControlSocket.listen(at: DataFolder(folder.path).controlSocket) { _ in Array(answer.utf8) }
        let said = try await refusal { _ = try await OperatorSession(input(folder)).run(grant()) }
        await socket.close()
        #expect(said.kind == .failed && said.problems[0].sentence.contains("of another version"), "\(answer)")
      }
    }
  }

  @Test("Where the server ends the connection, the key is told with which the command can be repeated")
  func brokenOff() async throws {
    try await Scratch.folder { folder in
      let path = DataFolder(folder.path).controlSocket
      // An answer beyond the limit is not sent: the connection ends.
      let socket = try ControlSocket.listen(at: path) { _ in
        [UInt8](repeating: 0x20, count: ControlSocket.maximumLine + 1)
      }
      let input = input(folder)
      let said = try await refusal { _ = try await OperatorSession(input).run(grant()) }
      await socket.close()
      #expect(said.kind == .failed && said.problems.count == 2)
      #expect(said.problems[1].sentence.contains("--idempotency-key \(input.idempotencyKey)"))
    }
  }

  @Test("The server's answer is what the command prints, and it was asked with what was typed")
  func server() async throws {
    try await Scratch.folder { folder in
      let path = DataFolder(folder.path).controlSocket
      let socket = try ControlSocket.listen(at: path) { line in
        let request = ControlLine.decode(line, as: ControlRequest.self)
        let isRight = request?.command == .operator && request?.call != nil
        let refusal = OperatorRefusal(.refused, [.init("", isRight ? "Asked." : "Not asked.")])
        return ControlLine.encode(ControlAnswer(outcome: .refused(refusal)))
      }
      let said = try await refusal { _ = try await OperatorSession(input(folder)).run(grant()) }
      await socket.close()
      #expect(said.problems.map(\.sentence) == ["Asked."])
    }
  }

  private func input(_ folder: URL) -> CommandInput {
    CommandInput(
      ["Eastgate", "--cloud-tokens", "10", "--to", "2199-01-01", "--data", folder.path],
      manual: ContractCommand.Grant.manual)
  }

  private func grant(_ tokens: String = "10") -> GrantContract {
    GrantContract(company: "Eastgate", cloudTokens: tokens, from: nil, to: "2199-01-01", idempotencyKey: "k")
  }

  private func creation() -> CreateCompany {
    CreateCompany(
      name: "Eastgate", timeZone: "UTC", adminName: "Ines Roth", adminEmail: "ines@eastgate.example", password: nil,
      cloudTokens: nil, contractEnd: nil, hasSubscription: true, idempotencyKey: "founding")
  }

  private func refusal(_ body: () async throws -> Void) async throws -> OperatorRefusal {
    do {
      try await body()
    } catch let refusal as OperatorRefusal {
      return refusal
    }
    throw SettingsProblem(["nothing was refused"])
  }
}
