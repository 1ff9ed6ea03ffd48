/// An invitation as somebody asks for it, as typed.
public struct InvitationRequest: Hashable, Sendable {
  public var name: String
  public var email: String
  /// Nil where none was chosen.
  public var role: User.CompanyRole?

  public init(name: String, email: String, role: User.CompanyRole?) {
    self.name = name
    self.email = email
    self.role = role
  }

  /// Whom to invite as what; throws every problem with its field.
  public func checked() throws(InvalidInput) -> (person: PersonReference, role: User.CompanyRole) {
    var problems: [FieldProblem] = []
    let name = PersonName.read(self.name, InvitationField.name.rawValue, whose: "the person's", &problems)
    let email = EmailAddress.canonical(self.email)
    if email == nil {
      problems.append(
        FieldProblem(InvitationField.email.rawValue, "Enter the person's email address, such as anna@example.com."))
    }
    if role == nil { problems.append(FieldProblem(InvitationField.role.rawValue, "Choose a role: Member or Admin.")) }
    guard let name, let email, let role else { throw InvalidInput(problems) }
    return (PersonReference(name: name, email: email), role)
  }
}

/// The names of the fields of an invitation, and of its acceptance, in ``FieldProblem``s.
public enum InvitationField: String, Hashable, Sendable, CaseIterable {
  case name
  case email
  case role
  case password
}

/// A person's name as they are shown by it.
public enum PersonName {
  /// Characters that a name may have.
  public static let longest = 100

  /// The name, trimmed; nil, with its problem noted, where there is one. `whose` begins the thing: `your`, `the person's`.
  public static func read(_ raw: String, _ field: String, whose: String, _ problems: inout [FieldProblem]) -> String? {
    switch DisplayText.read(raw, limit: longest) {
    case .success(let text): return text.text
    case .failure(.empty): problems.append(FieldProblem(field, "Enter \(whose) name."))
    case .failure: problems.append(FieldProblem(field, "Enter \(whose) name in at most \(longest) visible characters."))
    }
    return nil
  }
}
