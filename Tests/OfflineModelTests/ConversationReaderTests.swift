import Core
import Testing

@testable import OfflineModels

private func user(_ blocks: ContentBlock...) -> Message { Message(role: .user, content: blocks) }
private func text(_ text: String) -> ContentBlock { .text(Sensitive(text)) }
private func document(_ format: String, _ name: String, _ content: String) -> ContentBlock {
  .document(format: format, name: Sensitive(name), bytes: Sensitive(Array(content.utf8)))
}

@Suite("What the extractive model reads (C-5, D-2, F-3)")
struct ConversationReaderTests {
  private func plan(_ request: ChatRequest) throws -> ExtractiveModel.Plan {
    try ExtractiveModel(tokenizer: SmallVocabulary.tokenizer.get()).plan(request)
  }

  private func quotable(_ request: ChatRequest) throws -> [String] {
    try plan(request).sentences.map { "\($0.source): \($0.text)" }
  }

  @Test("Context is everything of the caller but the question, each with the name of its source")
  func sources() throws {
    let request = ChatRequest(
      system: [.text(Sensitive("Be a. Be b."))],
      messages: [
        user(text("Earlier a. And b?")),
        Message(
          role: .assistant,
          content: [text("An answer."), .toolUse(id: "t1", name: "look_up", input: RawJSON(Array(#"{"a":1}"#.utf8)))]),
        user(
          .toolResult(
            id: "t1",
            content: [.json(RawJSON(Array(#"{"price":12,"name":"a\nb"}"#.utf8))), .text(Sensitive("Found."))],
            isError: false)),
        user(
          document("txt", "hand\nbook.txt", "Page a.\nPage b."),
          document("html", "x.html", "<head><title>t</title></head><p>One &amp; two</p><script>no()</script>"),
          text("Some c. What is a? Thanks.")),
      ])
    #expect(
      try quotable(request) == [
        "system prompt: Be a.", "system prompt: Be b.", "message 1: Earlier a.", "message 1: And b?",
        "result of look_up: price: 12", "result of look_up: name: a", "result of look_up: b",
        "result of look_up: Found.", "hand book.txt: Page a.", "hand book.txt: Page b.", "x.html: One & two",
        "message 4: Some c.", "message 4: Thanks.",
      ])
  }

  @Test("Without a question mark the turn is the question where there is other context, else its last sentence")
  func questionWithoutMark() throws {
    let alone = ChatRequest(messages: [user(text("A is b. C is a. Tell me about a"))])
    #expect(try quotable(alone) == ["message 1: A is b.", "message 1: C is a."])
    var withContext = alone
    withContext.system = [.text(Sensitive("B is c."))]
    #expect(try quotable(withContext) == ["system prompt: B is c."])
    #expect(try quotable(ChatRequest(messages: [user(text("a"))])).isEmpty)
  }

  @Test("A turn that only brings tool results answers the question of the turn before")
  func toolResultTurn() throws {
    let request = ChatRequest(messages: [
      user(text("What is a?")),
      Message(role: .assistant, content: [.toolUse(id: "t", name: "f", input: RawJSON(Array("{}".utf8)))]),
      user(.toolResult(id: "t", content: [.text(Sensitive("A is b."))], isError: false)),
    ])
    #expect(try quotable(request) == ["result of f: A is b."])
  }

  @Test("Input tokens are the pieces of every text, also of those that are not quoted (U-5)")
  func counting() throws {
    let tokenizer = try SmallVocabulary.tokenizer.get()
    let request = ChatRequest(
      system: [.text(Sensitive("a b c")), .cachePoint],
      messages: [
        user(text("a?")), Message(role: .assistant, content: [text("a b")]),
        user(document("TXT", "ab", "abc abc"), text("b?")),
      ])
    #expect(try ExtractiveModel(tokenizer: tokenizer).countInput(request) == 3 + 2 + 2 + 1 + 2 + 2)
  }

  @Test("Sentences longer than the encoder takes are compared in parts, none is cut")
  func longSentence() throws {
    let words = Array(repeating: "abc", count: 1_000)
    let request = ChatRequest(messages: [user(text(words.joined(separator: " ") + ".\nWhat is a?"))])
    let plan = try plan(request)
    #expect(plan.texts.allSatisfy { $0.count <= MiniLM.maximumTokens })
    #expect(plan.texts.dropFirst().reduce(0) { $0 + $1.count - 2 } <= 1_001)
    let dense = String(repeating: "日", count: 600)
    let parts = try self.plan(ChatRequest(messages: [user(text(dense + "\nWhat is a?"))]))
    #expect(parts.sentences.map(\.text).joined().count <= 600 && parts.texts.allSatisfy { $0.count <= 256 })
  }

  @Test("What a quotation cannot do is refused, and the sentence names it")
  func refusals() throws {
    let ask = [user(text("What is a?"))]
    let tool = Tool(name: "f", description: nil, inputSchema: RawJSON(Array("{}".utf8)))
    let cases: [(ChatRequest, String)] = [
      (ChatRequest(messages: ask, tools: [tool]), "tools"),
      (ChatRequest(messages: ask, tools: [tool], toolChoice: .auto), "tools"),
      (ChatRequest(messages: ask, toolChoice: .any), "tool"),
      (ChatRequest(messages: ask, toolChoice: .tool("f")), "tool"),
      (ChatRequest(messages: ask, reasoning: ReasoningRequest(budget: 1_024)), "reason"),
      (ChatRequest(messages: ask, responseFormat: .jsonObject), "JSON"),
      (
        ChatRequest(
          messages: ask, responseFormat: .jsonSchema(name: "n", schema: RawJSON([]), isStrict: true)), "JSON"
      ),
      (ChatRequest(messages: [user(.image(format: "png", bytes: Sensitive([])), text("a?"))]), "images"),
      (ChatRequest(messages: [user(document("pdf", "a", "x"), text("a?"))]), "TXT, MD, CSV, HTML"),
      (
        ChatRequest(messages: [
          user(.document(format: "txt", name: Sensitive("a"), bytes: Sensitive([0xFF])), text("a?"))
        ]), "UTF-8"
      ),
      (
        ChatRequest(messages: [
          user(text("a?")), Message(role: .assistant, content: [.redactedReasoning(Sensitive([]))]), user(text("b?")),
        ]), "messages[1].content[0]|reasoning"
      ),
      (ChatRequest(messages: []), "last message"),
      (ChatRequest(messages: [Message(role: .assistant, content: [text("a")])]), "last message"),
      (ChatRequest(messages: [user(text(" \n"))]), "question"),
      (ChatRequest(messages: ask, inference: InferenceParameters(maxTokens: 0)), "maxTokens"),
      (ChatRequest(messages: [user(text(String(repeating: "a ", count: 300) + "?"))]), "254"),
      (ChatRequest(messages: [user(text(String(repeating: "a ", count: 40_000))), ask[0]]), "32768"),
      (ChatRequest(messages: [user(text(String(repeating: " ", count: 600_000))), ask[0]]), "524288"),
      (ChatRequest(messages: [user(text(distinctLines(5_000))), ask[0]]), "4096"),
    ]
    for (request, words) in cases {
      let error = #expect(throws: InvalidRequest.self, "\(words)") { try plan(request) }
      for word in words.split(separator: "|") {
        let told = "\(error?.parameter ?? "") \(error?.message ?? "")"
        #expect(told.contains(word), "\(told)")
      }
    }
    // Tools that must not be used change nothing.
    #expect(throws: Never.self) { try plan(ChatRequest(messages: ask, tools: [tool], toolChoice: ToolChoice.none)) }
  }

  @Test("Nothing that was read prints what it holds (V-2)")
  func redaction() throws {
    let canary = "canary"
    let request = ChatRequest(messages: [user(document("txt", canary, "\(canary) sings. b"), text("\(canary) c?"))])
    let plan = try plan(request)
    #expect(plan.sentences.first?.text.contains(canary) == true, "the canary is there to be found")
    let conversation = try ConversationReader.read(request)
    let answer = ExtractiveAnswer(words: [canary], stopReason: .endOfTurn, usage: .zero)
    for value in [plan, plan.sentences[0], conversation, conversation.passages[0], answer] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      for printed in ["\(value)", String(reflecting: value), dumped] { #expect(!printed.contains(canary)) }
    }
  }

  private func distinctLines(_ count: Int) -> String {
    (0..<count).map { "a\(String($0, radix: 2)).\n" }.joined()
  }
}
