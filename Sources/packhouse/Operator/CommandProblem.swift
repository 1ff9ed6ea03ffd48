import Core
import Platform
import Storage

/// Why a command ended without doing anything, in sentences for the operator.
struct CommandProblem: Hashable {
  let text: String
  let status: Int32

  init(_ error: any Error, of manual: Manual) {
    let refusal = Self.refusal(error)
    status = refusal.kind == .input ? ExitStatus.usage : ExitStatus.refused
    let heading =
      switch refusal.kind {
      case .input: "packhouse \(manual.command) can't be run like this:"
      case .refused: "packhouse \(manual.command) was refused:"
      case .failed: "packhouse \(manual.command) could not be carried out:"
      }
    let lines = refusal.problems.flatMap { problem -> [String] in
      problem.sentence.split(separator: "\n").map { "  \(Self.label(problem.field, manual))\($0)" }
    }
    let hint = refusal.kind == .input ? ["`packhouse \(manual.command) --help` explains everything."] : []
    text = ([heading] + lines + hint).joined(separator: "\n") + "\n"
  }

  private static func label(_ field: String, _ manual: Manual) -> String {
    if manual.option(named: field) != nil { return "--\(field): " }
    return field.isEmpty ? "" : "\(field): "
  }

  private static func refusal(_ error: any Error) -> OperatorRefusal {
    switch error {
    case is OperatorRefusal, is PlatformError, is DatabaseProblem: OperatorRefusal(error)
    case let problem as SettingsProblem:
      OperatorRefusal(.input, problem.problems.map { OperatorRefusal.Problem("", $0) })
    case let problem as any CustomStringConvertible & Error:
      OperatorRefusal(.failed, [OperatorRefusal.Problem("", problem.description)])
    default: OperatorRefusal(error)
    }
  }
}
