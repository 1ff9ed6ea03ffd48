public import Core
public import Storage

/// Shows whether a company's activity is as it was written. Rule G-20.
public struct ActivityAudit: Sendable {
  /// Lines that are read at once.
  static let pageSize = 1_000

  private let database: Database
  private let sign: SignatureFunction

  /// A database that was opened to be read is enough.
  public init(database: Database, masterKey: MasterKey) {
    self.database = database
    sign = masterKey.activitySignature
  }

  /// What was found in one company's activity.
  public struct Finding: Hashable, Sendable {
    /// As it is called today; nil where the company itself is gone.
    public let companyName: String?
    public let report: ActivityReport
    /// The last line, signed, to be kept for later verifications; nil where something is wrong: a head vouches for what
    /// stands before it.
    public let head: SignedActivityHead?
  }

  /// The company's last line, signed. ``PlatformError/notFound(_:)`` for an unknown company.
  public func head(of company: CompanyID) async throws -> SignedActivityHead {
    let head = try await database.read { transaction in
      try transaction.company(company) == nil ? nil : try transaction.activityHead(of: company)
    }
    guard let head else { throw Self.noCompany(company) }
    return SignedActivityHead(head, signedBy: sign)
  }

  /// The last lines of all companies, signed; `body` is given one at a time, by the company's id, and at the end that of
  /// the installation itself where it has one.
  public func heads(_ body: (SignedActivityHead) throws -> Void) async throws {
    var last: CompanyID?
    while true {
      let page = try await database.read { [last] in try $0.activityHeads(after: last, limit: Self.pageSize) }
      for head in page { try body(SignedActivityHead(head, signedBy: sign)) }
      guard page.count == Self.pageSize else { break }
      last = page.last?.companyID
    }
    if let head = try await installationHead() { try body(head) }
  }

  /// The last line of what concerns no company, signed; nil before the first.
  public func installationHead() async throws -> SignedActivityHead? {
    let head = try await database.read { try $0.activityHead(of: .installation) }
    return head.position == 0 ? nil : SignedActivityHead(head, signedBy: sign)
  }

  /// Goes through every line of one company, or of all and of the installation, while the server may go on appending.
  ///
  /// - Parameter heads: earlier ones, as the log and backups have them, that the activity must still contain. Without
  ///   `company` one of a company that is gone is a finding too.
  /// - Throws: ``PlatformError/notFound(_:)`` for an unknown company, ``PlatformError/invalid(_:)`` for a head of another
  ///   one than `company`.
  public func verify(
    _ company: CompanyID? = nil, since heads: [SignedActivityHead] = []
  ) async throws -> [Finding] {
    var names = try await database.read { transaction in
      Dictionary(try transaction.companies().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
    if try await installationHead() != nil { names[.installation] = Self.installationName }
    let named = Set(heads.map(\.head.companyID))
    if let company {
      if let other = named.first(where: { $0 != company }) {
        throw PlatformError.invalid(
          "sinceHead", "The head given is of company \(other), not of \(company). Leave the company out, or change it.")
      }
      guard names[company] != nil || named.contains(company) else { throw Self.noCompany(company) }
    }
    let wanted = company.map { [$0] } ?? Set(names.keys).union(named)
    var findings: [Finding] = []
    for id in wanted.sorted() {
      findings.append(try await finding(id, names[id], since: heads.filter { $0.head.companyID == id }))
    }
    return findings
  }

  private func finding(
    _ company: CompanyID, _ name: String?, since heads: [SignedActivityHead]
  ) async throws -> Finding {
    var verification = ActivityVerification(of: company, since: heads, signedBy: sign, sha256: Digest.sha256)
    // What is appended meanwhile is left for the next time, so that this one comes to an end.
    let last = try await database.read { try $0.activityHead(of: company) }.position
    var next = Int64.min
    while next <= last {
      let page = try await database.read { [next] transaction in
        try transaction.storedActivity(of: company, positions: next...last, limit: Self.pageSize)
      }
      for line in page { verification.take(line) }
      guard let position = page.last?.position, position < last else { break }
      next = position + 1
    }
    let report = verification.report()
    return Finding(
      companyName: name, report: report,
      head: report.isIntact ? SignedActivityHead(report.head, signedBy: sign) : nil)
  }

  /// What the installation's own activity is called among those of companies.
  static let installationName = "this installation"

  private static func noCompany(_ id: CompanyID) -> PlatformError { .notFound("There is no company \"\(id)\".") }
}
