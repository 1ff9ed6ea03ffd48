/// The numbers of routing. Times are milliseconds.
public enum RoutingRules {
  /// Failures one after the other that open a breaker.
  static let failuresInARow = 3
  /// Or so many failures in a hundred attempts, of at least so many attempts in so many steps of ``OutcomeCounts``.
  static let ratePercent = 50
  static let rateLeast = 10
  static let rateSteps = 3
  /// How long a breaker is open at first; doubled by each probe that fails.
  static let firstOpen: Int64 = 1_000
  /// Longest time without a probe.
  static let longestOpen: Int64 = 30_000
  /// Until another probe may follow one that has not ended.
  static let probeTime: Int64 = 5_000
  /// Attempts given up one after the other, with nothing heard in between, that are a silence.
  static let doubtsForSilence = 3
  /// Attempts in a row that met silence, after which nobody is sent there but probes.
  static let silencesToRefuse = 3
  /// Longest hint of a provider that is believed, in seconds.
  static let longestHint = 300
  /// A throttling so soon after another one doubles the time for which a deployment without hints is avoided.
  static let busyMemory: Int64 = 10_000
  /// A call is never given up sooner, and what a quick provider needs to read its prompt is on top.
  static let leastPatience: Int64 = 500
  /// Counted tokens that a quick provider reads in a millisecond, and a slow one. Counted tokens are an upper bound, some
  /// four times what they turn out to be.
  static let quickReading: Int64 = 40
  static let slowReading: Int64 = 8
  /// Nor is it waited for longer: no attempt lasts so long.
  static let longestPatience: Int64 = 3_600_000
  /// How long a stream's first sign of life is waited for where nothing is known, on top of what a slow provider needs to
  /// read its prompt.
  static let unknownPatience: Int64 = 8_000
  /// No attempt begins later than this after admission: each that ends in a time-out is charged.
  public static let attemptsWindow: Int64 = 120_000
  /// A further attempt is made only while this part of its deployment's total time-out is left.
  static let leastShare: Int64 = 10
}
