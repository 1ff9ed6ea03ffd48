/// A moving average of the time to first token, with how far single times stray from it. Rule N-2.
///
/// Mean and deviation move by an eighth and a quarter of each surprise, as senders estimate round trips (RFC 6298).
public struct LatencyEstimate: Hashable, Sendable {
  /// Milliseconds after which an estimate says nothing any more: the deployment is tried again.
  static let lifetime: Int64 = 120_000
  /// Part of the distance to a longer time by which ``longest`` falls towards the mean with each sample.
  private static let fading = 0.01

  /// Milliseconds; nil before the first sample.
  public private(set) var mean: Double?
  private(set) var deviation = 0.0
  /// The longest time of late, in milliseconds; it fades.
  private(set) var longest = 0.0
  /// The moving average of what the calls had to be read, in counted tokens.
  private(set) var input = 0.0
  private var sampledAt = Instant(milliseconds: 0)
  /// When the last sample came, or when somebody was last sent to get one.
  private var freshAt = Instant(milliseconds: 0)

  init() {}

  /// A call with so much input took so long.
  mutating func add(_ milliseconds: Int64, input size: Int64, at now: Instant) {
    let sample = Double(max(0, milliseconds))
    if let mean, now.millisecondsSince(sampledAt) < Self.lifetime {
      deviation += (abs(sample - mean) - deviation) / 4
      self.mean = mean + (sample - mean) / 8
      longest = max(sample, longest - (longest - mean) * Self.fading)
      input += (Double(size) - input) / 8
    } else {
      mean = sample
      deviation = sample / 2
      longest = sample
      input = Double(size)
    }
    sampledAt = now
    freshAt = now
  }

  /// The mean as long as it says something.
  func current(at now: Instant) -> Double? { now.millisecondsSince(freshAt) < Self.lifetime ? mean : nil }

  /// Keeps an estimate that grew old for another while, which is told: one call is enough to learn anew.
  mutating func renew(at now: Instant) -> Bool {
    guard mean != nil, current(at: now) == nil else { return false }
    freshAt = now
    return true
  }

  /// Takes back what was renewed at `instant`: the call that should have learnt was not sent.
  mutating func takeBackRenewal(at instant: Instant) {
    if freshAt == instant { freshAt = sampledAt }
  }
}
