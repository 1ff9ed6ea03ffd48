/// A person with exactly one account. Rule P-3.
public struct User: Hashable, Sendable {
  public enum CompanyRole: String, Hashable, Sendable { case admin, member }

  public let id: UserID
  public var name: String
  /// Canonical: trimmed and lower case.
  public let email: String
  /// Nil for somebody who joined through an external invitation.
  public let companyID: CompanyID?
  public var companyRole: CompanyRole
  public var deactivatedAt: Instant?

  public init(
    id: UserID, name: String, email: String, companyID: CompanyID?, companyRole: CompanyRole,
    deactivatedAt: Instant? = nil
  ) {
    self.id = id
    self.name = name
    self.email = email
    self.companyID = companyID
    self.companyRole = companyRole
    self.deactivatedAt = deactivatedAt
  }
}
