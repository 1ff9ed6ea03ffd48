/// Why somebody does not join, leave or change in a company; each with a sentence for whoever asked. Rules P-3, P-7, G-9.
///
/// No sentence names another company, and addresses of others are masked.
public enum MembershipRefusal: Error, Hashable, Sendable {
  /// The name of the company's last active admin.
  case lastAdmin(String)
  /// The name of somebody deactivated, whose role stays as it is.
  case reactivateFirst(String)
  /// The name of somebody who is a member already.
  case isHere(String)
  /// The name of a deactivated member.
  case isDeactivatedHere(String)
  /// To the inviter: the address belongs to somebody of another company.
  case cannotJoin
  /// To the invited: they are at home in another company.
  case belongsElsewhere
  /// To the invited: their account is deactivated.
  case isDeactivated(String)
  /// To the invited: the address, masked, has an account by now.
  case hasAccount(String)
  /// To somebody signed in: the invitation is for another address, masked.
  case otherAddress(String)
  /// The invitation is no longer pending.
  case over(Invitation.State)

  public var sentence: String {
    switch self {
    case .lastAdmin(let name):
      "\(name) is the company's last active admin. Make somebody else an admin first."
    case .reactivateFirst(let name): "\(name) is deactivated. Reactivate them before changing their role."
    case .isHere(let name): "\(name) has this address and is a member of your company already."
    case .isDeactivatedHere(let name):
      "\(name) has this address and is a deactivated member of your company. Reactivate them instead of inviting them."
    case .cannotJoin:
      "The person with this address has an account outside your company and cannot join it: one person has exactly one "
        + "account. Invite them under another address."
    case .belongsElsewhere:
      "Your account belongs to another company, and one person has exactly one account. Ask to be invited under another "
        + "address."
    case .isDeactivated(let name): "The account of \(name) is deactivated. Ask a company admin to reactivate it."
    case .hasAccount(let address):
      "There is an account for \(address) already. Sign in with it to accept the invitation."
    case .otherAddress(let address):
      "This invitation is for \(address). Sign out, and open the link again to accept it under that address."
    case .over(let state): state.sentence
    }
  }
}

extension Invitation.State {
  /// What somebody reads who comes too late.
  public var sentence: String {
    switch self {
    case .pending: "This invitation is pending."
    case .accepted: "This invitation was accepted already. Sign in to go on."
    case .declined: "This invitation was declined. To join after all, ask for a new one."
    case .withdrawn: "This invitation was withdrawn. If you expected to join, ask who invited you."
    case .replaced: "This invitation was replaced by a newer one. Use the link of the newest."
    case .expired: "This invitation has expired: it was open for 14 days. Ask for a new link."
    }
  }
}
