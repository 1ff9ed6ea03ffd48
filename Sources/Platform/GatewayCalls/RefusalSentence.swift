import Core

/// What an application is told when its resource has no room: resource, used, reserved, allowed, refill date. Rules
/// U-6, F-1.
struct RefusalSentence {
  /// Seconds after which a call that only running ones keep out may be tried again.
  static let contendedRetrySeconds = 2

  private let refusal: AdmissionRefusal
  private let snapshot: ResourceSnapshot
  private let refillsAt: Instant
  private let now: Instant

  init(_ refusal: AdmissionRefusal, snapshot: ResourceSnapshot, refillsAt: Instant, now: Instant) {
    self.refusal = refusal
    self.snapshot = snapshot
    self.refillsAt = refillsAt
    self.now = now
  }

  var failure: GatewayFailure {
    switch refusal.kind {
    case .exhausted:
      let seconds = max(1, Int((refillsAt.millisecondsSince(now) + 999) / 1_000))
      guard !isTooLarge else {
        return .exhausted(
          message: "\(opening) is too small for this call, even when nothing of it is used: \(figures). \(refill) That "
            + "does not help: \(remedy)", retryAfter: seconds)
      }
      return .exhausted(message: "\(opening) is exhausted: \(figures). \(refill)", retryAfter: seconds)
    case .contended:
      return .contended(
        message: "\(opening) is held by running calls: \(figures). Try again in a moment. \(refill)",
        retryAfter: Self.contendedRetrySeconds)
    }
  }

  /// Whether the call would not even fit into an allowance that nobody has used.
  private var isTooLarge: Bool { !refusal.allowance.covers(refusal.needed) }

  private var remedy: String {
    let smaller = "send less input, set a smaller max_tokens"
    return switch refusal.limit {
    case .resource: "\(smaller), or ask an admin for more capacity."
    case .key: "\(smaller), or ask an admin to raise the key's limit."
    }
  }

  private var opening: String {
    switch refusal.limit {
    case .resource: "The allowance of the resource \"\(snapshot.resource.name)\""
    case .key: "The monthly limit of this key of the resource \"\(snapshot.resource.name)\""
    }
  }

  private var figures: String {
    let used = refusal.settled
    let held = refusal.reserved
    let needed = refusal.needed
    switch refusal.allowance {
    case .units(let allowed):
      return "\(UnitsFormat.full(used.units)) used, \(UnitsFormat.full(held.units)) reserved, "
        + "\(UnitsFormat.full(allowed)) GenAI Units allowed, and this call may need \(UnitsFormat.full(needed.units))"
    case .plan(let input, let output):
      let inputs =
        "input tokens \(UnitsFormat.grouped(used.input.count)) used, \(UnitsFormat.grouped(held.input.count)) "
        + "reserved, \(UnitsFormat.grouped(input.count)) allowed"
      guard let output else { return "\(inputs), and this call may need \(UnitsFormat.grouped(needed.input.count))" }
      return "\(inputs); output tokens \(UnitsFormat.grouped(used.output.count)) used, "
        + "\(UnitsFormat.grouped(held.output.count)) reserved, \(UnitsFormat.grouped(output.count)) allowed; this call "
        + "may need \(UnitsFormat.grouped(needed.input.count)) and \(UnitsFormat.grouped(needed.output.count))"
    }
  }

  private var refill: String {
    "It is refilled on \(snapshot.zone.day(of: refillsAt)) (\(snapshot.zone.identifier))."
  }
}
