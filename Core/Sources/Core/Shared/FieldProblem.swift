/// One thing that is wrong with an input, and how to mend it.
public struct FieldProblem: Error, Hashable, Sendable {
  /// The field's name as the form, body or file has it; empty where the whole input is meant.
  public let field: String
  /// One sentence for the person who made the input.
  public let message: String

  public init(_ field: String, _ message: String) {
    self.field = field
    self.message = message
  }
}

/// Everything that is wrong with one input, gathered rather than reported one by one.
public struct InvalidInput: Error, Hashable, Sendable {
  public let problems: [FieldProblem]

  public init(_ problems: [FieldProblem]) { self.problems = problems }
}
