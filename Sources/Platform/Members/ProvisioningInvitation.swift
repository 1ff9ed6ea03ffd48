/// What became of the person whom a new resource is for. Rules, P-7.
public enum ProvisioningInvitation: String, Codable, Hashable, Sendable {
  /// Somebody of the company, on the team now.
  case onTeam
  /// Nobody of the company had the address: invited to the company, on the team as soon as they accept.
  case invited
  /// Somebody who cannot join the company or is deactivated there: the resource keeps whom it is for.
  case notInvited
  /// As many invitations as there may be are pending: the resource keeps whom it is for.
  case tooMany
}
