/// What the verification of one company's activity found. Rule G-20.
public struct ActivityReport: Hashable, Sendable {
  /// What to do about problems.
  public static let advice =
    "The log was changed without the program. Compare it with a backup from before, and find out who can write to the "
    + "database."

  public let companyID: CompanyID
  /// Lines read.
  public let checked: Int64
  /// The last line as it stands.
  public let head: ActivityHead
  /// One sentence each, in the order of the lines; at most ``ActivityVerification/mostProblems``.
  public let problems: [String]
  /// Problems beyond those.
  public let omittedProblems: Int

  public init(
    companyID: CompanyID, checked: Int64, head: ActivityHead, problems: [String], omittedProblems: Int
  ) {
    self.companyID = companyID
    self.checked = checked
    self.head = head
    self.problems = problems
    self.omittedProblems = omittedProblems
  }

  public var isIntact: Bool { problems.isEmpty }
}
