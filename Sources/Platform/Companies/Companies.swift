public import Core
import Storage

/// Companies as their people see them. Rule P-2.
public struct Companies: Sendable {
  let context: PlatformContext

  init(_ context: PlatformContext) { self.context = context }

  /// The caller's home company. ``PlatformError/notFound(_:)`` for somebody without one.
  public func home(of caller: Caller) async throws -> CompanyView {
    try await context.read { try $0.home(of: caller) }
  }
}

/// A company with its zone.
public struct CompanyView: Hashable, Sendable {
  public let company: Company
  public let zone: CompanyZone

  init(_ facts: CompanyFacts) {
    company = facts.company
    zone = facts.zone
  }

  init(company: Company, zone: CompanyZone) {
    self.company = company
    self.zone = zone
  }
}

extension Transaction {
  func home(of caller: Caller) throws -> CompanyView {
    guard let id = caller.user.companyID, let company = try company(id) else { throw Self.noCompany }
    return CompanyView(company: company, zone: try zone(of: company))
  }

  /// The caller's home company, where the caller has `right` on it. Rules P-4, P-6.
  func authorizedStanding(
    for right: Right, as caller: Caller, _ context: PlatformContext
  ) throws -> CompanyStanding {
    guard let id = caller.user.companyID else { throw Self.noCompany }
    try Access.require(right, of: caller, on: id)
    guard let standing = try context.companies.keptStanding(of: id, self) else { throw Self.noCompany }
    return standing
  }

  func zone(of company: Company) throws -> CompanyZone {
    guard let zone = CompanyZone(company.timeZone) else {
      throw PlatformError.unavailable(
        "The time zone \(company.timeZone) is unknown on this server. The operator can install current time zone data.")
    }
    return zone
  }

  static var noCompany: PlatformError { .notFound("You have no home company here.") }
}

extension Access {
  /// Throws unless the caller has `right` on the company. Rules P-4, P-6.
  static func require(_ right: Right, of caller: Caller, on company: CompanyID) throws(PlatformError) {
    switch decideCompany(right, user: caller.user, company: company) {
    case .allowed: break
    case .forbidden: throw .forbidden("Only company admins may do this. Ask one of yours.")
    case .notFound: throw Transaction.noCompany
    }
  }
}
