extension Invitation {
  /// The account that somebody without one gets by accepting. `holder` is whoever has the address by now. Rules P-3, P-7.
  public func newcomer(
    _ id: UserID, name: String, holder: User?, at instant: Instant
  ) throws(MembershipRefusal) -> User {
    try requirePending(at: instant)
    if let holder { throw .hasAccount(EmailAddress.masked(holder.email)) }
    return User(id: id, name: name, email: email, companyID: companyID, companyRole: role)
  }

  /// What `user`, who is signed in, is after accepting. Who is at home in the company already keeps their role.
  public func accepted(by user: User, at instant: Instant) throws(MembershipRefusal) -> User {
    try requireAddress(of: user)
    try requirePending(at: instant)
    switch Invitee(user, company: companyID) {
    case .unknown, .withoutCompany:
      return User(id: user.id, name: user.name, email: user.email, companyID: companyID, companyRole: role)
    case .atHome: return user
    case .deactivated: throw .isDeactivated(user.name)
    case .elsewhere: throw .belongsElsewhere
    }
  }

  /// Throws unless the invitation is for the address of `user`. Rule G-9.
  public func requireAddress(of user: User) throws(MembershipRefusal) {
    guard user.email == email else { throw .otherAddress(EmailAddress.masked(email)) }
  }

  private func requirePending(at instant: Instant) throws(MembershipRefusal) {
    let state = state(at: instant)
    if state != .pending { throw .over(state) }
  }
}

/// Who has the address that an invitation would go to. Rules P-3, P-7.
public enum Invitee: Hashable, Sendable {
  case unknown
  /// Joined by an external invitation; may join a company.
  case withoutCompany(User)
  /// One of the company's own, active.
  case atHome(User)
  /// One of the company's own, deactivated.
  case deactivated(User)
  /// At home in another company, or not to be reached: cannot join.
  case elsewhere

  /// `user` is whoever has the address; nil where nobody has.
  public init(_ user: User?, company: CompanyID) {
    guard let user else {
      self = .unknown
      return
    }
    switch (user.companyID, user.deactivatedAt) {
    case (company, nil): self = .atHome(user)
    case (company, _): self = .deactivated(user)
    case (nil, nil): self = .withoutCompany(user)
    default: self = .elsewhere
    }
  }

  /// Throws where an invitation would be in vain, with what to do instead.
  public func requireInvitable() throws(MembershipRefusal) {
    switch self {
    case .unknown, .withoutCompany: break
    case .atHome(let user): throw .isHere(user.name)
    case .deactivated(let user): throw .isDeactivatedHere(user.name)
    case .elsewhere: throw .cannotJoin
    }
  }
}
