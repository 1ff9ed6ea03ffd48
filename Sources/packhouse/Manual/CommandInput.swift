import Core
import Foundation
import Platform

/// What stands on a command line, held against the command's ``Manual``: what could be read, and everything that is
/// wrong with it.
struct CommandInput: Sendable {
  let manual: Manual
  private(set) var values: [String: String] = [:]
  private(set) var lists: [String: [String]] = [:]
  private(set) var flags: Set<String> = []
  private(set) var operands: [String] = []
  /// Options of settings, as ``SettingArguments`` reads them.
  private(set) var settings: [String] = []
  private(set) var problems: [OperatorRefusal.Problem] = []
  /// Used where none is given.
  private let freshKey = UUID().uuidString.lowercased()

  init(_ arguments: [String], manual: Manual) {
    self.manual = manual
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument.hasPrefix("--") {
        takeOption(argument, &rest)
      } else if argument == "-h" {
        flags.insert(CommandOption.help.name)
      } else {
        takeOperand(argument)
      }
    }
  }

  var wantsHelp: Bool { isSet(.help) }
  var wantsJSON: Bool { isSet(.json) }

  func isSet(_ option: CommandOption) -> Bool { flags.contains(option.name) }
  func text(_ option: CommandOption) -> String? { values[option.name] }
  func list(_ option: CommandOption) -> [String] { lists[option.name] ?? [] }

  /// The operand at `position` from 0; nil where it is missing.
  func operand(_ position: Int) -> String? { position < operands.count ? operands[position] : nil }

  /// What was given, or a fresh one, the same for all of this run.
  var idempotencyKey: String { text(.idempotencyKey) ?? freshKey }

  /// Every problem: with the line itself, what a request finds in its other fields, and what is missing altogether.
  func problems(with others: [FieldProblem] = []) -> [OperatorRefusal.Problem] {
    let told = Set(problems.map(\.field)).subtracting([""])
    let found =
      problems
      + others.filter { !told.contains($0.field) }.map { OperatorRefusal.Problem($0.field, $0.message) }
    let named = Set(found.map(\.field))
    return found + missing.filter { !named.contains($0.field) }
  }

  private var missing: [OperatorRefusal.Problem] {
    let operands = manual.operands.dropFirst(operands.count).filter(\.isRequired).map {
      OperatorRefusal.Problem($0.name, "It is missing. \($0.help)")
    }
    let options = manual.options.filter { $0.fallback == nil && values[$0.name] == nil && lists[$0.name] == nil }.map {
      OperatorRefusal.Problem($0.name, "It is missing. \($0.help)")
    }
    return operands + options
  }

  private mutating func takeOperand(_ argument: String) {
    if argument.hasPrefix("-"), argument.count > 1 {
      problems.append(.init("", "There is no option \(argument). Options begin with two dashes."))
    } else if operands.count < manual.operands.count {
      operands.append(argument)
    } else {
      problems.append(.init("", "“\(argument)” is one too many: put a text with spaces in quotation marks."))
    }
  }

  private mutating func takeOption(_ argument: String, _ rest: inout ArraySlice<String>) {
    let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    if let option = manual.option(named: name) {
      take(option, parts.count == 2 ? String(parts[1]) : nil, &rest)
    } else if let setting = Setting.all.first(where: { $0.option == name }) {
      settings.append(argument)
      if parts.count == 1, setting.kind == .text, let value = rest.first, !value.hasPrefix("--") {
        settings.append(value)
        rest.removeFirst()
      }
    } else {
      problems.append(.init("", "There is no option --\(name).\(suggestion(for: name))"))
      // What looks like its value is not blamed as well.
      if parts.count == 1, let value = rest.first, !value.hasPrefix("-"), operands.count >= manual.operands.count {
        rest.removeFirst()
      }
    }
  }

  private mutating func take(_ option: CommandOption, _ given: String?, _ rest: inout ArraySlice<String>) {
    if option.kind == .flag {
      if given != nil { problems.append(.init(option.name, "It takes no value.")) }
      flags.insert(option.name)
      return
    }
    var value = given
    if value == nil, let next = rest.first, !next.hasPrefix("--") {
      value = next
      rest.removeFirst()
    }
    guard let value else {
      problems.append(.init(option.name, "It needs a value: --\(option.name) \(option.placeholder)."))
      return
    }
    switch option.kind {
    case .list: lists[option.name, default: []].append(value)
    case .text, .flag: values[option.name] = value
    }
  }

  private func suggestion(for name: String) -> String {
    let known = manual.allOptions.map(\.name) + Setting.all.compactMap(\.option)
    guard !name.isEmpty, let near = known.first(where: { $0.hasPrefix(name) || name.hasPrefix($0) }) else {
      return " --help lists them all."
    }
    return " Did you mean --\(near)?"
  }
}
