extension Schema {
  /// Invitations to a company with the teams that come with them, and when people were last there.
  static let invitations = Migration(
    version: 3, name: "invitations",
    statements: [
      // Sessions are deleted when they end; this stays.
      "ALTER TABLE users ADD COLUMN last_seen_at {int64}",
      """
      UPDATE users SET last_seen_at = (
        SELECT MAX(sessions.last_seen_at) FROM sessions WHERE sessions.user_id = users.id)
      """,
      """
      CREATE TABLE invitations (
        id {text} PRIMARY KEY NOT NULL CHECK (length(id) BETWEEN 1 AND 100),
        company_id {text} NOT NULL REFERENCES companies (id),
        name {text} NOT NULL CHECK (length(name) BETWEEN 1 AND 1000),
        email {text} NOT NULL CHECK (length(email) BETWEEN 3 AND 320),
        company_role {text} NOT NULL CHECK (company_role IN ('admin', 'member')),
        token_hash {bytes} NOT NULL UNIQUE CHECK (length(token_hash) = 32),
        invited_by {text} REFERENCES users (id),
        created_at {int64} NOT NULL,
        expires_at {int64} NOT NULL,
        ending {text} CHECK (ending IN ('accepted', 'declined', 'withdrawn', 'replaced')),
        ended_at {int64},
        ended_by {text} REFERENCES users (id),
        CHECK (expires_at > created_at),
        CHECK ((ended_at IS NULL) = (ending IS NULL)),
        CHECK (ended_by IS NULL OR ended_at IS NOT NULL)
      ){strict}
      """,
      "CREATE INDEX invitations_by_company ON invitations (company_id, created_at)",
      // Rule G-9: of one address at most one that nobody has ended.
      "CREATE UNIQUE INDEX invitations_open ON invitations (company_id, email) WHERE ended_at IS NULL",
      """
      CREATE TABLE invitation_teams (
        invitation_id {text} NOT NULL REFERENCES invitations (id),
        resource_id {text} NOT NULL REFERENCES resources (id),
        PRIMARY KEY (invitation_id, resource_id)
      ){strict}
      """,
    ])
}
