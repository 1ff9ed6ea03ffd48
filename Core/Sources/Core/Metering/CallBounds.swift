/// The most that one attempt of a call can cost, known before dispatch. Rule U-5.
public struct CallBounds: Hashable, Sendable {
  /// Input as counted, or bounded from above by ``InputBound``; between zero and ``TokenUsage/mostTokens``.
  public let input: TokenCount
  /// What the caller set; nil where nothing was set.
  public let requestedMaxTokens: Int?
  /// What the catalog sets in its place.
  public let defaultMaxTokens: Int
  /// Most output tokens that the model version gives in one call.
  public let maxOutputTokens: Int
  /// Tokens that the model may think before it answers; a part of the output.
  public let reasoningBudget: Int?
  /// False for embeddings, which consume input only. Rule U-3.
  public let metersOutput: Bool

  public init(
    input: TokenCount, requestedMaxTokens: Int?, defaultMaxTokens: Int, maxOutputTokens: Int,
    reasoningBudget: Int? = nil, metersOutput: Bool
  ) {
    self.input = min(max(0, input), TokenUsage.mostTokens)
    self.requestedMaxTokens = requestedMaxTokens
    self.defaultMaxTokens = defaultMaxTokens
    self.maxOutputTokens = maxOutputTokens
    self.reasoningBudget = reasoningBudget
    self.metersOutput = metersOutput
  }

  /// The bounds of `call` to a model version with `limits`, its input counted or bounded as `input`.
  public init(call: ModelCall, input: TokenCount, limits: ModelLimits) {
    switch call {
    case .chat(let request):
      self.init(
        input: input, requestedMaxTokens: request.inference.maxTokens, defaultMaxTokens: limits.defaultMaxTokens,
        maxOutputTokens: limits.maxOutputTokens, reasoningBudget: request.reasoning?.budget, metersOutput: true)
    case .embed:
      self.init(
        input: input, requestedMaxTokens: nil, defaultMaxTokens: 0, maxOutputTokens: 0, metersOutput: false)
    }
  }

  /// `max_tokens` is never lowered below this many, unless fewer were asked for: a shorter answer helps nobody.
  public static let leastUsefulMaxTokens = 256

  /// Output tokens that are asked for; 0 where output is not metered.
  public var askedMaxTokens: Int {
    guard metersOutput else { return 0 }
    return max(0, min(requestedMaxTokens ?? defaultMaxTokens, maxOutputTokens))
  }

  /// The fewest output tokens with which the call is still worth making: min(asked, 256), and one more than the
  /// reasoning budget so that there is room for an answer.
  public var leastMaxTokens: Int {
    let asked = askedMaxTokens
    // A budget that leaves no room for an answer needs everything that was asked for.
    let budget = reasoningBudget ?? 0
    return min(asked, max(Self.leastUsefulMaxTokens, budget < asked ? budget + 1 : asked))
  }

  /// What the call would take with `outputTokens`, its input at the dearest class.
  public func consumption(outputTokens: Int, rates: ExchangeRates) -> Consumption {
    let inputNano = input.count.multipliedSaturated(by: rates.dearestInput)
    let outputNano = Int64(outputTokens).multipliedSaturated(by: rates.output)
    return Consumption(
      units: GenAIUnits(nano: inputNano.addingSaturated(outputNano)), input: input, output: TokenCount(outputTokens))
  }
}
