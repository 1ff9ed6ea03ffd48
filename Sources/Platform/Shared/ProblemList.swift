import Core

/// Gathers what is wrong with a form, so that all of it is told at once.
struct ProblemList {
  private(set) var problems: [FieldProblem] = []

  mutating func add(_ field: String, _ message: String) { problems.append(FieldProblem(field, message)) }

  /// The text of a field; empty, with its problem noted, where there is one.
  mutating func text(_ raw: String, _ field: String, what: String, limit: Int) -> String {
    switch VisibleText.read(raw, what: what, limit: limit) {
    case .success(let text): return text
    case .failure(let problem):
      add(field, problem.message)
      return ""
    }
  }

  func throwIfAny() throws(PlatformError) {
    guard problems.isEmpty else { throw .invalid(InvalidInput(problems)) }
  }
}
