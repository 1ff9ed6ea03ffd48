public import Core

extension Transaction {
  /// Invitations that one reading may give.
  public static let maximumInvitations = 2_000

  /// Rule P-7. Throws a duplicate in `invitations` where the company has one to the same address that nobody has ended:
  /// replace that one first. Call it in a write that locks the company.
  public func insert(_ invitation: Invitation) throws {
    try execute(
      """
      INSERT INTO invitations
        (id, company_id, name, email, company_role, token_hash, invited_by, created_at, expires_at, ending, ended_at,
         ended_by)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      """,
      [
        SQLValue(invitation.id), SQLValue(invitation.companyID), SQLValue(invitation.name),
        SQLValue(invitation.email), SQLValue(invitation.role.rawValue), SQLValue(invitation.tokenHash),
        SQLValue(invitation.invitedBy), SQLValue(invitation.createdAt), SQLValue(invitation.expiresAt),
        SQLValue(invitation.end?.ending.rawValue), SQLValue(invitation.end?.at), SQLValue(invitation.end?.by),
      ])
    try insertTeams(of: invitation)
  }

  /// Saves what may change: link, expiry, teams, and the end, which stands for good once it is there.
  public func update(_ invitation: Invitation) throws {
    try execute(
      """
      UPDATE invitations SET token_hash = ?2, expires_at = ?3, ending = ?4, ended_at = ?5, ended_by = ?6
      WHERE id = ?1 AND ended_at IS NULL
      """,
      [
        SQLValue(invitation.id), SQLValue(invitation.tokenHash), SQLValue(invitation.expiresAt),
        SQLValue(invitation.end?.ending.rawValue), SQLValue(invitation.end?.at), SQLValue(invitation.end?.by),
      ])
    try insertTeams(of: invitation)
  }

  /// Teams are only ever added.
  private func insertTeams(of invitation: Invitation) throws {
    for resource in invitation.teams {
      try execute(
        """
        INSERT INTO invitation_teams (invitation_id, resource_id) VALUES (?1, ?2)
        ON CONFLICT (invitation_id, resource_id) DO NOTHING
        """, [SQLValue(invitation.id), SQLValue(resource)])
    }
  }

  public func invitation(_ id: InvitationID) throws -> Invitation? {
    try invitation(where: "id = ?1", [SQLValue(id)])
  }

  /// By the SHA-256 of the token in its link.
  public func invitation(tokenHash: [UInt8]) throws -> Invitation? {
    try invitation(where: "token_hash = ?1", [SQLValue(tokenHash)])
  }

  /// The one that nobody has ended, expired or not; `email` in its canonical form. Rule G-9.
  public func openInvitation(to email: String, of company: CompanyID) throws -> Invitation? {
    try invitation(
      where: "company_id = ?1 AND email = ?2 AND ended_at IS NULL", [SQLValue(company), SQLValue(email)])
  }

  private func invitation(where condition: String, _ parameters: [SQLValue]) throws -> Invitation? {
    guard let row = try queryOne("SELECT * FROM invitations WHERE \(condition)", parameters) else { return nil }
    let teams = try query(
      "SELECT resource_id FROM invitation_teams WHERE invitation_id = ?1", [.text(try row.text("id"))])
    return try Invitation(row: row, teams: try teams.map { try $0.id("resource_id") })
  }

  /// Those of a company that are pending at `now`, or were over only after `instant`; newest first. Of more than
  /// ``maximumInvitations`` the pending ones are given first.
  public func invitations(
    of company: CompanyID, pendingAt now: Instant, notOverBy instant: Instant
  ) throws -> [Invitation] {
    let recent = "company_id = ?1 AND COALESCE(ended_at, expires_at) > ?2"
    let rows = try query(
      """
      SELECT * FROM (
        SELECT * FROM invitations WHERE \(recent)
        ORDER BY CASE WHEN ended_at IS NULL AND expires_at > ?3 THEN 0 ELSE 1 END, created_at DESC, id LIMIT ?4
      ) AS kept ORDER BY created_at DESC, id
      """, [SQLValue(company), SQLValue(instant), SQLValue(now), SQLValue(Self.maximumInvitations)])
    let teams = try query(
      """
      SELECT invitation_id, resource_id FROM invitation_teams
      JOIN invitations ON invitations.id = invitation_id WHERE \(recent)
      """, [SQLValue(company), SQLValue(instant)])
    let byInvitation = Dictionary(
      grouping: try teams.map { (try $0.text("invitation_id"), ResourceID(try $0.text("resource_id"))) }, by: \.0)
    return try rows.map { row in
      try Invitation(row: row, teams: (byInvitation[try row.text("id")] ?? []).map(\.1))
    }
  }

  /// How many of a company's invitations are pending at `instant`.
  public func pendingInvitationCount(of company: CompanyID, at instant: Instant) throws -> Int {
    let row = try queryOne(
      "SELECT COUNT(*) AS total FROM invitations WHERE company_id = ?1 AND ended_at IS NULL AND expires_at > ?2",
      [SQLValue(company), SQLValue(instant)])
    return Int(try row?.int64("total") ?? 0)
  }

  /// Forgets invitations of all companies that were over by `instant`. Rule G-9: ended ones stay visible for a while.
  public func deleteInvitations(overBy instant: Instant) throws {
    let over = "COALESCE(ended_at, expires_at) <= ?1"
    try execute(
      "DELETE FROM invitation_teams WHERE invitation_id IN (SELECT id FROM invitations WHERE \(over))",
      [SQLValue(instant)])
    try execute("DELETE FROM invitations WHERE \(over)", [SQLValue(instant)])
  }
}

extension Invitation {
  fileprivate init(row: SQLRow, teams: [ResourceID]) throws {
    var end: End?
    if let ending = try row.optionalText("ending"), let at = try row.optionalInstant("ended_at") {
      guard let ending = End.Ending(rawValue: ending) else { throw row.unreadable("ending") }
      end = End(ending, by: try row.optionalID("ended_by"), at: at)
    }
    self.init(
      id: try row.id("id"), companyID: try row.id("company_id"),
      person: PersonReference(name: try row.text("name"), email: try row.text("email")),
      role: try row.label("company_role"), tokenHash: try row.bytes("token_hash"),
      invitedBy: try row.optionalID("invited_by"), createdAt: try row.instant("created_at"),
      expiresAt: try row.instant("expires_at"), end: end, teams: teams)
  }
}
