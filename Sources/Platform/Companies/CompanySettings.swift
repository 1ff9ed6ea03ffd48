public import Core

/// What the page "Company" shows. Rules P-2, E-1 to E-5.
public struct CompanySettings: Sendable {
  public let company: CompanyView
  /// True from the first provisioning on.
  public let isTimeZoneFinal: Bool
  /// Each rule of self-service with its verdict in words.
  public let verdicts: [EligibilityVerdict]
  public let accounts: [PlatformAccount]
  /// How to order a resource without self-service. Rule E-5.
  public let orderPath: String
  /// External members: people on teams of the company whose home it is not.
  public let externalMembers: [User]
  /// Of what "Edit Company" changes: another one as soon as somebody has changed it.
  public let revision: String
  /// Fresh for each form: makes a double submit harmless.
  public let idempotencyKey: String
}

/// The fields of the dialog "Edit Company" in problems.
public enum CompanyField: String, Hashable, Sendable, CaseIterable {
  case name
  case timeZone
}

/// What a change of the company did, or would do.
public struct CompanyOutcome: Codable, Hashable, Sendable {
  /// The company's name from then on.
  public let name: String
  /// The IANA name of its time zone. Rule P-2.
  public let timeZone: String
  /// Whether its teams may invite people of other companies. Rule P-2.
  public let externalInvitationsEnabled: Bool
  /// False where everything was so already.
  public let hasChanged: Bool
}
