public import Core

extension Transaction {
  /// Rows that one reading of external members may give.
  static let maximumExternalRows = 10_000

  /// Rule P-3: an account for an address that nobody has.
  ///
  /// - Returns: false where somebody has the address by now; then nothing was changed.
  public func insertUnlessTaken(_ user: User, passwordHash: String) throws -> Bool {
    let inserted = try execute(
      """
      INSERT INTO users (id, name, email, company_id, company_role, deactivated_at, password_hash)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (email) DO NOTHING
      """,
      [
        SQLValue(user.id), SQLValue(user.name), SQLValue(user.email), SQLValue(user.companyID),
        SQLValue(user.companyRole.rawValue), SQLValue(user.deactivatedAt), SQLValue(passwordHash),
      ])
    if inserted > 0 { recordChange(.user, user.id.text) }
    return inserted > 0
  }

  /// Rule P-3: gives somebody without a home company the one of `user`, with its role.
  ///
  /// - Returns: false where they have a home company by now; then nothing was changed.
  public func setHome(of user: User) throws -> Bool {
    let changed = try execute(
      "UPDATE users SET company_id = ?2, company_role = ?3 WHERE id = ?1 AND company_id IS NULL",
      [SQLValue(user.id), SQLValue(user.companyID), SQLValue(user.companyRole.rawValue)])
    if changed > 0 { recordChange(.user, user.id.text) }
    return changed > 0
  }

  /// Saves that somebody is deactivated, or active again, and ends every session. No sign-in comes in between: both take
  /// the person's lock until their transaction's end. Rule P-7.
  public func saveActivation(of user: User) throws {
    try lock(.user(user.id))
    try update(user)
    try deleteSessions(of: user.id)
  }

  /// People on teams of a company whose home it is not, with each team; by name. Rule P-4.
  public func externalMembers(of company: CompanyID) throws -> [(user: User, team: ResourceID)] {
    try query(
      """
      SELECT users.*, team_members.resource_id FROM team_members
      JOIN resources ON resources.id = team_members.resource_id
      JOIN users ON users.id = team_members.user_id
      WHERE resources.company_id = ?1 AND (users.company_id IS NULL OR users.company_id <> ?1)
      ORDER BY users.name, users.id, team_members.resource_id LIMIT ?2
      """, [SQLValue(company), SQLValue(Self.maximumExternalRows)]
    ).map { (try User(row: $0), try $0.id("resource_id")) }
  }

  /// When people at home in a company, or on one of its teams, sent their last request; without those who never did.
  public func lastSeen(inCompany company: CompanyID) throws -> [UserID: Instant] {
    let rows = try query(
      """
      SELECT id, last_seen_at FROM users
      WHERE last_seen_at IS NOT NULL AND (company_id = ?1 OR id IN (
        SELECT user_id FROM team_members JOIN resources ON resources.id = resource_id WHERE resources.company_id = ?1))
      """, [SQLValue(company)])
    return Dictionary(
      try rows.map { (try $0.id("id"), try $0.instant("last_seen_at")) }, uniquingKeysWith: { first, _ in first })
  }

  /// An earlier instant changes nothing.
  func noteSeen(_ user: UserID, at instant: Instant) throws {
    try execute(
      "UPDATE users SET last_seen_at = ?2 WHERE id = ?1 AND (last_seen_at IS NULL OR last_seen_at < ?2)",
      [SQLValue(user), SQLValue(instant)])
  }
}
