public import Core

extension Transaction {
  /// The company's last line, for one that is to follow in this write: holds off everybody else who appends to the same
  /// company's activity until the transaction's end, whatever else is locked. Rule G-20.
  public func activityHeadToFollow(of company: CompanyID) throws -> ActivityHead {
    try lock(.activity(company))
    return try activityHead(of: company)
  }

  /// Where a chain is: that of the installation belongs to no company.
  private static func activityTable(of company: CompanyID) -> String {
    company == .installation ? "installation_activity" : "activity_entries"
  }

  /// The company's last line; that of an empty chain before the first.
  public func activityHead(of company: CompanyID) throws -> ActivityHead {
    let row = try queryOne(
      """
      SELECT position, hash FROM \(Self.activityTable(of: company))
      WHERE company_id = ?1 ORDER BY position DESC LIMIT 1
      """, [SQLValue(company)])
    guard let row else { return .empty(company) }
    return ActivityHead(companyID: company, position: try row.int64("position"), hash: try row.bytes("hash"))
  }

  /// Appends one line, which follows ``activityHeadToFollow(of:)`` of this very transaction. Throws a duplicate in
  /// `activity_entries` where its position is taken. Rule G-20: appended, never changed.
  public func append(_ entry: ActivityEntry) throws {
    let (kind, id, name, address) = entry.actor.columns
    try execute(
      """
      INSERT INTO \(Self.activityTable(of: entry.companyID))
        (company_id, position, at, actor_kind, actor_id, actor_name, actor_address, kind, resource_id, sentence,
         previous_hash, hash)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      """,
      [
        SQLValue(entry.companyID), SQLValue(entry.position), SQLValue(entry.at), SQLValue(kind), SQLValue(id),
        SQLValue(name), SQLValue(address), SQLValue(entry.deed.kind.rawValue), SQLValue(entry.deed.resourceID),
        SQLValue(entry.deed.sentence), SQLValue(entry.previousHash), SQLValue(entry.hash),
      ])
  }
}

extension Transaction {
  /// Lines that one reading may give.
  public static let maximumActivityPage = 1_000

  /// Lines of a company for verification, in the order of positions. A row that holds what no entry holds is given as
  /// such: it must not hide the others.
  ///
  /// - Parameters:
  ///   - positions: both ends included.
  ///   - limit: at most ``maximumActivityPage``.
  public func storedActivity(
    of company: CompanyID, positions: ClosedRange<Int64>, limit: Int = maximumActivityPage
  ) throws -> [StoredActivity] {
    try query(
      """
      SELECT * FROM \(Self.activityTable(of: company))
      WHERE company_id = ?1 AND position BETWEEN ?2 AND ?3 ORDER BY position LIMIT ?4
      """,
      [
        SQLValue(company), SQLValue(positions.lowerBound), SQLValue(positions.upperBound),
        SQLValue(max(1, min(limit, Self.maximumActivityPage))),
      ]
    ).map { row in
      do { return .readable(try ActivityEntry(row: row)) } catch {
        return .unreadable(position: try row.int64("position"))
      }
    }
  }

  /// Lines of a company, newest first. Rule G-20.
  ///
  /// - Parameters:
  ///   - offset: lines to skip.
  ///   - limit: at most ``maximumActivityPage``.
  public func activity(
    of company: CompanyID, _ filter: ActivityFilter = ActivityFilter(), offset: Int = 0, limit: Int = 25
  ) throws -> [ActivityEntry] {
    var wanted = ActivityCondition(company, filter)
    let window = [max(1, min(limit, Self.maximumActivityPage)), max(0, offset)].map { wanted.parameter(SQLValue($0)) }
    return try query(
      """
      SELECT * FROM \(Self.activityTable(of: company)) WHERE \(wanted.sql)
      ORDER BY position DESC LIMIT \(window[0]) OFFSET \(window[1])
      """, wanted.parameters
    ).map(ActivityEntry.init(row:))
  }

  /// How many lines there are.
  public func activityCount(of company: CompanyID, _ filter: ActivityFilter = ActivityFilter()) throws -> Int {
    let wanted = ActivityCondition(company, filter)
    let row = try queryOne("SELECT COUNT(*) AS total FROM activity_entries WHERE \(wanted.sql)", wanted.parameters)
    return Int(try row?.int64("total") ?? 0)
  }

  /// The people in a company's activity, or in that of one of its resources, each with the latest name there, by name; at
  /// most `limit`.
  public func activityPeople(
    of company: CompanyID, resource: ResourceID? = nil, limit: Int = 1_000
  ) throws -> [(id: UserID, name: String)] {
    var wanted = ActivityCondition(company, ActivityFilter(resource: resource))
    let most = wanted.parameter(SQLValue(max(1, min(limit, Self.maximumActivityPage))))
    return try query(
      """
      SELECT actor_id, actor_name FROM activity_entries
      WHERE company_id = ?1 AND position IN (
        SELECT MAX(position) FROM activity_entries
        WHERE \(wanted.sql) AND actor_kind = 'person' GROUP BY actor_id)
      ORDER BY actor_name, actor_id LIMIT \(most)
      """, wanted.parameters
    ).map { (try $0.id("actor_id"), try $0.text("actor_name")) }
  }

  /// The heads of all companies, by id, also of those without a line; one page at a time.
  ///
  /// - Parameters:
  ///   - after: the last company of the page before.
  ///   - limit: at most ``maximumActivityPage``.
  public func activityHeads(after: CompanyID? = nil, limit: Int = maximumActivityPage) throws -> [ActivityHead] {
    try query(
      """
      SELECT companies.id AS company_id, activity_entries.position, activity_entries.hash FROM companies
      LEFT JOIN activity_entries ON activity_entries.company_id = companies.id AND activity_entries.position = (
        SELECT MAX(position) FROM activity_entries WHERE company_id = companies.id)
      WHERE companies.id > ?1 ORDER BY companies.id LIMIT ?2
      """, [SQLValue(after?.text ?? ""), SQLValue(max(1, min(limit, Self.maximumActivityPage)))]
    ).map { row in
      guard let position = try row.optionalInt64("position") else { return .empty(try row.id("company_id")) }
      return ActivityHead(companyID: try row.id("company_id"), position: position, hash: try row.bytes("hash"))
    }
  }
}
