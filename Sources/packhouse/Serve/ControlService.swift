import Core
import Foundation
import Platform
import ServiceLifecycle
import Storage

/// Answers commands through the control socket while the server runs. Decision 8.
struct ControlService: Service {
  let server: Server
  let ports: BoundPorts
  let portal: Listener
  let gateway: Listener
  let operations: Listener

  func run() async throws {
    let bound = try await ports.all()
    let socket = try ControlSocket.listen(at: server.folder.controlSocket) { line in
      ControlLine.encode(await answer(to: line, ports: bound))
    }
    try? await gracefulShutdown()
    await socket.close()
  }

  private static let otherVersion = "The running server does not know this command; it may be of another version."

  private func answer(to line: [UInt8], ports: [String: Int]) async -> ControlAnswer {
    guard let request = ControlLine.decode(line, as: ControlRequest.self) else {
      return ControlAnswer(problem: Self.otherVersion)
    }
    switch request.command {
    case .status:
      let journal = server.metering.journal
      return ControlAnswer(
        status: ServerStatus(
          process: ProcessInfo.processInfo.processIdentifier, portal: portal.url(port: ports["portal"] ?? 0),
          gateway: gateway.url(port: ports["gateway"] ?? 0), operations: operations.url(port: ports["operations"] ?? 0),
          isReady: server.metering.isReady && !server.stop.isStopping, isStopping: server.stop.isStopping,
          openCalls: journal.openCount, waitingEntries: journal.pendingCount))
    case .operator:
      guard let call = request.call else { return ControlAnswer(problem: Self.otherVersion) }
      return ControlAnswer(outcome: await server.platform.operatorDesk.answer(call))
    case .doctor:
      return ControlAnswer(doctor: await server.examine(request.doctor?.only ?? []))
    }
  }
}
