import Core
import Foundation
import Logging
import Platform
import Storage

/// The one way in which commands change something: the running server does it, or, where none runs, the command does the
/// same itself under the data folder's lock. Decision 8.
struct OperatorSession {
  /// How long a server that is starting or stopping is waited for, and another command.
  static let patience: Duration = .seconds(10)
  private static let pause: Duration = .milliseconds(50)

  private let input: CommandInput

  init(_ input: CommandInput) { self.input = input }

  /// Checks `request` together with the command line, and has it done.
  ///
  /// Throws ``OperatorRefusal`` and everything else that ``CommandProblem`` can tell.
  func run<Request: OperatorRequest>(_ request: Request) async throws -> Request.Outcome {
    let configuration = try await input.configuration(checking: request.problems)
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: Self.patience)
    while true {
      if let answer = try await askServer(request, configuration) { return answer }
      do {
        return try await runHere(request, configuration)
      } catch let problem as DataFolderProblem where problem.kind == .locked {
        guard clock.now < end else { throw Self.unreachable(problem) }
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  /// Nil where no server listens.
  private func askServer<Request: OperatorRequest>(
    _ request: Request, _ configuration: ServerConfiguration
  ) async throws -> Request.Outcome? {
    let line = ControlLine.encode(ControlRequest(command: .operator, call: try OperatorCall(request)))
    let answer: [UInt8]
    do {
      answer = try await ControlSocket.request(line, at: DataFolder(configuration.data).controlSocket)
    } catch let problem as DataFolderProblem where problem.kind == .noServer {
      return nil
    } catch let problem as DataFolderProblem where problem.kind == .badExchange {
      throw OperatorRefusal(
        .failed,
        [
          .init("", problem.message),
          .init(
            "",
            "It may have been done all the same. Run the same command with --idempotency-key \(input.idempotencyKey) to be sure that "
              + "it is done once."),
        ])
    }
    guard let answer = ControlLine.decode(answer, as: ControlAnswer.self) else { throw OperatorRefusal.otherVersion }
    guard let outcome = answer.outcome else {
      throw answer.problem.map { OperatorRefusal(.failed, [.init("", $0)]) } ?? OperatorRefusal.otherVersion
    }
    return try outcome.outcome(as: Request.Outcome.self)
  }

  private func runHere<Request: OperatorRequest>(
    _ request: Request, _ configuration: ServerConfiguration
  ) async throws -> Request.Outcome {
    // A wrong --data must not found an installation by the way; creating the first company is how one is founded.
    if !configuration.hasInstallation {
      guard request is CreateCompany, await configuration.hasFreshDatabase else { throw configuration.noInstallation }
    }
    let installation = try await Installation(configuration, logger: configuration.commandLogger)
    let outcome: Request.Outcome
    do {
      outcome = try await installation.platform.operatorDesk.perform(request)
    } catch {
      await installation.close()
      throw error
    }
    await installation.close()
    return outcome
  }

  private static func unreachable(_ problem: DataFolderProblem) -> DataFolderProblem {
    DataFolderProblem(
      .locked, "\(problem.message) It does not answer commands: it is starting or stopping. Try again in a moment.")
  }
}

extension ServerConfiguration {
  /// False where no server and no command has worked with the data folder yet.
  fileprivate var hasInstallation: Bool { FileManager.default.fileExists(atPath: DataFolder(data).journal) }

  /// True where the database has no company: with a new data folder it becomes a new installation. One that has
  /// companies belongs to another folder, with its journal and master key.
  fileprivate var hasFreshDatabase: Bool {
    get async {
      guard let database = try? await Database.open(database, access: .readOnly) else { return true }
      let companies = try? await database.read { try $0.companies().count }
      await database.close()
      return companies == 0
    }
  }

  var noInstallation: OperatorRefusal {
    OperatorRefusal(
      .refused,
      [
        .init(
          "",
          "There is no installation in the data folder \(data). Name its folder with --data, or start the server there "
            + "once.")
      ])
  }

  /// For standard error, so that results stay apart.
  var commandLogger: Logger {
    var logger = Logger(label: "packhouse") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = max(logLevel, .warning)
    return logger
  }
}

extension CommandInput {
  /// The settings in force. Throws ``OperatorRefusal`` with everything that is wrong with the line, the settings and the
  /// fields of the request.
  func configuration(checking fields: [FieldProblem] = []) async throws -> ServerConfiguration {
    var problems = problems(with: fields)
    var configuration: ServerConfiguration?
    do {
      configuration = try ServerConfiguration(try await Settings.read(arguments: settings))
    } catch let wrong as SettingsProblem {
      problems += wrong.problems.map { OperatorRefusal.Problem("", $0) }
    }
    guard problems.isEmpty, let configuration else { throw OperatorRefusal(.input, problems) }
    return configuration
  }
}
