import Foundation
import Platform

/// Where a password comes from that somebody chose: one line of standard input, or a terminal that does not show it.
enum PasswordPrompt {
  /// Bytes of a line; the rules allow fewer.
  private static let longestLine = 4_096

  /// Nil unless `--password-stdin` is there: then the desk generates one.
  static func password(_ input: CommandInput) throws -> OperatorSecret? {
    guard input.isSet(.passwordInput) else { return nil }
    guard isatty(STDIN_FILENO) == 1 else { return OperatorSecret(try line()) }
    // Nobody is asked for a password that a wrong line could not use.
    guard input.problems().isEmpty else { return nil }
    let first = try hidden("Password: ")
    guard try hidden("The same again: ") == first else {
      throw OperatorRefusal(
        .input, [.init(CommandOption.passwordInput.name, "The two passwords are not the same. Run the command again.")])
    }
    return OperatorSecret(first)
  }

  /// What somebody enters at a terminal that does not show it.
  static func hidden(_ question: String) throws -> String {
    StandardError.write(question)
    var shown = termios()
    tcgetattr(STDIN_FILENO, &shown)
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
      StandardError.write("\n")
    }
    return try line()
  }

  /// Without its end. Byte by byte: what follows belongs to whoever reads on.
  static func line() throws -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count <= longestLine, read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      bytes.append(byte)
    }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw OperatorRefusal(.input, [.init(CommandOption.passwordInput.name, "What was read is no UTF-8 text.")])
    }
    return text
  }
}

/// Asks whoever sits before a terminal whether to go on.
enum Confirmation {
  /// Returns where `--yes` is there or somebody says yes; throws ``OperatorRefusal`` otherwise.
  static func ask(_ question: String, _ input: CommandInput) throws {
    guard !input.isSet(.yes) else { return }
    guard isatty(STDIN_FILENO) == 1 else {
      throw OperatorRefusal(
        .refused, [.init("", "\(question)\nNobody can be asked here: add --yes to confirm it. Nothing was changed.")])
    }
    StandardError.write("\(question)\nType yes to go on: ")
    guard try PasswordPrompt.line().lowercased() == "yes" else {
      throw OperatorRefusal(.refused, [.init("", "Nothing was changed.")])
    }
  }
}

extension CommandOption {
  static let yes = CommandOption(
    name: "yes", help: "Confirms without being asked; needed where no terminal is there to ask.", fallback: off,
    kind: .flag)
}
