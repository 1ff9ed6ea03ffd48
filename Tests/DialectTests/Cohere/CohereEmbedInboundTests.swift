import Core
import Dialects
import Testing

@Suite("Cohere's embeddings as applications speak them (D-1, D-2)")
struct CohereEmbedInboundTests {
  private static let v1 = CohereEmbedInbound(.v1)
  private static let v2 = CohereEmbedInbound(.v2)

  @Test("Everything that a request may say is read", arguments: CohereEmbedInbound.Version.allCases)
  func request(version: CohereEmbedInbound.Version) throws {
    let embed = try Exchange.embed(
      CohereEmbedInbound(version),
      #"{"model":"m","texts":["a","b"],"input_type":"search_query","embedding_types":["base64","int8","float"],"#
        + #""output_dimension":256,"truncate":"END","priority":3,"images":[],"inputs":null,"max_tokens":null,"new":1}"#)
    #expect(
      embed
        == EmbedRequest(
          model: "m", inputs: [Sensitive("a"), Sensitive("b")], inputType: "search_query", truncate: "END",
          dimensions: 256, embeddingTypes: ["float", "int8"]))
  }

  @Test("Inputs of one text each are texts")
  func inputs() throws {
    let body =
      #"{"model":"m","inputs":[{"content":[{"type":"text","text":"a"}]},{"content":[{"type":"text","text":"b"}]}]}"#
    #expect(try Exchange.embed(Self.v2, body).inputs == [Sensitive("a"), Sensitive("b")])
    let beside = #"{"texts":[],"inputs":[{"content":[{"type":"text","text":"a"}]}]}"#
    #expect(try Exchange.embed(Self.v2, beside).inputs == [Sensitive("a")])
  }

  @Test(
    "What cannot be expressed, and what is wrong, is refused by name (D-2, F-3)",
    arguments: [
      (#"{"images":["data:image/png;base64,AQID"],"input_type":"image"}"#, "images is not supported"),
      (#"{"texts":["a"],"max_tokens":5}"#, "max_tokens is not supported"),
      (#"{"texts":["a"],"inputs":[{"content":[{"type":"text","text":"a"}]}]}"#, "inputs cannot stand beside texts"),
      (
        #"{"inputs":[{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#,
        "inputs[0].content must hold exactly one text"
      ),
      (#"{"inputs":[{"content":[]}]}"#, "inputs[0].content must hold exactly one text"),
      (
        #"{"inputs":[{"content":[{"type":"text","text":"a"}]},{"content":[{"type":"image_url","image_url":{}}]}]}"#,
        #"inputs[1].content[0].type must be "text"; images"#
      ),
      (#"{"inputs":["a"]}"#, "inputs[0] must be an object"), (#"{"inputs":[{}]}"#, "inputs[0].content is missing"),
      (#"{"inputs":[{"content":[{"type":"text"}]}]}"#, "inputs[0].content[0].text is missing"),
      (#"{}"#, "texts is missing"), (#"{"texts":[]}"#, "texts must hold at least one"),
      (#"{"texts":"a"}"#, "texts must be a list"), (#"{"texts":["a",1]}"#, "texts[1] must be a string"),
      (#"{"texts":["a"],"embedding_types":["float","int4"]}"#, "embedding_types[1] must be one of float, int8"),
      (#"{"texts":["a"],"input_type":"image"}"#, "input_type must be one of search_query"),
      (#"{"texts":["a"],"truncate":"MIDDLE"}"#, "truncate must be one of NONE"),
      (#"{"texts":["a"],"output_dimension":0}"#, "output_dimension must be a whole number from 1"),
      (#"{"texts":["a"],"model":1}"#, "model must be a string"), ("[]", "The body must be a JSON object"),
    ])
  func refusals(_ body: String, _ start: String) throws {
    let problem = try #require(Exchange.refusal(Self.v2, body))
    #expect(problem.message.hasPrefix(start), "\(problem.message)")
  }

  private static let answer = EmbedAnswer(
    vectors: Sensitive([[1, -0.5], [2, 3]]),
    otherTypes: ["int8": RawJSON(Array("[[1],[-2]]".utf8)), "ubinary": RawJSON(Array("[[255],[0]]".utf8))],
    usage: TokenUsage(input: 9))

  private static func answer(_ codec: CohereEmbedInbound, _ member: String) throws -> (head: AnswerHead, body: String) {
    let call = try codec.decode(Exchange.request(#"{"texts":["a","b"]\#(member)}"#))
    return Exchange.answer(call.encoder, [.embedded(answer)], usage: TokenUsage(input: 9))
  }

  private static func meta(_ version: Int) -> String {
    #""meta":{"api_version":{"version":"\#(version)"},"billed_units":{"input_tokens":9}}}"#
  }

  @Test("The first version answers with a plain list where no number form is named")
  func plainList() throws {
    let (head, body) = try Self.answer(Self.v1, "")
    #expect(head.status == 200)
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(head.headers.value(of: "x-amzn-bedrock-input-token-count") == nil)
    #expect(
      body
        == #"{"id":"req-1","response_type":"embeddings_floats","texts":["a","b"],"embeddings":[[1.0,-0.5],[2.0,3.0]],"#
        + Self.meta(1))
  }

  @Test("The second version answers by number form always, with float as the usual one")
  func byType() throws {
    let expected =
      #"{"id":"req-1","response_type":"embeddings_by_type","texts":["a","b"],"embeddings":"#
      + #"{"float":[[1.0,-0.5],[2.0,3.0]]},"#
    #expect(try Self.answer(Self.v2, "").body == expected + Self.meta(2))
    #expect(try Self.answer(Self.v1, #","embedding_types":["float"]"#).body == expected + Self.meta(1))
  }

  @Test("Every number form passes through, and Base64 is the floats' own bytes")
  func numberForms() throws {
    let body = try Self.answer(Self.v2, #","embedding_types":["ubinary","base64","int8"]"#).body
    #expect(
      body.contains(#""embeddings":{"ubinary":[[255],[0]],"base64":["AACAPwAAAL8=","AAAAQAAAQEA="],"int8":[[1],[-2]]}"#)
    )
  }

  @Test("Exhausted is 402, because the client comes again after every 429; contended is 429 (F-1)")
  func failures() throws {
    func answer(_ failure: GatewayFailure) -> WholeAnswer { Self.v2.encode(failure, requestID: Exchange.requestID) }
    let exhausted = answer(.exhausted(message: "Used up.", retryAfter: 86_400))
    #expect(exhausted.head.status == 402)
    #expect(exhausted.head.headers.value(of: "retry-after") == "86400")
    #expect(Exchange.text(exhausted.body) == #"{"id":"req-1","message":"Used up."}"#)
    let contended = answer(.contended(message: "Busy.", retryAfter: 60))
    #expect(contended.head.status == 429)
    #expect(contended.head.headers.value(of: "retry-after") == "5")
    for (failure, status) in [
      (GatewayFailure.unauthenticated(message: "x"), 401), (.forbidden(message: "x"), 403),
      (.notFound(message: "x"), 404), (.invalid(InvalidRequest("x")), 400),
      (.invalid(InvalidRequest("x", isTooLarge: true)), 413), (.overloaded(message: "x", retryAfter: 2), 503),
      (.upstream(UpstreamFailure(.throttled, "x", retryAfter: 7)), 429),
      (.upstream(UpstreamFailure(.unavailable, "x")), 503), (.upstream(UpstreamFailure(.timeout, "x")), 504),
      (.upstream(UpstreamFailure(.rejected, "x")), 400), (.upstream(UpstreamFailure(.garbled, "x")), 502),
      (.unexpected, 500),
    ] {
      #expect(answer(failure).head.status == status)
      #expect(answer(failure).head.headers.value(of: "x-request-id") == "req-1")
    }
    #expect(Self.v2.encodeMidStream(.unexpected, requestID: Exchange.requestID).isEmpty)
  }
}
