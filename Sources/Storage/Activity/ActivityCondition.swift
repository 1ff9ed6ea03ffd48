import Core

/// What a filter asks of a row, with the parameters of the statement so far.
struct ActivityCondition {
  private(set) var sql = ""
  private(set) var parameters: [SQLValue] = []

  init(_ company: CompanyID, _ filter: ActivityFilter) {
    sql = "company_id = \(parameter(SQLValue(company)))"
    if let resource = filter.resourceID { require("resource_id", SQLValue(resource)) }
    if let kind = filter.kind { require("kind", SQLValue(kind.rawValue)) }
    switch filter.doer {
    case .person(let id):
      require("actor_kind", .text("person"))
      require("actor_id", SQLValue(id))
    case .operator: require("actor_kind", .text("operator"))
    case .schedule: require("actor_kind", .text("schedule"))
    case nil: break
    }
  }

  /// The mark that stands for `value` in the statement.
  mutating func parameter(_ value: SQLValue) -> String {
    parameters.append(value)
    return "?\(parameters.count)"
  }

  private mutating func require(_ column: String, _ value: SQLValue) { sql += " AND \(column) = \(parameter(value))" }
}
