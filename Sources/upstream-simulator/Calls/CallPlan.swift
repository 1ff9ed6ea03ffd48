/// Everything that decides one answer, settled before its first byte.
struct CallPlan: Sendable {
  var number = 0
  var model: String
  var tokens: TokenCounts
  /// True when the caller's maximum ended the answer.
  var endsAtMaximum = false
  /// The caller of an OpenAI stream asked for the usage chunk.
  var includesUsageChunk = false
  var settings: CallSettings

  var reportsUsage: Bool { settings.fault != .noUsage && settings.usage != .none }

  /// - Parameter facts: of a plain request, in which every token is a word.
  init(model: String, facts: RequestFacts, settings: CallSettings, generates: Bool) {
    self.init(model: model, counted: TokenCounts(input: facts.words), settings: settings)
    let wanted = generates ? settings.outputTokens : 0
    tokens.output = min(wanted, facts.maxTokens ?? wanted)
    endsAtMaximum = tokens.output < wanted
    includesUsageChunk = facts.includesUsage
  }

  /// - Parameter counted: the input by class, to which the settings add.
  init(model: String, counted: TokenCounts, settings: CallSettings) {
    self.model = model
    self.settings = settings
    tokens = counted
    tokens.input = settings.inputTokens ?? counted.input + settings.inputOverhead
    tokens.cacheRead += settings.cacheReadTokens
    tokens.cacheWrite += settings.cacheWriteTokens
    tokens.cacheWriteHour += settings.cacheWriteHourTokens
  }
}
