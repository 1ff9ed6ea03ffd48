/// The time to first token by how much there is to read, for the patience of calls: a long prompt takes longer than the
/// average of short ones. Rule N-3.
///
/// Sizes are input as counted at admission, which may be an upper bound; only their proportions matter here.
struct LatencyBySize: Hashable, Sendable {
  /// Up to here the time does not depend on the size.
  static let least: Int64 = 1_024
  /// Each class reaches so many times further than the one before; the last has no end.
  static let factor: Int64 = 4
  static let classes = 6

  /// By class, as far as any is known.
  private var estimates: [LatencyEstimate] = []

  /// The class of a call with so much input: 0 up to 1,024, 1 up to 4,096, then 16,384, 65,536, 262,144, and beyond.
  static func number(of input: Int64) -> Int {
    var (number, most) = (0, least)
    while input > most, number < classes - 1 {
      number += 1
      most *= factor
    }
    return number
  }

  mutating func add(_ milliseconds: Int64, input: Int64, at now: Instant) {
    let number = Self.number(of: input)
    while estimates.count <= number { estimates.append(LatencyEstimate()) }
    estimates[number].add(milliseconds, input: max(input, Self.least), at: now)
  }

  /// Milliseconds that a call's first sign of life may take before another deployment is worth asking; nil where nothing
  /// is known of it.
  ///
  /// What the class knows, otherwise the next larger one, otherwise the next smaller one; in proportion to the size where
  /// the calls that are known were smaller, because nothing takes more time than in proportion to be read.
  func patience(_ pace: AnswerPace, input: Int64) -> Int64? {
    let number = Self.number(of: input)
    guard let known = known(number), let mean = known.estimate.mean else {
      return pace == .streamed ? Self.unknown(input) : nil
    }
    let usual = mean + 4 * known.estimate.deviation
    // The time of a whole answer depends on its length, so that the longest of late counts too.
    let longest = pace == .whole ? known.estimate.longest * 1.5 : 0
    let proven = max(usual, longest)
    var patience = proven * max(1, Double(max(input, Self.least)) / known.estimate.input)
    // From much smaller calls the proportion leads far beyond what reading takes.
    if known.number < number, pace == .streamed { patience = max(proven, min(patience, Double(Self.unknown(input)))) }
    patience = max(patience, Double(RoutingRules.leastPatience + input / RoutingRules.quickReading))
    return Int64(min(patience, Double(RoutingRules.longestPatience)))
  }

  private func known(_ number: Int) -> (estimate: LatencyEstimate, number: Int)? {
    let larger = estimates.indices.first { $0 >= number && estimates[$0].mean != nil }
    guard let found = larger ?? estimates.indices.last(where: { $0 < number && estimates[$0].mean != nil }) else {
      return nil
    }
    return (estimates[found], found)
  }

  private static func unknown(_ input: Int64) -> Int64 {
    min(RoutingRules.unknownPatience + input / RoutingRules.slowReading, RoutingRules.longestPatience)
  }
}
