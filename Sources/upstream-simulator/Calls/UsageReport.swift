/// Where an answer tells its token counts.
enum UsageReport: String, CaseIterable, Sendable {
  /// As the dialect's own service does.
  case full
  case none
  /// All counts before the first token of a stream, nothing after the last.
  case start
  /// All counts with the end of a stream, nothing before.
  case end
  /// Counts that grow while the stream goes on.
  case cumulative
}
