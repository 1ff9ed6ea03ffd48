import Core
import Platform

extension User.CompanyRole {
  var label: String {
    switch self {
    case .admin: "Admin"
    case .member: "Member"
    }
  }

  /// In the middle of a sentence: `an admin`.
  var asOne: String {
    switch self {
    case .admin: "an admin"
    case .member: "a member"
    }
  }
}

extension MemberView {
  var roleLabel: String { externalTeams == nil ? user.companyRole.label : "External" }
}

extension Invitation.State {
  var label: String { rawValue.uppercased() }
}

extension BadgeView {
  init(_ state: Invitation.State) {
    label = state.label
    kind =
      switch state {
      case .pending: "wait"
      case .accepted: "good"
      case .declined, .expired: "bad"
      case .withdrawn, .replaced: "plain"
      }
  }

  init(isDeactivated: Bool) {
    label = isDeactivated ? "DEACTIVATED" : "ACTIVE"
    kind = isDeactivated ? "bad" : "good"
  }

  init(_ finding: EligibilityVerdict.Finding) {
    switch finding {
    case .met: (label, kind) = ("MET", "good")
    case .unmet: (label, kind) = ("NOT MET", "bad")
    case .open: (label, kind) = ("OPEN", "wait")
    }
  }

  init(isOn: Bool) {
    label = isOn ? "ON" : "OFF"
    kind = isOn ? "good" : "plain"
  }
}

extension MemberChange {
  /// In addresses.
  var slug: String {
    switch self {
    case .makeAdmin: "make-admin"
    case .makeMember: "make-member"
    case .deactivate: "deactivate"
    case .reactivate: "reactivate"
    }
  }

  init?(slug: String) {
    guard let change = Self.allCases.first(where: { $0.slug == slug }) else { return nil }
    self = change
  }

  /// On buttons and in the menu.
  var label: String {
    switch self {
    case .makeAdmin: "Make Admin"
    case .makeMember: "Make Member"
    case .deactivate: "Deactivate"
    case .reactivate: "Reactivate"
    }
  }

  func href(_ member: UserID) -> String { "\(MembersQuery.path)/\(PageAddress.encoded(member.text))/\(slug)" }

  /// What is announced afterwards.
  func announcement(_ name: String) -> String {
    switch self {
    case .makeAdmin: "\(name) is an admin now."
    case .makeMember: "\(name) is a member now and no longer an admin."
    case .deactivate: "\(name) is deactivated and can no longer get in."
    case .reactivate: "\(name) is active again."
    }
  }
}
