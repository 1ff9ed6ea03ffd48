public import Core
import Storage

/// Why a command did not do what was asked, in sentences for the operator.
public struct OperatorRefusal: Error, Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Hashable, Sendable {
    /// The input is wrong.
    case input
    /// The input is right, but the rules or the present state forbid it. Trying again does not help.
    case refused
    /// Something did not answer or broke. Trying again may help.
    case failed
  }

  /// One thing that stands in the way.
  public struct Problem: Codable, Hashable, Sendable {
    /// The name of the option or operand; empty where none is to blame.
    public let field: String
    public let sentence: String

    public init(_ field: String, _ sentence: String) {
      self.field = field
      self.sentence = sentence
    }
  }

  public let kind: Kind
  /// All of them at once.
  public let problems: [Problem]

  public init(_ kind: Kind, _ problems: [Problem]) {
    self.kind = kind
    self.problems = problems
  }

  public init(_ problems: [FieldProblem]) {
    self.init(.input, problems.map { Problem($0.field, $0.message) })
  }

  /// Makes any error tellable. What nobody expected is not quoted: it may hold what was entered.
  public init(_ error: any Error) {
    switch error {
    case let refusal as OperatorRefusal: self = refusal
    case let error as PlatformError: self.init(platform: error)
    case let problem as DatabaseProblem: self.init(.failed, [Problem("", problem.message)])
    default:
      self.init(
        .failed,
        [Problem("", "Something broke that nobody expected (\(type(of: error))). Nothing was changed by this command.")]
      )
    }
  }

  private init(platform error: PlatformError) {
    switch error {
    case .invalid(let input): self.init(input.problems)
    case .refused(let reasons): self.init(.refused, reasons.map { Problem("", $0) })
    case .notFound(let text), .conflict(let text), .forbidden(let text), .unauthenticated(let text):
      self.init(.refused, [Problem("", text)])
    case .throttled(let text, _), .unavailable(let text): self.init(.failed, [Problem("", text)])
    }
  }

  /// The command and the running server do not understand each other.
  public static let otherVersion = OperatorRefusal(
    .failed,
    [
      Problem(
        "",
        "The running server is of another version than this command. Restart the server with this version, or use the "
          + "server's own version of the command.")
    ])
}
