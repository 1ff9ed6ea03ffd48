import Foundation
import Platform

/// What a command asks the running server through the control socket. Decision 8.
struct ControlRequest: Codable, Sendable {
  enum Command: String, Codable, Sendable {
    case status
    /// A change by the operator: ``ControlRequest/call``.
    case `operator`
    /// Ask deployments: ``ControlRequest/doctor``.
    case doctor
  }

  let command: Command
  var call: OperatorCall?
  var doctor: DoctorRequest?
}

/// What the server answers.
struct ControlAnswer: Codable, Sendable {
  /// Nil where the request was understood.
  var problem: String?
  var status: ServerStatus?
  /// To a change by the operator.
  var outcome: OperatorAnswer?
  /// What the deployments answered.
  var doctor: DoctorAnswer?
}

/// What a running server says of itself.
struct ServerStatus: Codable, Sendable {
  let process: Int32
  let portal: String
  let gateway: String
  let operations: String
  /// True while calls are admitted.
  let isReady: Bool
  /// True once it was told to stop. Nil where the running server is of a version that doesn't say so.
  var isStopping: Bool?
  /// Calls that are admitted and not settled.
  let openCalls: Int
  /// Settled calls that are in the journal and not yet in the tables.
  let waitingEntries: Int
}

/// Coding of one line in either direction.
enum ControlLine {
  static func encode(_ message: some Encodable) -> [UInt8] {
    (try? JSONEncoder().encode(message)).map { [UInt8]($0) } ?? []
  }

  static func decode<Message: Decodable>(_ line: [UInt8], as type: Message.Type) -> Message? {
    try? JSONDecoder().decode(type, from: Data(line))
  }
}
