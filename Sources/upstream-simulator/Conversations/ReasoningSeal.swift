import Foundation

/// What lets the simulator know its own reasoning again: a caller that returns it changed is found out.
enum ReasoningSeal {
  private static let rounds = 6
  private static let redactedText = "redacted reasoning "

  /// The signature of a reasoning text, in base64.
  static func signature(of text: String) -> String {
    let words = (0..<rounds).map { Fingerprint("simulated reasoning", String($0), text).value }
    return words.withUnsafeBytes { Data($0) }.base64EncodedString()
  }

  /// The content of the redacted block with this number, in base64.
  static func redacted(_ number: Int) -> String {
    let text = redactedText + String(number) + " "
    return Data((text + String(Fingerprint(text).value, radix: 16)).utf8).base64EncodedString()
  }

  static func isRedacted(_ data: String) -> Bool {
    (0..<CallSettings.maximumRedacted).contains { redacted($0) == data }
  }
}
