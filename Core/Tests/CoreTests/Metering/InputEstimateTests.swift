import Core
import Testing

@Suite("What input a call is likely to have")
struct InputEstimateTests {
  private static let limits = ModelLimits(
    maxOutputTokens: 100, defaultMaxTokens: 50, maxInputTokens: 40, milliCharactersPerToken: 3_500,
    tokensPerImage: 1_000)

  private static func estimate(_ request: ChatRequest) -> Int64 {
    InputEstimate.of(.chat(request), limits: limits).count
  }

  private static func user(_ content: ContentBlock...) -> Message { Message(role: .user, content: content) }

  @Test("Characters become tokens at the catalog's rate, rounded up once for the whole call")
  func texts() {
    #expect(Self.estimate(ChatRequest(messages: [Self.user(.text(Sensitive("")))])) == 8)
    // 7 characters are 2 tokens, 8 are 3.
    #expect(Self.estimate(ChatRequest(messages: [Self.user(.text(Sensitive("1234567")))])) == 10)
    #expect(Self.estimate(ChatRequest(messages: [Self.user(.text(Sensitive("12345678")))])) == 11)
    let parts = ChatRequest(
      system: [.text(Sensitive("1234")), .cachePoint], messages: [Self.user(.text(Sensitive("567")))])
    #expect(Self.estimate(parts) == 10)
    // Characters, not bytes.
    #expect(Self.estimate(ChatRequest(messages: [Self.user(.text(Sensitive("ééééééé")))])) == 10)
  }

  @Test("An image counts as the catalog says, and a model's window cuts nothing off")
  func images() {
    let image = ContentBlock.image(format: "png", bytes: Sensitive([1, 2, 3]))
    #expect(Self.estimate(ChatRequest(messages: [Self.user(image, image)])) == 2_008)
  }

  @Test("Tools bring the provider's own prompt, once, and their descriptions")
  func tools() {
    let tool = Tool(name: "f", description: Sensitive("123456"), inputSchema: RawJSON(Array("1234567".utf8)))
    let one = ChatRequest(messages: [Self.user(.text(Sensitive("")))], tools: [tool])
    let two = ChatRequest(messages: one.messages, tools: [tool, tool])
    #expect(Self.estimate(one) == 8 + 320 + 8 + 4)
    #expect(Self.estimate(two) - Self.estimate(one) == 12)
    let used = ChatRequest(messages: [
      Message(role: .assistant, content: [.toolUse(id: "12", name: "34", input: RawJSON(Array("{1}".utf8)))]),
      Self.user(
        .toolResult(id: "12", content: [.text(Sensitive("34")), .json(RawJSON(Array("567".utf8)))], isError: false)),
    ])
    #expect(Self.estimate(used) == 4 + 4 + 4 + 8 + 8 + 4)
  }

  @Test("Texts to embed count with their marks; nothing is fewer than one token")
  func embeddings() {
    let embed = ModelCall.embed(EmbedRequest(inputs: [Sensitive("1234567"), Sensitive("1234567")]))
    #expect(InputEstimate.of(embed, limits: Self.limits) == 8)
    #expect(InputEstimate.of(.embed(EmbedRequest(inputs: [])), limits: Self.limits) == 1)
  }

  @Test("It is never more than what is reserved, or an estimate would promise what admission refuses (U-5)")
  func belowTheBound() {
    var limits = Self.limits
    limits.maxInputTokens = nil
    limits.tokensPerDocumentByte = 4
    let text = Sensitive("Some words of a prompt, é and 漢字 among them.")
    let document = ContentBlock.document(format: "txt", name: Sensitive("n"), bytes: Sensitive(Array("words".utf8)))
    let tool = Tool(name: "f", description: nil, inputSchema: RawJSON(Array("{}".utf8)))
    let schema = ResponseFormat.jsonSchema(name: "n", schema: RawJSON(Array("{}".utf8)), isStrict: true)
    for call in [
      ModelCall.chat(ChatRequest(messages: [Self.user(.text(text))])),
      .chat(ChatRequest(system: [.text(text)], messages: [Self.user(.text(text), document)], tools: [tool])),
      .chat(ChatRequest(messages: [Self.user(.text(text))], responseFormat: schema)),
      .chat(ChatRequest(messages: [Self.user(.reasoning(text: text, signature: "s"), .cachePoint)])),
      .embed(EmbedRequest(inputs: [text, text])),
    ] {
      #expect(InputEstimate.of(call, limits: limits).count <= InputBound.of(call, limits: limits).count)
    }
  }
}
