import ArgumentParser
import Core
import Foundation
import Platform
import Storage

/// A command of the operator: its manual, and how its line becomes a request or a report. Rule P-1.
///
/// No rule of the product stands in one: those are in ``OperatorDesk`` and ``OperatorReports``.
protocol OperatorCommand: AsyncParsableCommand {
  static var manual: Manual { get }

  /// Everything behind the command's name, as it was typed.
  var arguments: [String] { get }

  /// Does it. Throws what ``CommandProblem`` can tell.
  func perform(_ input: CommandInput) async throws -> CommandOutput
}

extension OperatorCommand {
  static var configuration: CommandConfiguration { manual.configuration }

  func run() async throws {
    let input = CommandInput(arguments, manual: Self.manual)
    guard !input.wantsHelp else { return print(ManualText(Self.manual).text, terminator: "") }
    let output: CommandOutput
    do {
      output = try await perform(input)
    } catch {
      let problem = CommandProblem(error, of: Self.manual)
      StandardError.write(problem.text)
      throw ExitCode(problem.status)
    }
    print(try input.wantsJSON ? output.json() : output.text)
    if output.status != 0 { throw ExitCode(output.status) }
  }
}

/// Where problems and questions go, so that scripts find nothing but results on standard output.
enum StandardError {
  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
