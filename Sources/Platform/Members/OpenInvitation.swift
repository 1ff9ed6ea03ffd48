public import Core

/// What the link of an invitation shows to whoever opens it. Rule G-9.
public struct OpenInvitation: Sendable {
  /// What whoever opened the link can do.
  public enum Offer: Hashable, Sendable {
    /// Nobody has the address: they choose a name and a password for this one.
    case createAccount(email: String)
    /// The address, masked, has an account; they sign in first.
    case signIn(maskedEmail: String)
    /// They are signed in under the address.
    case accept
    /// They are signed in, but it is not for them; why, in one sentence.
    case refused(String)
    /// It is no longer pending.
    case over(Invitation.State)
  }

  public let company: String
  /// The inviter's name; nil for the operator.
  public let invitedBy: String?
  /// As the inviter wrote it.
  public let name: String
  public let role: User.CompanyRole
  /// Names of the resources whose team comes with it.
  public let teams: [String]
  /// The last local day on which the link works, in the company's zone.
  public let lastDay: LocalDay
  public let zone: CompanyZone
  public let offer: Offer
  /// Fresh for each form: makes a double submit harmless.
  public let idempotencyKey: String

  /// True where it can be declined: by whoever holds the link, or is signed in under its address.
  public var canDecline: Bool {
    switch offer {
    case .createAccount, .signIn, .accept: true
    case .refused, .over: false
    }
  }
}

/// What somebody without an account enters to accept. Field names of problems: ``InvitationField``.
public struct AcceptanceForm: Sendable {
  public var name: String
  /// At least 12 characters.
  public var password: Sensitive<String>

  public init(name: String, password: Sensitive<String>) {
    self.name = name
    self.password = password
  }
}

/// What became of an invitation.
public struct InvitationOutcome: Codable, Hashable, Sendable {
  public let company: String
}
