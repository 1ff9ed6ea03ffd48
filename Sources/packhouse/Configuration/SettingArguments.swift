import Core

/// Reads the options of ``Setting/all`` from the arguments that a command left over.
struct SettingArguments {
  /// Values by key.
  private(set) var values: [String: String] = [:]

  /// Throws ``SettingsProblem`` that names every argument which is no setting.
  init(_ arguments: [String]) throws {
    var problems: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else {
        problems.append("\"\(argument)\" is not an option.")
        continue
      }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let setting = Setting.all.first(where: { $0.option == name }) else {
        problems.append("There is no option --\(name).\(Self.suggestion(for: name))")
        continue
      }
      if parts.count == 2 {
        values[setting.key] = String(parts[1])
      } else if setting.kind == .flag {
        values[setting.key] = "true"
      } else if let value = rest.first, !value.hasPrefix("--") {
        values[setting.key] = value
        rest.removeFirst()
      } else {
        problems.append("The option --\(name) needs a value: --\(name) \(setting.placeholder).")
      }
    }
    guard problems.isEmpty else { throw SettingsProblem(problems) }
  }

  private static func suggestion(for name: String) -> String {
    let known = Setting.all.compactMap(\.option)
    guard !name.isEmpty, let near = known.first(where: { $0.hasPrefix(name) || name.hasPrefix($0) }) else {
      return " --help lists them all."
    }
    return " Did you mean --\(near)?"
  }
}

/// What is wrong with the settings, every problem at once.
struct SettingsProblem: Error, CustomStringConvertible {
  let problems: [String]

  init(_ problems: [String]) { self.problems = problems }

  var description: String { problems.joined(separator: "\n") }
}
