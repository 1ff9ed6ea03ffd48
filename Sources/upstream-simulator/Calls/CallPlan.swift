/// Everything that decides one answer, settled before its first byte.
struct CallPlan: Sendable {
  var number: Int
  var model: String
  var inputTokens: Int
  var cacheReadTokens: Int
  var cacheWriteTokens: Int
  var outputTokens: Int
  /// True when the caller's maximum ended the answer.
  var endsAtMaximum: Bool
  /// The caller of an OpenAI stream asked for the usage chunk.
  var includesUsageChunk: Bool
  var settings: CallSettings

  var reportsUsage: Bool { settings.fault != .noUsage }

  init(number: Int, model: String, facts: RequestFacts, settings: CallSettings, generates: Bool) {
    self.number = number
    self.model = model
    inputTokens = settings.inputTokens ?? facts.words + settings.inputOverhead
    cacheReadTokens = settings.cacheReadTokens
    cacheWriteTokens = settings.cacheWriteTokens
    let wanted = generates ? settings.outputTokens : 0
    outputTokens = min(wanted, facts.maxTokens ?? wanted)
    endsAtMaximum = outputTokens < wanted
    includesUsageChunk = facts.includesUsage
    self.settings = settings
  }
}
