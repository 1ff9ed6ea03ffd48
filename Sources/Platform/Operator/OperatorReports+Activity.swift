import Core
import Storage

extension OperatorReports {
  /// Goes through the activity of one company, or of all, and tells everything that was changed since it was written.
  /// Rule G-20.
  ///
  /// - Parameter heads: earlier ones, as the log has them, that the activity must still contain, as texts.
  public func verifyActivity(
    of reference: String?, since heads: [String], masterKey: MasterKey
  ) async throws -> [ActivityFinding] {
    let signed = try heads.map { text in
      do throws(InvalidInput) { return try SignedActivityHead(text: text) } catch { throw Self.wrongHead(error) }
    }
    var company: CompanyID?
    if let reference { company = try await database.read { try $0.company(named: reference) }.id }
    let audit = ActivityAudit(database: database, masterKey: masterKey)
    do {
      return try await audit.verify(company, since: signed).map(ActivityFinding.init)
    } catch PlatformError.invalid(let input) {
      throw Self.wrongHead(input)
    }
  }

  private static func wrongHead(_ input: InvalidInput) -> PlatformError {
    .invalid(InvalidInput(input.problems.map { FieldProblem("since-head", $0.message) }))
  }

  /// The present end of the activity of one company, or of all, signed.
  public func activityHeads(of reference: String?, masterKey: MasterKey) async throws -> [ListedActivityHead] {
    let companies = try await database.read { transaction in
      try reference.map { [try transaction.company(named: $0)] } ?? transaction.companies()
    }
    let audit = ActivityAudit(database: database, masterKey: masterKey)
    var heads: [ListedActivityHead] = []
    for company in companies {
      heads.append(ListedActivityHead(company, try await audit.head(of: company.id)))
    }
    if reference == nil, let head = try await audit.installationHead() { heads.append(ListedActivityHead(head)) }
    return heads
  }
}

/// What `packhouse audit verify` found in one company.
public struct ActivityFinding: Codable, Hashable, Sendable {
  public let company: String
  /// Left out where the company itself is gone.
  public let companyName: String?
  /// Lines that were read.
  public let lines: Int64
  public let intact: Bool
  /// One sentence each.
  public let problems: [String]
  /// How many more there are.
  public let furtherProblems: Int
  /// The end of the intact activity, signed; keep it for `--since-head`. Left out where something is wrong.
  public let head: String?

  init(_ finding: ActivityAudit.Finding) {
    company = finding.report.companyID.text
    companyName = finding.companyName
    lines = finding.report.checked
    intact = finding.report.isIntact
    problems = finding.report.problems
    furtherProblems = finding.report.omittedProblems
    head = finding.head?.text
  }
}

/// The end of a company's activity.
public struct ListedActivityHead: Codable, Hashable, Sendable {
  public let company: String
  public let companyName: String
  public let lines: Int64
  /// Signed with the master key.
  public let head: String

  init(_ company: Company, _ signed: SignedActivityHead) {
    self.company = company.id.text
    companyName = company.name
    lines = signed.head.position
    head = signed.text
  }

  /// Of the installation itself.
  init(_ signed: SignedActivityHead) {
    company = signed.head.companyID.text
    companyName = ActivityAudit.installationName
    lines = signed.head.position
    head = signed.text
  }
}
