/// Why the database did not do what was asked. The message is one sentence for people and never holds a bound value.
public struct DatabaseProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// No connection, or it broke before anything was saved.
    case unreachable
    /// The connection broke while a change was being saved: it may or may not have been.
    case outcomeUnknown
    /// Somebody else held a lock for too long, or too much is waiting. Worth another try.
    case busy
    /// The schema refused the change.
    case constraint(Constraint, table: String?)
    /// The file or a row cannot be read.
    case corrupt
    /// No room on the disk.
    case full
    /// A change was tried where only reading is allowed.
    case readOnly
    /// The schema is newer than this program, or was changed by hand, or does not exist yet.
    case schema
    /// A value that the database cannot hold, such as a text with a zero byte.
    case invalidValue
    /// An error that nobody expected; the message names the engine's code.
    case unexpected
  }

  public enum Constraint: Hashable, Sendable {
    case unique
    case foreignKey
    case notNull
    case check
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }

  /// True where a unique rule refused a row of `table`.
  public func isDuplicate(in table: String) -> Bool { kind == .constraint(.unique, table: table) }

  static func constraint(_ constraint: Constraint, table: String?) -> DatabaseProblem {
    let place = table.map { " of table '\($0)'" } ?? ""
    let rule =
      switch constraint {
      case .unique: "a row with the same key exists already"
      case .foreignKey: "it names something that does not exist, or something that is still in use"
      case .notNull: "a required value is missing"
      case .check: "a value is outside its limits"
      }
    return DatabaseProblem(
      .constraint(constraint, table: table), "The database refused a change\(place): \(rule).")
  }
}
