import Core
import Storage

extension OperatorReports {
  /// Everything about one company at a glance.
  public func company(_ reference: String) async throws -> CompanyReport {
    let branding = branding
    return try await standing(of: reference) { standing, now, transaction in
      let (facts, timeline) = (standing.facts, standing.timeline)
      let users = try transaction.users(of: facts.company.id).filter { $0.deactivatedAt == nil }
      let states = facts.resources.compactMap { timeline.state(of: $0.id, at: now) }
      let reasons = Eligibility.reasons(
        facts: facts, timeline: timeline, asking: Eligibility.smallestAmount, at: now, branding: branding)
      return CompanyReport(
        company: ListedCompany(standing, at: now), externalInvitations: facts.company.externalInvitationsEnabled,
        contracts: facts.contracts.filter { $0.endsAt > now }.map { ListedContract($0, zone: facts.zone, at: now) },
        accounts: facts.accounts.map(ListedAccount.init), admins: users.count { $0.companyRole == .admin },
        members: users.count { $0.companyRole == .member },
        statuses: Dictionary(states.map { ($0.status.rawValue, 1) }, uniquingKeysWith: +),
        selfServiceReasons: reasons.map(\.sentence))
    }
  }
}

/// What `packhouse company show` tells.
public struct CompanyReport: Codable, Hashable, Sendable {
  public let company: ListedCompany
  /// Whether its teams may invite people of other companies. Rule P-2.
  public let externalInvitations: Bool
  /// Those in force and to come.
  public let contracts: [ListedContract]
  public let accounts: [ListedAccount]
  /// People who are not deactivated.
  public let admins: Int
  public let members: Int
  /// Resources by status, deprovisioned ones too.
  public let statuses: [String: Int]
  /// Why self-service is closed; empty where it is open. Rule E-5.
  public let selfServiceReasons: [String]
}
