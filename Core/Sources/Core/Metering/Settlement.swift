/// What a call is charged for in the end, by how it ended. Pure rules; rules M-2, M-3, M-4.
public enum Settlement {
  /// A provider's own report, the truth (rule U-2): without output where output is not metered (rule U-3), and within
  /// the limits of what a report can say.
  public static func reported(_ report: TokenUsage, metersOutput: Bool) -> TokenUsage {
    var usage = report.bounded
    if !metersOutput { usage.output = 0 }
    return usage
  }

  /// An answer that came to its end with a report. What a report cannot mean is estimated instead (rule M-3): that there
  /// was no input, and that there was no output where `receivedOutput`, an estimate of what arrived, says otherwise.
  public static func completed(
    _ call: AdmittedCall, reported report: TokenUsage, receivedOutput: TokenCount, metersOutput: Bool
  ) -> (usage: TokenUsage, isEstimated: Bool) {
    var usage = reported(report, metersOutput: metersOutput)
    let lacksInput = usage.shownInput == 0
    let lacksOutput = metersOutput && usage.output == 0 && receivedOutput > 0
    if lacksInput { usage.input = max(1, call.countedInput) }
    if lacksOutput { usage.output = receivedOutput }
    return (usage.bounded, lacksInput || lacksOutput)
  }

  /// A call that ended without a final report: the process died (rule M-2), or the client left and the drain did not
  /// reach the end (rule M-3). The entry is marked estimated.
  ///
  /// Input is as counted at admission, or as the provider told early in the stream (`reported`); output is the
  /// characters that arrived divided by the catalog's characters per token, rounded up.
  public static func interrupted(
    _ call: AdmittedCall, outputCharacters: Int64, milliCharactersPerToken: Int, reported: TokenUsage? = nil
  ) -> TokenUsage {
    let estimated = estimatedOutput(characters: outputCharacters, milliCharactersPerToken: milliCharactersPerToken)
    var usage = (reported ?? .zero).bounded
    if usage.shownInput == 0 { usage.input = max(1, call.countedInput) }
    usage.output = max(usage.output, estimated)
    return usage.bounded
  }

  /// A time-out after the body was sent: the counted input, estimated. Rule M-4.
  public static func timedOut(_ call: AdmittedCall) -> TokenUsage {
    TokenUsage(input: max(1, call.countedInput)).bounded
  }

  /// No connection, or an error without usage: nothing. Rule M-4.
  public static let unreached = TokenUsage.zero

  /// Characters as tokens, rounded up.
  public static func estimatedOutput(characters: Int64, milliCharactersPerToken: Int) -> TokenCount {
    guard characters > 0 else { return 0 }
    let perToken = Int64(max(1, milliCharactersPerToken))
    let (whole, rest) = characters.multipliedSaturated(by: 1_000).quotientAndRemainder(dividingBy: perToken)
    return TokenCount(whole + (rest > 0 ? 1 : 0))
  }
}

extension TokenUsage {
  /// Most tokens of one class that one call can have; larger figures are a provider's fault.
  public static let mostTokens: TokenCount = 1_000_000_000

  /// The same with every class between zero and ``mostTokens``, so that pricing it cannot overflow.
  public var bounded: TokenUsage {
    func held(_ count: TokenCount) -> TokenCount { min(max(0, count), Self.mostTokens) }
    return TokenUsage(
      input: held(input), cacheWrite: held(cacheWrite), cacheRead: held(cacheRead), output: held(output))
  }
}
