/// One option of a command, apart from the settings that all commands take.
struct CommandOption: Sendable, Hashable {
  enum Kind: Sendable {
    case text
    case flag
    /// May be repeated.
    case list
  }

  /// Without its dashes.
  let name: String
  /// What the value looks like, in help; empty for flags.
  var placeholder = ""
  /// What it does, with the unit.
  let help: String
  /// What holds without it; nil where it is required.
  let fallback: String?
  /// A value to take for an example; nil for flags.
  var example: String?
  var kind = Kind.text

  /// What holds for a flag that is not there.
  static let off = "not set"
}

extension CommandOption {
  static let json = CommandOption(
    name: "json", help: "Prints JSON for scripts instead of text for people.", fallback: off, kind: .flag)
  static let help = CommandOption(name: "help", help: "Prints this manual.", fallback: off, kind: .flag)
  static let idempotencyKey = CommandOption(
    name: "idempotency-key", placeholder: "KEY",
    help: """
      Makes a repeat harmless: within 7 days, the same command with the same key changes nothing and prints what the \
      first one did. 1 to 100 bytes.
      """,
    fallback: "a fresh key for each run", example: "order-4711")
  static let passwordInput = CommandOption(
    name: "password-stdin",
    help: """
      Takes the password (at least 12 characters) from the first line of standard input; on a terminal it is asked for \
      twice, without showing it.
      """,
    fallback: "a readable password is generated and printed once", kind: .flag)
  static let dryRun = CommandOption(
    name: "dry-run", help: "Checks everything and prints what would be done, but changes nothing.", fallback: off,
    kind: .flag)
}

extension Manual.Operand {
  static let company = Manual.Operand(name: "COMPANY", help: "The company by its id or its exact name.")
  static let resource = Manual.Operand(
    name: "RESOURCE", help: "The resource by its id; `packhouse resource list COMPANY` shows ids.")
  static func optionalCompany(_ verb: String) -> Manual.Operand {
    Manual.Operand(
      name: "COMPANY", help: "The company to \(verb), by its id or its exact name. Without it: all companies.",
      isRequired: false)
  }
}
