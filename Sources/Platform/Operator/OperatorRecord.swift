import Core
import Foundation

/// What is kept under an idempotency key: what came of a request, and which request it was.
struct OperatorRecord<Outcome: OperatorOutcome>: Codable, Sendable {
  let request: RequestFingerprint
  let outcome: Outcome

  /// The outcome for whoever asks with `request`.
  ///
  /// Throws ``PlatformError/conflict(_:)`` where the key had been used for another one: neither doing it nor telling
  /// what became of the other would be what was meant.
  func outcome(of request: RequestFingerprint, wasRepeated: Bool) throws(PlatformError) -> Outcome {
    guard self.request == request else { throw RequestFingerprint.otherRequest }
    var outcome = outcome
    outcome.wasRepeated = wasRepeated
    return outcome
  }
}

/// Tells requests apart without keeping what they hold. No password and no secret is part of it: a repeat may
/// come without it.
struct RequestFingerprint: Codable, Hashable, Sendable {
  private let digest: String

  init(_ request: some OperatorRequest) throws {
    let coded = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(request))
    var members = coded as? [String: Any] ?? [:]
    for name in Self.leftOut { members.removeValue(forKey: name) }
    let text = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
    digest = Digest.sha256(Array(text)).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  static let otherRequest = PlatformError.conflict(
    "This idempotency key was used for something else before. Repeat a key only with the same options; otherwise use a "
      + "fresh one, or leave it out.")

  /// Nor is whether it was only tried before, and what was shown then.
  private static let leftOut = ["password", "secret", "idempotencyKey", "isDryRun", "shown"]
}
