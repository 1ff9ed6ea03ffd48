import Core

/// The submit key of a form with what it holds: the same sent twice is one submit, and what was changed in between is
/// another. So going back in the browser, changing something and sending again does what it says. Rule R-6.
enum ContentKey {
  /// Empty where the form has none, which Platform refuses.
  static func make(_ submission: String, _ fields: [(String, String)]) -> String {
    guard !submission.isEmpty else { return "" }
    var fingerprint = Fingerprint()
    for (name, value) in fields {
      for text in [name, value] {
        fingerprint.take(text.utf8)
        fingerprint.take([0])
      }
    }
    return "\(submission).\(fingerprint.text)"
  }
}
