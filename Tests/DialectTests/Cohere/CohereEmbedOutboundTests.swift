import Core
import Dialects
import Testing

@Suite("Cohere's own service as a provider (N-1)")
struct CohereEmbedOutboundTests {
  private static let outbound = CohereEmbedOutbound()

  private static func call(_ types: [String] = []) -> ModelCall {
    .embed(EmbedRequest(inputs: [Sensitive("a"), Sensitive("b")], embeddingTypes: types))
  }

  @Test("The model stands in the body, and a number form is always named")
  func request() throws {
    let plain = try Self.outbound.request(for: Self.call(), upstreamModel: "embed-v4.0")
    #expect(plain.method == "POST" && plain.path == "/v2/embed")
    #expect(plain.headers.value(of: "content-type") == "application/json")
    #expect(
      Exchange.text(plain.body.reveal())
        == #"{"model":"embed-v4.0","texts":["a","b"],"input_type":"search_document","embedding_types":["float"]}"#)
    let whole = EmbedRequest(
      inputs: [Sensitive("a")], inputType: "clustering", truncate: "START", dimensions: 256,
      embeddingTypes: ["int8", "ubinary"])
    #expect(
      Exchange.text(try Self.outbound.request(for: .embed(whole), upstreamModel: "m").body.reveal())
        == #"{"model":"m","texts":["a"],"input_type":"clustering","truncate":"START","#
        + #""embedding_types":["int8","ubinary"],"output_dimension":256}"#)
  }

  @Test("A chat is refused")
  func chat() {
    let problem = #expect(throws: InvalidRequest.self) {
      try Self.outbound.request(for: .chat(ChatRequest(messages: [])), upstreamModel: "m")
    }
    #expect(problem?.message.contains("cannot answer chats") == true)
  }

  private static func decode(_ answer: String, types: [String] = [], cuts: [Int] = []) throws -> EmbedAnswer? {
    let events = try Exchange.decode(outbound.decoder(for: call(types)), Array(answer.utf8), cuts: cuts)
    guard events.count == 1, case .embedded(let answer) = events[0] else { return nil }
    return answer
  }

  @Test("Vectors and billed tokens are read, however the answer is split")
  func answers() throws {
    let answer =
      #"{"id":"x","texts":["a","b"],"embeddings":{"float":[[1,2],[3,4.5]],"int8":[[1],[-2]]},"#
      + #""response_type":"embeddings_by_type","meta":{"api_version":{"version":"2"},"billed_units":{"input_tokens":7.0}}}"#
    let expected = EmbedAnswer(
      vectors: Sensitive([[1, 2], [3, 4.5]]), otherTypes: ["int8": RawJSON(Array("[[1],[-2]]".utf8))],
      usage: TokenUsage(input: 7))
    for cut in 0...answer.utf8.count {
      #expect(try Self.decode(answer, types: ["float", "int8"], cuts: [cut]) == expected)
    }
    let silent = try Self.decode(#"{"embeddings":{"float":[[1],[2]]},"meta":{"billed_units":{"images":1}}}"#)
    #expect(silent?.usage == nil)
  }

  @Test("Floats in Base64 are vectors too, which a request that passed through may have asked for")
  func base64() throws {
    let answer = #"{"embeddings":{"base64":["AACAPwAAAL8=","AAAAQAAAQEA="]}}"#
    #expect(try Self.decode(answer, types: ["float"])?.vectors.reveal() == [[1, -0.5], [2, 3]])
  }

  @Test(
    "Requests in Cohere's dialect go on as they came, with the provider's name of the model, in their own version (D-1, D-4)",
    arguments: CohereEmbedInbound.Version.allCases)
  func passing(version: CohereEmbedInbound.Version) throws {
    let body = #"{"texts": ["a"], "model":"m", "embedding_types":["base64"], "new":{"a":1.50}}"#
    let decoded = try CohereEmbedInbound(version).decode(Exchange.request(body))
    let original = try #require(decoded.original)
    let passed = try #require(Self.outbound.passing(original, for: decoded.call, upstreamModel: "up"))
    #expect(passed.request.path == "/v\(version.rawValue)/embed")
    #expect(
      Exchange.text(passed.request.body.reveal())
        == #"{"texts": ["a"], "model":"up", "embedding_types":["base64"], "new":{"a":1.50}}"#)
    var encoder = passed.encoder
    #expect(encoder.relay(Array(#"{"id": "#.utf8)).isEmpty && encoder.relay(Array(#""x"}"#.utf8)).isEmpty)
    let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.status == 200 && head.headers.value(of: "x-request-id") == "req-1")
    #expect(Exchange.text(encoder.finish(usage: .zero)) == #"{"id": "x"}"#)
    #expect(BedrockInvokeCohereOutbound().passing(original, for: decoded.call, upstreamModel: "up") == nil)
  }

  @Test(
    "An answer that lacks what was asked for is garbled",
    arguments: [
      "{}", #"{"embeddings":{"float":[[1]]}}"#, #"{"embeddings":{"float":[[1],[2]],"int8":[[1]]}}"#,
      #"{"embeddings":{"float":[[1],[2]]}}"#, #"{"embeddings":{"int8":[[1],[2]]}}"#, #"{"embeddings":[["#,
    ])
  func garbled(_ answer: String) {
    let failure = #expect(throws: UpstreamFailure.self) { try Self.decode(answer, types: ["float", "int8"]) }
    #expect(failure?.kind == .garbled)
  }

  @Test(
    "Failures are told by status, with the provider's hint when to come again and none of its words (F-2)",
    arguments: [
      (400, UpstreamFailure.Kind.rejected), (401, .misconfigured), (402, .misconfigured), (403, .misconfigured),
      (404, .misconfigured), (408, .timeout), (422, .rejected), (429, .throttled), (498, .misconfigured),
      (499, .timeout), (500, .unavailable), (501, .unavailable), (503, .unavailable), (504, .timeout),
    ])
  func failures(status: Int, kind: UpstreamFailure.Kind) {
    let failure = Self.outbound.failure(
      status: status, headers: [HTTPField("Retry-After", "12")], body: Array(#"{"message":"xyzzy"}"#.utf8))
    #expect(failure.kind == kind)
    #expect(failure.retryAfter == 12)
    #expect(failure.message.contains(String(status)) && !failure.message.contains("xyzzy"))
  }

  @Test("A text that is too long is told as that")
  func hint() {
    let failure = Self.outbound.failure(
      status: 400, headers: [], body: Array(#"{"message":"invalid request: text 0 is too long: too many tokens"}"#.utf8)
    )
    #expect(failure.message.contains("longer than the model takes"))
    let garbage = Self.outbound.failure(status: 400, headers: [], body: Array("<html>".utf8))
    #expect(garbage.kind == .rejected)
  }
}
