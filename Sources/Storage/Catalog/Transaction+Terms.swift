public import Core

/// Somebody's confirmation of third-party terms when provisioning. Rule R-7.
public struct TermsAcknowledgement: Hashable, Sendable {
  public let termsID: String
  public let version: String
  public let userID: UserID
  public let resourceID: ResourceID
  public let at: Instant

  public init(termsID: String, version: String, userID: UserID, resourceID: ResourceID, at: Instant) {
    self.termsID = termsID
    self.version = version
    self.userID = userID
    self.resourceID = resourceID
    self.at = at
  }
}

extension Transaction {
  /// Rule R-7. The same confirmation twice is kept once, with its first instant.
  public func acknowledge(_ terms: TermsAcknowledgement) throws {
    try execute(
      """
      INSERT INTO terms_acknowledgements (terms_id, version, user_id, resource_id, acknowledged_at)
      VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (terms_id, version, user_id, resource_id) DO NOTHING
      """,
      [
        SQLValue(terms.termsID), SQLValue(terms.version), SQLValue(terms.userID), SQLValue(terms.resourceID),
        SQLValue(terms.at),
      ])
  }

  /// What was confirmed for a resource, in the order of confirming.
  public func acknowledgements(of resource: ResourceID) throws -> [TermsAcknowledgement] {
    try query(
      """
      SELECT * FROM terms_acknowledgements WHERE resource_id = ?1
      ORDER BY acknowledged_at, terms_id, version, user_id
      """, [SQLValue(resource)]
    ).map { row in
      TermsAcknowledgement(
        termsID: try row.text("terms_id"), version: try row.text("version"), userID: try row.id("user_id"),
        resourceID: resource, at: try row.instant("acknowledged_at"))
    }
  }
}
