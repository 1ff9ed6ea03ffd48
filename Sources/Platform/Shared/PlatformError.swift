public import Core

/// Why a use case did not do what was asked. Every kind carries sentences for the person who asked; none holds content
/// or internals, so that they can be shown as they are.
public enum PlatformError: Error, Hashable, Sendable {
  /// Nobody is signed in, or the sign-in failed.
  case unauthenticated(String)
  /// There is no such thing, or the caller may not know of it. Rule P-6.
  case notFound(String)
  /// The caller may see the thing but not do this with it. Rule P-6.
  case forbidden(String)
  /// The input is wrong: every problem at once.
  case invalid(InvalidInput)
  /// The rules forbid it at present: every reason at once, each with its own sentence. Rules E-1 to E-4.
  case refused([String])
  /// It was done before, or something else was done in the meantime.
  case conflict(String)
  /// Too many attempts: wait. Rule P-5.
  case throttled(String, retryAfterSeconds: Int64)
  /// A part that is needed does not answer just now; trying again may help.
  case unavailable(String)

  /// Everything that is to be said, in one text.
  public var sentence: String {
    switch self {
    case .unauthenticated(let text), .notFound(let text), .forbidden(let text), .conflict(let text),
      .throttled(let text, _), .unavailable(let text):
      text
    case .invalid(let input): input.problems.map(\.message).joined(separator: " ")
    case .refused(let reasons): reasons.joined(separator: " ")
    }
  }
}

extension PlatformError {
  /// One problem with one field.
  static func invalid(_ field: String, _ message: String) -> PlatformError {
    .invalid(InvalidInput([FieldProblem(field, message)]))
  }

  /// A repeat of what was carried out before and has been undone since: nobody is told that it is so. `name` is of whom
  /// or what. Rule R-6.
  static func undone(_ name: String) -> PlatformError {
    .conflict(
      "This had been sent before, and what it did has been undone since. Look at what \(name) is now, and send it again "
        + "if you still want it.")
  }

  init(_ refusal: ProvisioningRefusal) {
    switch refusal {
    case .invalid(let input): self = .invalid(input)
    case .ineligible(let reasons): self = .refused(reasons.map(\.sentence))
    }
  }
}
