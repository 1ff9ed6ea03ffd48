import Core
import Testing

@Suite("Pricing, bounding and settling")
struct MeteringRuleTests {
  let rates = ExchangeRates(input: 107_440, output: 537_210)

  private func admitted(countedInput: TokenCount) -> AdmittedCall {
    AdmittedCall(
      requestID: RequestID("r"), companyID: CompanyID("c"), resourceID: ResourceID("res"), payer: .key(KeyID("k")),
      model: ModelVersionID("m"), rates: rates, region: .local, dialect: .openAI,
      admittedAt: Instant(milliseconds: 0), bundleMonthStart: Instant(milliseconds: 0),
      localDay: LocalDay(number: 0), countedInput: countedInput)
  }

  @Test("C-6, U-1: a million tokens cost exactly the rate of the table")
  func prices() {
    #expect(rates.price(of: TokenUsage(input: 1_000_000)).nano == 107_440_000_000)
    #expect(rates.price(of: TokenUsage(output: 1_000_000)).nano == 537_210_000_000)
    let cached = ExchangeRates(input: 100, output: 500, cacheWrite: 125, cacheRead: 10)
    #expect(cached.price(of: TokenUsage(input: 1, cacheWrite: 2, cacheRead: 3, output: 4)).nano == 2_380)
    #expect(rates.price(of: TokenUsage(cacheWrite: 1, cacheRead: 1)).nano == 2 * 107_440)
  }

  @Test("U-2: shown input is every class but output")
  func shownInput() {
    #expect(TokenUsage(input: 1, cacheWrite: 2, cacheRead: 3, output: 4).shownInput == 6)
  }

  @Test(
    "M-2, M-3: an interrupted call pays its counted input and its characters, rounded up",
    arguments: [
      (characters: 0, milli: 3_500, output: 0), (characters: 1, milli: 3_500, output: 1),
      (characters: 7, milli: 3_500, output: 2), (characters: 8, milli: 3_500, output: 3),
      (characters: 1_000, milli: 1_000, output: 1_000), (characters: -5, milli: 3_500, output: 0),
      (characters: 10, milli: 0, output: 10_000),
    ] as [(characters: Int64, milli: Int, output: Int64)])
  func interrupted(characters: Int64, milli: Int, output: Int64) {
    let usage = Settlement.interrupted(
      admitted(countedInput: 40), outputCharacters: characters, milliCharactersPerToken: milli)
    #expect(usage == TokenUsage(input: 40, output: TokenCount(output)))
  }

  @Test("M-3: never zero: a call without counted input pays one token at least")
  func neverZero() {
    let nothing = admitted(countedInput: 0)
    #expect(
      Settlement.interrupted(nothing, outputCharacters: 0, milliCharactersPerToken: 3_500) == TokenUsage(input: 1))
    #expect(Settlement.timedOut(nothing) == TokenUsage(input: 1))
    #expect(Settlement.timedOut(admitted(countedInput: 9)) == TokenUsage(input: 9))
    #expect(Settlement.unreached == .zero)
  }

  @Test("U-2, M-3: what the provider told early in the stream counts, and never less than was received")
  func partialReport() {
    let early = TokenUsage(input: 5, cacheRead: 20, output: 1)
    #expect(
      Settlement.interrupted(
        admitted(countedInput: 400), outputCharacters: 35, milliCharactersPerToken: 3_500, reported: early)
        == TokenUsage(input: 5, cacheRead: 20, output: 10))
  }

  @Test("U-2, U-3: a report is the truth, but embeddings have no output and no class is beyond reason")
  func reports() {
    let report = TokenUsage(input: 3, cacheWrite: 1, cacheRead: 2, output: 9)
    #expect(Settlement.reported(report, metersOutput: true) == report)
    #expect(Settlement.reported(report, metersOutput: false).output == 0)
    let absurd = TokenUsage(input: -1, cacheWrite: TokenCount(Int64.max), output: TokenCount(Int64.min))
    let bounded = Settlement.reported(absurd, metersOutput: true)
    #expect(bounded == TokenUsage(cacheWrite: TokenUsage.mostTokens))
    let dearest = ExchangeRates(input: 1_000_000_000, output: 1_000_000_000)
    let most = TokenUsage(
      input: TokenUsage.mostTokens, cacheWrite: TokenUsage.mostTokens, cacheRead: TokenUsage.mostTokens,
      output: TokenUsage.mostTokens)
    #expect(dearest.price(of: most).nano == 4_000_000_000_000_000_000, "the dearest possible call can be priced")
    let endless = TokenUsage(input: TokenCount(Int64.max), cacheRead: TokenCount(Int64.max))
    #expect(rates.price(of: endless).nano == .max)
    #expect(endless.shownInput.count == .max)
  }

  @Test("M-3: a report cannot mean that input was free, or that what arrived was")
  func impossibleReports() {
    func completed(_ report: TokenUsage, received: TokenCount, metersOutput: Bool = true) -> (TokenUsage, Bool) {
      let charge = Settlement.completed(
        admitted(countedInput: 40), reported: report, receivedOutput: received, metersOutput: metersOutput)
      return (charge.usage, charge.isEstimated)
    }
    #expect(completed(TokenUsage(input: 3, output: 9), received: 2) == (TokenUsage(input: 3, output: 9), false))
    #expect(completed(TokenUsage(input: 3), received: 0) == (TokenUsage(input: 3), false))
    #expect(completed(TokenUsage(input: 3), received: 2) == (TokenUsage(input: 3, output: 2), true))
    #expect(completed(TokenUsage(output: 9), received: 2) == (TokenUsage(input: 40, output: 9), true))
    #expect(completed(TokenUsage(cacheRead: 3, output: 9), received: 2).1 == false)
    #expect(completed(.zero, received: 2) == (TokenUsage(input: 40, output: 2), true))
    #expect(completed(TokenUsage(input: 3), received: 2, metersOutput: false) == (TokenUsage(input: 3), false))
  }

  // MARK: Bounding input

  private func chat(_ text: String) -> ChatRequest {
    ChatRequest(messages: [Message(role: .user, content: [.text(Sensitive(text))])])
  }

  private func bound(_ request: ChatRequest, _ limits: ModelLimits = MeteringRuleTests.limits) -> Int64 {
    InputBound.of(.chat(request), limits: limits).count
  }

  static let limits = ModelLimits(
    maxOutputTokens: 1_000, defaultMaxTokens: 100, maxInputTokens: 200_000, tokensPerImage: 2_000,
    tokensPerDocumentByte: 4)

  @Test("U-5: every byte of text counts, wherever it stands")
  func everyByte() throws {
    let empty = bound(chat(""))
    #expect(bound(chat("abc")) == empty + 3)
    #expect(bound(chat("äöü€")) == empty + 9, "bytes, not characters")

    let word = Sensitive("twelve bytes")
    let json = RawJSON(Array("{\"a\":\"12 by\"}".utf8))
    let size = Int64(json.bytes.reveal().count)
    func added(_ change: (inout ChatRequest) -> Void) -> Int64 {
      var request = chat("")
      change(&request)
      return bound(request) - empty
    }
    #expect(added { $0.system = [.text(word), .cachePoint] } >= 12)
    #expect(added { $0.messages.append(Message(role: .assistant, content: [])) } > 0)
    #expect(added { $0.tools = [Tool(name: "tool", description: word, inputSchema: json)] } >= 4 + 12 + size + 700)
    #expect(added { $0.messages[0].content.append(.toolUse(id: "id", name: "tool", input: json)) } >= 2 + 4 + size)
    #expect(
      added {
        $0.messages[0].content.append(.toolResult(id: "id", content: [.text(word), .json(json)], isError: false))
      }
        >= 2 + 12 + size)
    #expect(added { $0.messages[0].content.append(.reasoning(text: word, signature: "signature")) } >= 12 + 9)
    #expect(added { $0.messages[0].content.append(.redactedReasoning(Sensitive([1, 2, 3]))) } >= 3)
    #expect(added { $0.responseFormat = .jsonSchema(name: "shape", schema: json, isStrict: true) } >= 5 + size)
  }

  @Test("U-5: images count as the catalog says, documents by their bytes")
  func media() {
    let empty = bound(chat(""))
    var request = chat("")
    request.messages[0].content.append(.image(format: "png", bytes: Sensitive([UInt8](repeating: 0, count: 9))))
    #expect(bound(request) - empty >= 2_000)
    #expect(bound(request) - empty < 2_100)
    request.messages[0].content[1] = .document(
      format: "md", name: Sensitive("name"), bytes: Sensitive([UInt8](repeating: 0, count: 5_000)))
    #expect((20_000..<20_100).contains(bound(request) - empty))
    request.messages[0].content[1] = .toolResult(
      id: "",
      content: [
        .image(format: "png", bytes: Sensitive([])),
        .document(format: "txt", name: Sensitive(""), bytes: Sensitive([1, 2])),
      ], isError: false)
    #expect(bound(request) - empty >= 2_008)
  }

  @Test(
    "U-5: a compressed document may hold as much as fits into the model", arguments: ["pdf", "docx", "xlsx", "new"])
  func compressed(format: String) {
    var request = chat("")
    request.messages[0].content.append(.document(format: format, name: Sensitive("n"), bytes: Sensitive([1, 2])))
    #expect(bound(request) == 200_000)
    request.messages[0].content = [
      .toolResult(
        id: "", content: [.document(format: format, name: Sensitive("n"), bytes: Sensitive([1]))], isError: false)
    ]
    #expect(bound(request) == 200_000)
  }

  @Test("U-5: no bound is larger than the model's window")
  func window() {
    #expect(bound(chat(String(repeating: "x", count: 300_000))) == 200_000)
    var open = Self.limits
    open.maxInputTokens = nil
    #expect(bound(chat(String(repeating: "x", count: 300_000)), open) > 300_000)
  }

  @Test("U-5: embeddings are bounded by the bytes of all texts")
  func embeddings() {
    let request = EmbedRequest(inputs: [Sensitive("four"), Sensitive("€")])
    let count = InputBound.of(.embed(request), limits: Self.limits).count
    #expect((7...100).contains(count))
  }

  @Test("U-5: models that count exactly use the tokenizer that is given, others never do")
  func exact() {
    var limits = Self.limits
    limits.inputCounting = .exact
    #expect(InputBound.of(.chat(chat("hello")), limits: limits) { _ in 2 } == 2)
    #expect(InputBound.of(.chat(chat("hello")), limits: limits) > 2, "without a tokenizer the bytes bound")
    #expect(InputBound.of(.chat(chat("hello")), limits: Self.limits) { _ in 2 } > 2)
  }

  @Test("U-5: a call's bounds come from what it asks for and from the catalog")
  func bounds() {
    var request = chat("hello")
    request.reasoning = ReasoningRequest(budget: 50)
    var bounds = CallBounds(call: .chat(request), input: 7, limits: Self.limits)
    #expect(
      bounds
        == CallBounds(
          input: 7, requestedMaxTokens: nil, defaultMaxTokens: 100, maxOutputTokens: 1_000, reasoningBudget: 50,
          metersOutput: true))
    #expect(bounds.askedMaxTokens == 100)
    request.inference.maxTokens = 5_000
    bounds = CallBounds(call: .chat(request), input: 7, limits: Self.limits)
    #expect(bounds.askedMaxTokens == 1_000)
    #expect(!CallBounds(call: .embed(EmbedRequest(inputs: [])), input: 7, limits: Self.limits).metersOutput)
  }

  // MARK: Forecast

  @Test(
    "G-4: the forecast goes on at the present rate",
    arguments: [
      (used: 50, allowed: 100, now: 250, forecast: Forecast.lastsUntil(Instant(milliseconds: 500))),
      (used: 50, allowed: 100, now: 750, forecast: .endsAt(percent: 66)),
      (used: 50, allowed: 100, now: 500, forecast: .endsAt(percent: 100)),
      (used: 100, allowed: 100, now: 10, forecast: .lastsUntil(Instant(milliseconds: 10))),
      (used: 0, allowed: 100, now: 500, forecast: .unknown), (used: 5, allowed: 100, now: 9, forecast: .unknown),
      (used: 5, allowed: 0, now: 500, forecast: .unknown),
      (used: 1, allowed: .max, now: 999, forecast: .endsAt(percent: 0)),
      (used: .max - 1, allowed: .max, now: 1_000, forecast: .endsAt(percent: 99)),
    ] as [(used: Int64, allowed: Int64, now: Int64, forecast: Forecast)])
  func forecast(used: Int64, allowed: Int64, now: Int64, forecast: Forecast) {
    #expect(
      Forecast.of(
        used: used, allowed: allowed, start: Instant(milliseconds: 0), end: Instant(milliseconds: 1_000),
        now: Instant(milliseconds: now)) == forecast)
  }
}
