/// Observes the events of one answer and knows at any moment what it has cost. Rules U-2, M-3.
struct UsageMeter: Sendable {
  /// A stream's progress is recorded at least this often. Rule M-3.
  static let tokensBetweenProgress: Int64 = 256
  static let millisecondsBetweenProgress: Int64 = 1_000

  private let startedAt: Instant
  private let milliCharactersPerToken: Int
  /// The most that the provider was told to give, and that is reserved; an estimate never exceeds it. Rule U-5.
  private let mostOutput: TokenCount?
  private(set) var reported: TokenUsage?
  /// Whether the last report covers all that has come: nothing of the answer followed it.
  private var reportCoversAnswer = false
  private(set) var outputCharacters: Int64 = 0
  /// Bytes of an answer that cannot be read before all of it is there.
  private var unreadBytes: Int64 = 0
  /// Whether the running block has shown any of its output.
  private var isBlockReadable = false
  private(set) var timeToFirstToken: Int64?
  private var recordedCharacters: Int64 = 0
  private var recordedAt: Instant

  init(startedAt: Instant, milliCharactersPerToken: Int, mostOutput: TokenCount? = nil) {
    self.startedAt = startedAt
    self.milliCharactersPerToken = milliCharactersPerToken
    self.mostOutput = mostOutput
    recordedAt = startedAt
  }

  mutating func observe(_ event: ModelEvent, at now: Instant) {
    unreadBytes = 0
    switch event {
    case .chat(.usage(let usage)):
      reported = usage
      reportCoversAnswer = true
    case .embedded(let answer):
      reported = answer.usage ?? reported
      reportCoversAnswer = true
      markFirstToken(at: now)
    case .chat(.delta(_, let delta)):
      reportCoversAnswer = false
      markFirstToken(at: now)
      outputCharacters += characters(of: delta)
    case .chat(.started), .chat(.blockStarted):
      reportCoversAnswer = false
      isBlockReadable = false
    case .chat(.blockStopped), .chat(.stopped): break
    }
  }

  /// The characters to record, where enough has come since the last record. Rule M-3.
  mutating func progressDue(at now: Instant) -> Int64? {
    let fresh = outputCharacters - recordedCharacters
    let limit = Self.tokensBetweenProgress * Int64(milliCharactersPerToken) / 1_000
    guard fresh > 0, fresh >= limit || now.millisecondsSince(recordedAt) >= Self.millisecondsBetweenProgress else {
      return nil
    }
    recordedCharacters = outputCharacters
    recordedAt = now
    return outputCharacters
  }

  /// What an answer that came to its end is charged: the provider's report, or an estimate where there is none, or only
  /// one that parts of the answer followed.
  func completed(_ call: AdmittedCall, metersOutput: Bool) -> (usage: TokenUsage, isEstimated: Bool) {
    guard let reported, reportCoversAnswer else { return cutShort(call, metersOutput: metersOutput) }
    var estimate = Settlement.estimatedOutput(
      characters: metersOutput ? outputCharacters : 0, milliCharactersPerToken: milliCharactersPerToken)
    if let mostOutput { estimate = min(estimate, mostOutput) }
    return Settlement.completed(call, reported: reported, receivedOutput: estimate, metersOutput: metersOutput)
  }

  /// What an answer that was cut short is charged: never less than what was received.
  func cutShort(_ call: AdmittedCall, metersOutput: Bool) -> (usage: TokenUsage, isEstimated: Bool) {
    var usage = Settlement.interrupted(
      call, outputCharacters: metersOutput ? outputCharacters + unreadBytes : 0,
      milliCharactersPerToken: milliCharactersPerToken, reported: reported)
    if let mostOutput { usage.output = max(reported?.bounded.output ?? 0, min(usage.output, mostOutput)) }
    return (usage, true)
  }

  var hasReceivedOutput: Bool { outputCharacters > 0 || reported != nil }

  /// Notes a piece of an answer that is read when all of it is there. Where it breaks off before, its bytes are what was
  /// received. Rule M-3.
  mutating func receive(unread count: Int) { unreadBytes += Int64(count) }

  /// Characters (Unicode scalars) of output in a piece. Of what cannot be read, encrypted reasoning, the bytes count: a
  /// provider writes as many tokens for it.
  private mutating func characters(of delta: BlockDelta) -> Int64 {
    switch delta {
    case .text(let text), .toolInput(let text), .reasoning(let text):
      let count = text.reveal().unicodeScalars.count
      if count > 0 { isBlockReadable = true }
      return Int64(count)
    case .redactedReasoning(let bytes): return Int64(bytes.reveal().count)
    // A seal on reasoning that was shown costs nothing; without it the signature is the reasoning.
    case .signature(let signature): return isBlockReadable ? 0 : Int64(signature.utf8.count)
    }
  }

  private mutating func markFirstToken(at now: Instant) {
    if timeToFirstToken == nil { timeToFirstToken = now.millisecondsSince(startedAt) }
  }
}
