import ArgumentParser
import Core
import Foundation
import Storage

/// `packhouse status`: asks the running server how it is.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask the server that runs on a data folder how it is.", discussion: SettingHelp.text)

  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The settings below.", valueName: "settings"))
  var settings: [String] = []

  func run() async throws {
    do {
      let settings = try await Settings.read(arguments: settings)
      let folder = DataFolder(settings.text(.data) ?? "")
      let line = ControlLine.encode(ControlRequest(command: .status))
      let answer = ControlLine.decode(
        try await ControlSocket.request(line, at: folder.controlSocket), as: ControlAnswer.self)
      guard let status = answer?.status else {
        throw SettingsProblem([answer?.problem ?? "The running server gave an answer that this version can't read."])
      }
      print(
        """
        process     \(status.process)
        portal      \(status.portal)
        gateway     \(status.gateway)
        operations  \(status.operations)
        admits      \(status.admission)
        open        \(status.openCalls) calls
        waiting     \(status.waitingEntries) usage entries for the tables
        """)
    } catch {
      throw StartProblem(error)
    }
  }
}

extension ServerStatus {
  /// Whether calls are admitted, and why not.
  fileprivate var admission: String {
    if isReady { return "calls" }
    return isStopping == true ? "no calls: the server is stopping" : "no calls: see the server's log"
  }
}
