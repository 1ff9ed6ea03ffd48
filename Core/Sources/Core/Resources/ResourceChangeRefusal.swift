/// Why a change of a resource was not decided.
public enum ResourceChangeRefusal: Error, Hashable, Sendable {
  /// The input is wrong: every problem, each with its field. ``ChangeField`` names the fields.
  case invalid(InvalidInput)
  /// The input is right, but self-service isn't open for it: every reason. Rules E-1 to E-4.
  case ineligible([IneligibilityReason])
  /// The resource's state does not permit it; one sentence that says why and what would help.
  case notNow(String)
}

/// The names of the fields of the pages "Adjust Plan Size GenAI Resource" and "Edit Resource" in ``FieldProblem``s.
public enum ChangeField: String, Hashable, Sendable, CaseIterable {
  case name
  case environment
  case defaultModel
  /// "Size" and "Cloud Tokens" alike.
  case capacity
}
