import Foundation
import NIOCore
import NIOHTTP1

/// How a request becomes an answer: the quick way for plain words, the long one for everything else.
extension Simulator {
  func prepare(
    _ route: Route, _ request: CallRequest, _ settings: CallSettings, _ entry: inout LedgerEntry
  ) throws(CallProblem) -> PreparedAnswer {
    switch route {
    case .countMessages, .countTokens: return try prepareCount(route, request, settings, &entry)
    default: break
    }
    let facts = try Self.facts(request.body)
    entry.model = route.modelInPath ?? facts.model ?? ""
    entry.maxTokens = facts.maxTokens
    entry.echo = facts.echo
    if entry.model.isEmpty { throw CallProblem("'model' is missing.") }
    if route == .messages, request.head.headers.first(name: "anthropic-version") == nil {
      throw CallProblem("The header 'anthropic-version' is missing.")
    }
    var quick = settings
    if let directive = facts.directive, !facts.isRich { try Self.apply(directive, to: &quick) }
    switch route {
    case .embeddings: return try Self.prepareEmbeddings(facts, quick, entry)
    case .cohereEmbed(let service): return try Self.prepareCohere(facts, request, quick, service, entry)
    case .invoke where facts.messages == 0:
      try Self.checkMaker(of: route, is: "cohere")
      return try Self.prepareCohere(facts, request, quick, .bedrock, entry)
    default: break
    }
    if facts.messages == 0 { throw CallProblem("'messages' is missing or empty.") }
    let isBedrockClaude = route.chatFormat == .anthropic && route.dialect == .bedrock
    let isIrregular = facts.isIrregular && route != .chat
    if facts.isRich || quick.isScripted || isBedrockClaude || isIrregular {
      return try prepareComposed(route, request, settings, &entry)
    }
    return try Self.preparePlain(route, facts, quick, entry)
  }

  private static func preparePlain(
    _ route: Route, _ facts: RequestFacts, _ settings: CallSettings, _ entry: LedgerEntry
  ) throws(CallProblem) -> PreparedAnswer {
    let plan = CallPlan(model: entry.model, facts: facts, settings: settings, generates: true)
    let streams = route.alwaysStreams || facts.streams && route.dialect != .bedrock
    guard route == .messages else {
      return PreparedAnswer(plan: plan, content: route == .chat ? .plainChat : .plainConverse, streams: streams)
    }
    if facts.maxTokens == nil { throw CallProblem("'max_tokens' is missing.") }
    let composition = Composition.plain(words: settings.outputTokens, maxTokens: facts.maxTokens)
    return PreparedAnswer(
      plan: plan, content: .composed(composition, .anthropic, isInsideBedrock: false), streams: streams)
  }

  private func prepareComposed(
    _ route: Route, _ request: CallRequest, _ settings: CallSettings, _ entry: inout LedgerEntry
  ) throws(CallProblem) -> PreparedAnswer {
    let format = route.chatFormat ?? .openAI
    let isInsideBedrock = format == .anthropic && route.dialect == .bedrock
    let body = try JSONTree.parse(request.body)
    if isInsideBedrock {
      try Self.checkMaker(of: route, is: "anthropic")
      try Self.checkInsideBedrock(body)
    }
    let call = try format.read(body)
    if format == .anthropic, call.maxTokens == nil { throw CallProblem("'max_tokens' is missing.") }
    try call.check(format)
    var settings = settings
    if let directive = call.directive { try Self.apply(directive, to: &settings) }
    let composition = try Script(call: call, settings: settings, format: format).compose()

    var counted = TokenCounts(input: call.inputTokens)
    if settings.fault?.refuses != true {
      counted = promptCache.settle(call, scope: "\(entry.region) \(entry.model)")
    }
    if format == .openAI {
      // OpenAI has no price for writing to its cache: such tokens are input like any other.
      counted.input += counted.cacheWrites
      (counted.cacheWrite, counted.cacheWriteHour) = (0, 0)
    }
    counted.output = composition.tokens
    counted.reasoning = composition.reasoningTokens
    var plan = CallPlan(model: entry.model, counted: counted, settings: settings)
    plan.includesUsageChunk = call.includesUsage
    entry.maxTokens = call.maxTokens
    entry.toolCalls = composition.toolCalls
    entry.toolResults = call.lastResults.count
    entry.media = call.media
    return PreparedAnswer(
      plan: plan, content: .composed(composition, format, isInsideBedrock: isInsideBedrock),
      streams: route.alwaysStreams || call.streams && route.dialect != .bedrock)
  }

  /// InvokeModel takes bodies in the words of the model's maker only.
  private static func checkMaker(of route: Route, is maker: Substring) throws(CallProblem) {
    guard let actual = route.maker, actual != maker else { return }
    throw CallProblem("Malformed input request: the body is not one of a model of \(actual.prefix(40)).")
  }

  private static let bedrockClaudeVersion = "bedrock-2023-05-31"

  /// The path says model and streaming; the body may not.
  private static func checkInsideBedrock(_ body: JSONTree) throws(CallProblem) {
    guard body["anthropic_version"]?.string == bedrockClaudeVersion else {
      throw CallProblem("'anthropic_version' must be \"\(bedrockClaudeVersion)\".")
    }
    for name in ["model", "stream"] where body[name] != nil {
      throw CallProblem("'\(name)' is not allowed in the body of an InvokeModel call.")
    }
  }

  private static func prepareEmbeddings(
    _ facts: RequestFacts, _ settings: CallSettings, _ entry: LedgerEntry
  ) throws(CallProblem) -> PreparedAnswer {
    if facts.inputs.isEmpty { throw CallProblem("'input' is missing or empty.") }
    if let dimensions = facts.dimensions, dimensions > SimulatedVector.maximumDimensions {
      throw CallProblem("At most \(SimulatedVector.maximumDimensions) dimensions are possible.")
    }
    let plan = CallPlan(model: entry.model, facts: facts, settings: settings, generates: false)
    return PreparedAnswer(plan: plan, content: .embeddings(facts))
  }

  private static func prepareCohere(
    _ facts: RequestFacts, _ request: CallRequest, _ settings: CallSettings, _ service: CohereEmbeddings.Service,
    _ entry: LedgerEntry
  ) throws(CallProblem) -> PreparedAnswer {
    let input =
      facts.isRich
      ? try CohereInput(try JSONTree.parse(request.body)) : CohereInput(facts, texts: request.texts(facts))
    try input.check()
    let counted = TokenCounts(input: input.words + input.images * Conversation.imageTokens)
    let plan = CallPlan(model: entry.model, counted: counted, settings: settings)
    return PreparedAnswer(plan: plan, content: .cohere(input, service))
  }

  private func prepareCount(
    _ route: Route, _ request: CallRequest, _ settings: CallSettings, _ entry: inout LedgerEntry
  ) throws(CallProblem) -> PreparedAnswer {
    let body = try JSONTree.parse(request.body)
    let (call, format) = try Self.conversation(route, body)
    entry.model = route.modelInPath ?? call.model ?? ""
    if entry.model.isEmpty { throw CallProblem("'model' is missing.") }
    try call.check(format)
    var settings = settings
    if let directive = call.directive { try Self.apply(directive, to: &settings) }
    entry.media = call.media
    let plan = CallPlan(model: entry.model, counted: TokenCounts(input: call.inputTokens), settings: settings)
    let member = route == .countMessages ? "input_tokens" : "inputTokens"
    return PreparedAnswer(plan: plan, content: .count(member: member, plan.tokens.wholeInput))
  }

  /// What is to be counted: in Bedrock one of two bodies inside the body.
  private static func conversation(
    _ route: Route, _ body: JSONTree
  ) throws(CallProblem) -> (Conversation, ChatFormat) {
    if route == .countMessages { return (try .anthropic(body), .anthropic) }
    if let inside = body["input"]?["converse"] { return (try .converse(inside), .converse) }
    guard let base64 = body["input"]?["invokeModel"]?["body"]?.string, let data = Data(base64Encoded: base64) else {
      throw CallProblem("'input' must hold 'converse', or 'invokeModel' with a 'body' in base64.")
    }
    let inside = try JSONTree.parse(ByteBuffer(bytes: data))
    try checkInsideBedrock(inside)
    return (try .anthropic(inside), .anthropic)
  }

  private static func facts(_ body: ByteBuffer) throws(CallProblem) -> RequestFacts {
    do throws(ScanProblem) { return try RequestScanner.scan(body) } catch { throw CallProblem(error.description) }
  }

  private static func apply(_ directive: String, to settings: inout CallSettings) throws(CallProblem) {
    do throws(SettingProblem) { try settings.apply(directive: directive) } catch {
      throw CallProblem(error.description)
    }
  }
}

extension CallRequest {
  /// The texts to embed as they stand in the body.
  fileprivate func texts(_ facts: RequestFacts) -> ByteBuffer {
    let range = facts.inputsRange ?? 0..<0
    return body.getSlice(at: body.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
  }
}
