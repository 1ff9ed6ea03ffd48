import Foundation
import Platform

/// Where the secret of a provider account comes from: a file, standard input, or a terminal that does not show it; never
/// the command line, which other users of the machine can read.
enum SecretPrompt {
  static let file = CommandOption(
    name: "secret-file", placeholder: "PATH",
    help: """
      Takes the secret from a file. One line is a key or token; for Bedrock two or three lines are the access key id, \
      the secret access key and the session token.
      """,
    fallback: "standard input; on a terminal it is asked for without being shown", example: "/run/secrets/bedrock")

  /// Throws ``OperatorRefusal`` where nothing can be read. What was read is checked by the desk.
  static func secret(_ input: CommandInput) throws -> OperatorSecret {
    if let path = input.text(file) { return try read(path) }
    guard isatty(STDIN_FILENO) == 1 else {
      return OperatorSecret(try text(FileHandle.standardInput.read(upToCount: ProviderSecret.longestText + 1)))
    }
    // Nobody is asked for a secret that a wrong line could not use.
    guard input.problems().isEmpty else { return OperatorSecret("") }
    return OperatorSecret(try asked())
  }

  private static func read(_ path: String) throws -> OperatorSecret {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw refusal("The file can't be read: it does not exist or may not be opened.")
    }
    defer { try? handle.close() }
    do { return OperatorSecret(try text(handle.read(upToCount: ProviderSecret.longestText + 1))) } catch {
      throw error as? OperatorRefusal ?? refusal("The file can't be read.")
    }
  }

  private static func text(_ data: Data?) throws -> String {
    guard let text = String(validating: data ?? Data(), as: UTF8.self) else {
      throw refusal("What was read is no UTF-8 text.")
    }
    return text
  }

  /// Up to three lines; an empty one ends them.
  private static func asked() throws -> String {
    let questions = [
      "Key or token, or access key id (not shown): ", "Secret access key, only after an access key id (not shown): ",
      "Session token, if there is one (not shown): ",
    ]
    var lines: [String] = []
    for question in questions {
      let line = try PasswordPrompt.hidden(question)
      guard !line.isEmpty else { break }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  private static func refusal(_ sentence: String) -> OperatorRefusal {
    OperatorRefusal(.input, [.init(file.name, sentence)])
  }
}
