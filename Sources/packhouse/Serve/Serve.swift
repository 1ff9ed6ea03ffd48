import ArgumentParser
import Core
import Foundation
import Logging
import Platform

/// `packhouse serve`: portal, gateway and operations in one process.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start portal, gateway and operations listeners.",
    discussion: SettingHelp.text)

  @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The settings below.", valueName: "settings"))
  var settings: [String] = []

  func run() async throws {
    try Relaunch.withoutCrashDumps()
    OpenFiles.raiseLimit()
    do {
      try OpenFiles.check()
      let configuration = try ServerConfiguration(try await Settings.read(arguments: settings))
      LoggingSystem.bootstrap { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = configuration.logLevel
        return handler
      }
      try await Server(configuration).run()
    } catch {
      throw StartProblem(error)
    }
  }
}

/// Why a command ended, as sentences for the operator: printed as they are, with exit status 1.
struct StartProblem: Error, CustomStringConvertible {
  let description: String

  init(_ error: any Error) {
    switch error {
    case let problem as SettingsProblem: description = problem.description
    case let problem as PlatformError: description = problem.sentence
    case let problem as any CustomStringConvertible & Error: description = problem.description
    default: description = "The server could not be started: \(type(of: error))."
    }
  }
}
