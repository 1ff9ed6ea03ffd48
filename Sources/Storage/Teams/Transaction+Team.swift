public import Core

extension Transaction {
  /// Rule G-8. Adding somebody who is on the team already changes nothing.
  public func addToTeam(_ user: UserID, _ resource: ResourceID, at instant: Instant) throws {
    let added = try execute(
      """
      INSERT INTO team_members (resource_id, user_id, added_at) VALUES (?1, ?2, ?3)
      ON CONFLICT (resource_id, user_id) DO NOTHING
      """, [SQLValue(resource), SQLValue(user), SQLValue(instant)])
    if added > 0 { recordChange(.team, resource.text) }
  }

  /// - Returns: false where they were not on the team.
  @discardableResult
  public func removeFromTeam(_ user: UserID, _ resource: ResourceID) throws -> Bool {
    let removed = try execute(
      "DELETE FROM team_members WHERE resource_id = ?1 AND user_id = ?2", [SQLValue(resource), SQLValue(user)])
    if removed > 0 { recordChange(.team, resource.text) }
    return removed > 0
  }

  public func isOnTeam(_ user: UserID, _ resource: ResourceID) throws -> Bool {
    try queryOne(
      "SELECT 1 AS found FROM team_members WHERE resource_id = ?1 AND user_id = ?2",
      [SQLValue(resource), SQLValue(user)]) != nil
  }

  /// By name.
  public func team(of resource: ResourceID) throws -> [User] {
    try query(
      """
      SELECT users.* FROM users JOIN team_members ON team_members.user_id = users.id
      WHERE team_members.resource_id = ?1 ORDER BY users.name, users.id
      """, [SQLValue(resource)]
    ).map(User.init(row:))
  }

  /// The resources on whose team somebody is.
  public func resourcesOnTeam(of user: UserID) throws -> Set<ResourceID> {
    Set(
      try query("SELECT resource_id FROM team_members WHERE user_id = ?1", [SQLValue(user)])
        .map { try $0.id("resource_id") })
  }
}
