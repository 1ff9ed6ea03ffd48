import Core

/// The submit key of a form with what it holds: the same sent twice is one submit, and what was changed in between is
/// another. So going back in the browser, changing something and sending again does what it says. Rule R-6.
enum ContentKey {
  /// Empty where the form has none, which Platform refuses.
  static func make(_ submission: String, _ fields: [(String, String)]) -> String {
    guard !submission.isEmpty else { return "" }
    return "\(submission).\(fingerprint(fields))"
  }

  /// FNV-1a, as for our own files: tells contents of one person's form apart, and nobody gains by making two alike.
  private static func fingerprint(_ fields: [(String, String)]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for (name, value) in fields {
      name.utf8.forEach(take)
      take(0)
      value.utf8.forEach(take)
      take(0)
    }
    return String(hash, radix: 36)
  }
}
