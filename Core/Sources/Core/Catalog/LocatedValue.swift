/// A document as it was written, with the line of every part: what `packhouse` composes from YAML. Scalars are their
/// text; whether it is a number is for the validation to say.
public indirect enum LocatedValue: Sendable {
  case scalar(String, line: Int)
  case list([LocatedValue], line: Int)
  case map([Member], line: Int)

  /// One `key: value`, in the order of the document, repeated keys included.
  public struct Member: Sendable {
    public let key: String
    /// Where the key stands.
    public let line: Int
    public let value: LocatedValue

    public init(key: String, line: Int, value: LocatedValue) {
      self.key = key
      self.line = line
      self.value = value
    }
  }

  /// Counted from 1; 0 where the value has no place in a file.
  public var line: Int {
    switch self {
    case .scalar(_, let line), .list(_, let line), .map(_, let line): line
    }
  }
}

/// One thing that is wrong with a catalog or a provider file, and how to mend it. Rule C-1.
public struct CatalogProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1; nil where no line is to blame.
  public let line: Int?
  /// Such as `models[3].rates.input`.
  public let path: String
  /// One sentence.
  public let message: String

  public init(line: Int?, path: String, message: String) {
    self.line = line
    self.path = path
    self.message = message
  }

  /// `line 12: models[3].rates.input: ...`.
  public var description: String {
    let place = [line.map { "line \($0)" }, path.isEmpty ? nil : path].compactMap { $0 }
    return (place + [message]).joined(separator: ": ")
  }
}

/// Everything that is wrong with one file, in the order of its lines.
public struct CatalogProblems: Error, Hashable, Sendable, CustomStringConvertible {
  public let problems: [CatalogProblem]

  public init(_ problems: [CatalogProblem]) { self.problems = problems }

  /// One problem a line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
