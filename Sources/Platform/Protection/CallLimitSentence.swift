import Core

/// What an application is told that calls too much at a time, or too often: which limit, how many, what to do. Rules
/// L-1, F-1.
struct CallLimitSentence {
  /// Seconds within which a call that may succeed soon is asked to come again. Rule F-1.
  private static let soon: ClosedRange<Int64> = 1...5

  private let refusal: CallLimitRefusal
  private let resource: String

  init(_ refusal: CallLimitRefusal, resource: String) {
    self.refusal = refusal
    self.resource = resource
  }

  var failure: GatewayFailure {
    switch refusal {
    case .key(let limit):
      .contended(
        message: "This key has \(limit) calls running, as many as a key may have at a time. Wait until one has "
          + "finished, or ask the operator to raise protection.callsPerKey.",
        retryAfter: 1)
    case .resource(let limit):
      .contended(
        message: "The resource \"\(resource)\" has \(limit) calls running over all its keys, as many as a resource may "
          + "have at a time. Wait until one has finished, or ask the operator to raise protection.callsPerResource.",
        retryAfter: 1)
    case .rate(let perMinute, let wait):
      .contended(
        message:
          "This key may make \(perMinute) calls a minute and has made them. Call more evenly, or ask the operator "
          + "to raise protection.callsPerMinute. The next call is possible in \(Self.words(wait)).",
        retryAfter: Int(min(max(Self.seconds(wait), Self.soon.lowerBound), Self.soon.upperBound)))
    case .everywhere:
      .overloaded(
        message: "The gateway has as many calls running as it can serve at a time. Try again in a moment.",
        retryAfter: 1)
    }
  }

  private static func seconds(_ milliseconds: Int64) -> Int64 { (milliseconds + 999) / 1_000 }

  private static func words(_ milliseconds: Int64) -> String {
    milliseconds < 1_000 ? "\(milliseconds) ms" : "\(seconds(milliseconds)) s"
  }
}
