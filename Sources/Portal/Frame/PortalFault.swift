import Hummingbird

/// Why the portal itself did not carry out a request.
enum PortalFault: Error, Hashable {
  case signedOut
  /// A form without the proof that it was made for this browser.
  case foreignForm
  case notAForm
  case unreadableForm
  case tooLarge
  case noPage

  var status: HTTPResponse.Status {
    switch self {
    case .signedOut: .unauthorized
    case .foreignForm: .forbidden
    case .notAForm: .unsupportedMediaType
    case .unreadableForm: .badRequest
    case .tooLarge: .contentTooLarge
    case .noPage: .notFound
    }
  }

  var sentence: String {
    switch self {
    case .signedOut: "You are signed out, so nothing was changed. Sign in and try again."
    case .foreignForm:
      "The form is out of date: it was opened before you signed in or out, or its session has ended. Nothing was "
        + "changed. Go back, reload the page and send the form again."
    case .notAForm: "The portal takes forms only. Nothing was changed."
    case .unreadableForm: "The form could not be read. Nothing was changed. Go back and send it again."
    case .tooLarge: "The form is larger than 64 KB. Nothing was changed. Shorten it and send it again."
    case .noPage: "There is no such page. It may have moved, or the address may be mistyped."
    }
  }
}
