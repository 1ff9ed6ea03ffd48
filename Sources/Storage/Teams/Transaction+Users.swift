public import Core

extension Transaction {
  /// Rule P-3. `passwordHash` is nil for somebody who cannot sign in yet. Throws a duplicate in `users` where the email
  /// is taken.
  public func insert(_ user: User, passwordHash: String?) throws {
    try execute(
      """
      INSERT INTO users (id, name, email, company_id, company_role, deactivated_at, password_hash)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """,
      [
        SQLValue(user.id), SQLValue(user.name), SQLValue(user.email), SQLValue(user.companyID),
        SQLValue(user.companyRole.rawValue), SQLValue(user.deactivatedAt), SQLValue(passwordHash),
      ])
    recordChange(.user, user.id.text)
  }

  /// Saves what may change: name, company role, deactivation.
  public func update(_ user: User) throws {
    try execute(
      "UPDATE users SET name = ?2, company_role = ?3, deactivated_at = ?4 WHERE id = ?1",
      [SQLValue(user.id), SQLValue(user.name), SQLValue(user.companyRole.rawValue), SQLValue(user.deactivatedAt)])
    recordChange(.user, user.id.text)
  }

  public func user(_ id: UserID) throws -> User? {
    try queryOne("SELECT * FROM users WHERE id = ?1", [SQLValue(id)]).map(User.init(row:))
  }

  /// `email` in its canonical form.
  public func user(email: String) throws -> User? {
    try queryOne("SELECT * FROM users WHERE email = ?1", [SQLValue(email)]).map(User.init(row:))
  }

  /// Everybody whose home company it is, by name.
  public func users(of company: CompanyID) throws -> [User] {
    try query("SELECT * FROM users WHERE company_id = ?1 ORDER BY name, id", [SQLValue(company)]).map(User.init(row:))
  }

  /// How many people there are; none means that set-up has not been done.
  public func userCount() throws -> Int {
    Int(try queryOne("SELECT COUNT(*) AS total FROM users")?.int64("total") ?? 0)
  }

  /// Nil where there is no such person, or no password.
  public func passwordHash(of id: UserID) throws -> String? {
    try queryOne("SELECT password_hash FROM users WHERE id = ?1", [SQLValue(id)])?.optionalText("password_hash")
  }

  public func setPasswordHash(_ hash: String, of id: UserID) throws {
    try execute("UPDATE users SET password_hash = ?2 WHERE id = ?1", [SQLValue(id), SQLValue(hash)])
    recordChange(.user, id.text)
  }
}

extension User {
  init(row: SQLRow) throws {
    self.init(
      id: try row.id("id"), name: try row.text("name"), email: try row.text("email"),
      companyID: try row.optionalID("company_id"), companyRole: try row.label("company_role"),
      deactivatedAt: try row.optionalInstant("deactivated_at"))
  }
}
