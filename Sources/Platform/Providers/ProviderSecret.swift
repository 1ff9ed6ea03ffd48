public import Core
import Foundation

/// What proves to a provider who asks. Never printed: it reads `<redacted>`. Rule N-1.
public struct ProviderSecret: Hashable, Sendable {
  public enum Content: Codable, Hashable, Sendable {
    /// A key or token that is sent as it is.
    case key(String)
    /// AWS Signature Version 4.
    case accessKey(id: String, secret: String, sessionToken: String?)
  }

  public let content: Sensitive<Content>

  public init(_ content: Content) { self.content = Sensitive(content) }

  /// What is sealed. Throws rather than give anything that is not the whole secret.
  var bytes: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return Array(try encoder.encode(content.reveal()))
    }
  }

  /// Nil where `bytes` are those of no secret.
  init?(bytes: [UInt8]) {
    guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)) else { return nil }
    self.init(content)
  }
}

extension ProviderSecret {
  /// Bytes of all that may be entered; session tokens are the longest part.
  public static let longestText = 16_384
  /// Bytes of one line.
  static let longestLine = 8_192

  /// Reads what an operator entered: one line with a key or bearer token, or, for Bedrock, the access key id, the secret
  /// access key and perhaps the session token, each on a line of its own. The sentence of a problem never repeats it.
  static func read(_ text: String, for kind: ProviderKind) -> Result<ProviderSecret, FieldProblem> {
    func wrong(_ sentence: String) -> Result<ProviderSecret, FieldProblem> {
      .failure(FieldProblem(OperatorField.secretFile.rawValue, sentence))
    }
    if let problem = problem(with: text) { return .failure(problem) }
    let lines = lines(of: text)
    switch (kind, lines.count) {
    case (.bedrock, 1) where looksLikeAccessKeyID(lines[0]):
      return wrong("This is an access key id alone. Give the secret access key on the second line.")
    case (_, 1): return .success(ProviderSecret(.key(lines[0])))
    case (.bedrock, 2), (.bedrock, 3):
      return .success(
        ProviderSecret(.accessKey(id: lines[0], secret: lines[1], sessionToken: lines.count == 3 ? lines[2] : nil)))
    case (.bedrock, _):
      return wrong("Give at most three lines: access key id, secret access key, session token.")
    default: return wrong("Accounts of kind \(kind.rawValue) have one key: give it on one line.")
    }
  }

  /// What is wrong with an entered text whatever the kind of account; nil where nothing is.
  static func problem(with text: String) -> FieldProblem? {
    func wrong(_ sentence: String) -> FieldProblem { FieldProblem(OperatorField.secretFile.rawValue, sentence) }
    guard text.utf8.count <= longestText else { return wrong("The secret is longer than \(longestText) bytes.") }
    let lines = lines(of: text)
    guard !lines.isEmpty else { return wrong("The secret is missing. Give it on standard input, or name a file.") }
    for line in lines {
      guard line.utf8.count <= longestLine else {
        return wrong("A line of the secret is longer than \(longestLine) bytes.")
      }
      // It becomes part of a header field.
      guard line.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        return wrong("The secret has a character that no key has, such as a space or a letter with an accent.")
      }
    }
    return nil
  }

  /// Without the white space around them, and without empty ones.
  private static func lines(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func looksLikeAccessKeyID(_ text: String) -> Bool {
    text.utf8.count == 20 && (text.hasPrefix("AKIA") || text.hasPrefix("ASIA"))
  }
}
