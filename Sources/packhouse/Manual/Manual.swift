import ArgumentParser

/// What a command is for and how it is told what to do: the one source of its options, its help and its checks.
///
/// Decision record 0008 does the same for settings, which every command takes as well.
struct Manual: Sendable {
  /// One that stands by itself on the command line.
  struct Operand: Sendable {
    /// In capitals, as help has it.
    let name: String
    let help: String
    var isRequired = true
  }

  struct Example: Sendable {
    /// What it does.
    let purpose: String
    /// The line without `packhouse`.
    let line: String
  }

  /// A member of what `--json` prints.
  struct Field: Sendable {
    /// Such as `contract.endDay`; `[]` stands for each element of an array.
    let name: String
    let help: String

    init(_ name: String, _ help: String) { (self.name, self.help) = (name, help) }
  }

  /// Such as `contract grant`.
  let command: String
  /// One sentence for lists of commands.
  let abstract: String
  let discussion: String
  var operands: [Operand] = []
  var options: [CommandOption] = []
  let examples: [Example]
  /// What `--json` prints: an object with these members, or an array of such objects.
  var isArray = false
  let fields: [Field]
  /// What exit status 2 means here; nil where there is none.
  var findingStatus: String?

  /// The same for ArgumentParser, which only finds the command: help and options are ours.
  var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: command.split(separator: " ").last.map(String.init), abstract: abstract,
      usage: ManualText(self).usage.joined(separator: "\n"), discussion: ManualText(self).body, helpNames: [])
  }

  /// Every option, those that all commands have at the end.
  var allOptions: [CommandOption] { options + [.json, .help] }

  func option(named name: String) -> CommandOption? { allOptions.first { $0.name == name } }
}

/// Exit statuses of commands. Zero is success.
enum ExitStatus {
  /// Refused, or failed: the input was right.
  static let refused: Int32 = 1
  /// A verification found differences.
  static let found: Int32 = 2
  /// The input is wrong. As in `sysexits.h`.
  static let usage: Int32 = 64
}
