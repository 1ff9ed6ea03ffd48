import Core
import Foundation
import Testing

@testable import Dialects

@Suite("Bedrock's question how many tokens a call has")
struct BedrockTokenCountTests {
  private static let inbound = BedrockTokenCountInbound()
  private static let outbound = BedrockTokenCountOutbound()

  private static func decode(_ body: String) throws -> ModelCall {
    try inbound.decode(Exchange.request(body, parameters: ["modelId": "m"])).call
  }

  private static func invoke(_ body: String) -> String {
    #"{"input":{"invokeModel":{"body":"\#(Data(body.utf8).base64EncodedString())"}}}"#
  }

  @Test("The call stands in it as Converse has it")
  func converse() throws {
    let body =
      #"{"input":{"converse":{"system":[{"text":"s"}],"messages":[{"role":"user","content":[{"text":"x"}]}],"#
      + #""toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}]}}}}"#
    guard case .chat(let chat) = try Self.decode(body) else { throw Exchange.Mismatch() }
    #expect(chat.model == "m" && chat.system == [.text(Sensitive("s"))] && chat.tools.map(\.name) == ["f"])
    #expect(chat.messages == [Message(role: .user, content: [.text(Sensitive("x"))])])
  }

  @Test("Or as the body of InvokeModel: a message of Claude's, or texts for Cohere's models")
  func invokeModel() throws {
    let claude = #"{"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"x"}]}"#
    guard case .chat(let chat) = try Self.decode(Self.invoke(claude)) else { throw Exchange.Mismatch() }
    #expect(chat.model == "m")
    #expect(chat.messages == [Message(role: .user, content: [.text(Sensitive("x"))])])
    let cohere = #"{"texts":["a","b"],"input_type":"search_query"}"#
    guard case .embed(let embed) = try Self.decode(Self.invoke(cohere)) else { throw Exchange.Mismatch() }
    #expect(embed.model == "m" && embed.inputs == [Sensitive("a"), Sensitive("b")])
  }

  @Test(
    "What is wrong is refused with its place (F-3)",
    arguments: [
      ("{}", "input is missing"), (#"{"input":{}}"#, "input must hold either"),
      (#"{"input":{"converse":{"messages":[]},"invokeModel":{"body":""}}}"#, "input must hold either"),
      (#"{"input":{"converse":{"messages":[]}}}"#, "input.converse.messages must hold"),
      (#"{"input":{"invokeModel":{}}}"#, "input.invokeModel.body is missing"),
      (#"{"input":{"invokeModel":{"body":"@"}}}"#, "input.invokeModel.body is not valid Base64"),
      (invoke("no"), "The body is not valid JSON"), (invoke(#"{"messages":[]}"#), "messages must hold"),
    ])
  func refusals(_ body: String, _ start: String) {
    let problem = #expect(throws: InvalidRequest.self) { try Self.decode(body) }
    #expect(problem?.message.hasPrefix(start) == true, "\(problem?.message ?? "")")
  }

  @Test("A number is answered, and an estimate says that it is one")
  func answer() {
    let exact = Self.inbound.encode(InputCount(42, isEstimated: false), requestID: Exchange.requestID)
    #expect(Exchange.text(exact.body) == #"{"inputTokens":42}"#)
    #expect(exact.head.headers.value(of: "x-amzn-requestid") == "req-1")
    #expect(exact.head.headers.value(of: "x-packhouse-estimated") == nil)
    let likely = Self.inbound.encode(InputCount(42, isEstimated: true), requestID: Exchange.requestID)
    #expect(likely.head.headers.value(of: "x-packhouse-estimated") == "true")
    let failure = Self.inbound.encode(.notFound(message: "No."), requestID: Exchange.requestID)
    #expect(failure.head.headers.value(of: "x-amzn-errortype") == "ResourceNotFoundException")
  }

  @Test("The provider is asked about the input alone, by the model rather than by its inference profile")
  func request() throws {
    let chat = ChatRequest(
      system: [.text(Sensitive("s"))], messages: [Message(role: .user, content: [.text(Sensitive("x"))])],
      inference: InferenceParameters(maxTokens: 5, temperature: 0.5), reasoning: ReasoningRequest(budget: 1_024))
    let request = try Self.outbound.request(for: .chat(chat), upstreamModel: "eu.anthropic.claude-haiku-4-5-v1:0")
    #expect(request.path == "/model/anthropic.claude-haiku-4-5-v1%3A0/count-tokens")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"x"}]}],"system":[{"text":"s"}],"#
        + #""additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}}}}"#)
  }

  @Test(
    "An inference profile is known by its geography; everything else stays",
    arguments: [
      ("eu.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6"),
      ("global.anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6-v1"),
      ("anthropic.claude-3-sonnet-20240229-v1:0", "anthropic.claude-3-sonnet-20240229-v1:0"),
      ("eu.model", "eu.model"), ("model", "model"), ("", ""),
      (
        "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-6",
        "anthropic.claude-sonnet-4-6"
      ),
      (
        "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc",
        "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc"
      ),
      (
        "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0",
        "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0"
      ),
    ])
  func profiles(_ id: String, _ model: String) {
    #expect(BedrockTokenCountOutbound.foundationModel(id) == model)
  }

  @Test("A model that cannot be counted for is told apart from a call that is wrong")
  func failures() {
    func kind(_ status: Int, _ message: String) -> UpstreamFailure.Kind {
      Self.outbound.failure(
        status: status, headers: [HTTPField("x-amzn-errortype", "ValidationException")],
        body: Array(#"{"message":"\#(message)"}"#.utf8)
      ).kind
    }
    #expect(kind(400, "The provided model doesn't support counting tokens.") == .misconfigured)
    #expect(kind(400, "Something nobody has seen.") == .misconfigured)
    #expect(kind(400, "roles must alternate between user and assistant") == .rejected)
    let throttled = Self.outbound.failure(
      status: 429, headers: [HTTPField("x-amzn-errortype", "ThrottlingException")], body: [])
    #expect(throttled.kind == .throttled)
  }

  @Test("The provider's number is read, and anything else is garbled")
  func count() throws {
    #expect(try Self.outbound.count(in: Array(#"{"inputTokens":15}"#.utf8)) == 15)
    let failure = #expect(throws: UpstreamFailure.self) { try Self.outbound.count(in: Array("{}".utf8)) }
    #expect(failure?.kind == .garbled)
  }
}
