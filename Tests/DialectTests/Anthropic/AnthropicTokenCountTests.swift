import Core
import Dialects
import Testing

@Suite("Anthropic's question how many tokens a message has")
struct AnthropicTokenCountTests {
  private static let inbound = AnthropicTokenCountInbound()
  private static let outbound = AnthropicTokenCountOutbound()

  static let question =
    #"{"model":"m","system":"s","messages":[{"role":"user","content":"x"}],"#
    + #""tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"any"},"#
    + #""thinking":{"type":"enabled","budget_tokens":2048},"later":{"a":1}}"#

  @Test("It is read like a message, but need not say how long the answer may be")
  func decode() throws {
    let counted = try Self.inbound.decode(Exchange.request(Self.question))
    guard case .chat(let chat) = counted.call else { throw Exchange.Mismatch() }
    #expect(chat.model == "m" && chat.inference.maxTokens == nil)
    #expect(chat.system == [.text(Sensitive("s"))])
    #expect(chat.messages == [Message(role: .user, content: [.text(Sensitive("x"))])])
    #expect(chat.tools.map(\.name) == ["f"] && chat.toolChoice == .any)
    #expect(chat.reasoning == ReasoningRequest(budget: 2_048))
    // The control: a message itself must say it.
    #expect(Exchange.refusal(AnthropicMessagesInbound(), Self.question)?.parameter == "max_tokens")
  }

  @Test("What is wrong is refused with its place (F-3)")
  func refusals() {
    for (body, start) in [
      (#"{"messages":[]}"#, "messages must hold"), (#"{"model":"m"}"#, "messages is missing"),
      (#"{"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled","budget_tokens":5}}"#, "thinking."),
      ("{", "The body is not valid JSON"),
    ] {
      let problem = #expect(throws: InvalidRequest.self) { try Self.inbound.decode(Exchange.request(body)) }
      #expect(problem?.message.hasPrefix(start) == true, "\(problem?.message ?? "")")
    }
  }

  @Test("A number is answered, and an estimate says that it is one")
  func answer() {
    let exact = Self.inbound.encode(InputCount(42, isEstimated: false), requestID: Exchange.requestID)
    #expect(exact.head.status == 200)
    #expect(exact.head.headers.value(of: "request-id") == "req-1")
    #expect(exact.head.headers.value(of: "x-request-id") == "req-1")
    #expect(exact.head.headers.value(of: "x-packhouse-estimated") == nil)
    #expect(Exchange.text(exact.body) == #"{"input_tokens":42}"#)
    let likely = Self.inbound.encode(InputCount(42, isEstimated: true), requestID: Exchange.requestID)
    #expect(likely.head.headers.value(of: "x-packhouse-estimated") == "true")
    let failure = Self.inbound.encode(.notFound(message: "No."), requestID: Exchange.requestID)
    #expect(failure.head.status == 404 && Exchange.text(failure.body).contains("not_found_error"))
  }

  @Test("The provider is asked about the input alone: nothing of the answer's length or form goes along")
  func request() throws {
    let chat = ChatRequest(
      system: [.text(Sensitive("s"))], messages: [Message(role: .user, content: [.text(Sensitive("x"))])],
      inference: InferenceParameters(maxTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ["y"]),
      tools: [Tool(name: "f", description: nil, inputSchema: RawJSON(Array("{}".utf8)))], toolChoice: .auto,
      isStreaming: true)
    let request = try Self.outbound.request(for: .chat(chat), upstreamModel: "up")
    #expect(request.path == "/v1/messages/count_tokens")
    #expect(request.headers.value(of: "anthropic-version") == "2023-06-01")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"model":"up","system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":["#
        + #"{"type":"text","text":"x"}]}],"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"auto"}}"#)
    #expect(throws: InvalidRequest.self) {
      try Self.outbound.request(for: .embed(EmbedRequest(inputs: [Sensitive("a")])), upstreamModel: "up")
    }
  }

  @Test("A question in the same dialect goes on as it came, with the provider's name of the model (D-1, D-4)")
  func passing() throws {
    let headers = [
      HTTPField("Anthropic-Version", "2024-01-01"), HTTPField("Anthropic-Beta", "effort-b"), HTTPField("X-Y", "z"),
    ]
    let counted = try Self.inbound.decode(Exchange.request(Self.question, headers: headers))
    let original = try #require(counted.original)
    let passed = try #require(Self.outbound.passing(original, upstreamModel: "up"))
    #expect(passed.path == "/v1/messages/count_tokens")
    #expect(passed.headers.filter { $0.name.lowercased() == "anthropic-version" }.map(\.value) == ["2024-01-01"])
    #expect(passed.headers.value(of: "anthropic-beta") == "effort-b" && passed.headers.value(of: "x-y") == nil)
    #expect(Exchange.text(passed.body.reveal()) == Self.question.replacing(#""model":"m""#, with: #""model":"up""#))
    #expect(BedrockTokenCountOutbound().passing(original, upstreamModel: "up") == nil)
  }

  @Test("The provider's number is read, and anything else is garbled")
  func count() throws {
    #expect(try Self.outbound.count(in: Array(#"{"input_tokens":2095,"more":1}"#.utf8)) == 2_095)
    for body in ["", "{}", "[1]", #"{"input_tokens":-1}"#, #"{"input_tokens":"7"}"#, #"{"input_tokens":1.5}"#] {
      let failure = #expect(throws: UpstreamFailure.self) { try Self.outbound.count(in: Array(body.utf8)) }
      #expect(failure?.kind == .garbled)
    }
    let missing = Self.outbound.failure(status: 404, headers: [], body: [])
    #expect(missing.kind == .misconfigured)
    let wrong = #"{"type":"error","error":{"type":"invalid_request_error","message":"roles must alternate"}}"#
    #expect(Self.outbound.failure(status: 400, headers: [], body: Array(wrong.utf8)).kind == .rejected)
  }
}
