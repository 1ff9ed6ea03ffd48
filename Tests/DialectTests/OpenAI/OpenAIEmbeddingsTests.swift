import Core
import Dialects
import Testing

@Suite("Embeddings in OpenAI's dialect")
struct OpenAIEmbeddingsTests {
  private static let vectors: [[Float]] = [[1, -0.5, 1e-7], [0.1, 3, 16_777_216]]

  private static func answer(_ body: String) throws -> (head: AnswerHead, body: String) {
    let call = try OpenAIEmbeddingsInbound().decode(Exchange.request(body))
    let event = ModelEvent.embedded(EmbedAnswer(vectors: Sensitive(vectors), usage: TokenUsage(input: 8)))
    return Exchange.answer(call.encoder, [event], usage: TokenUsage(input: 8))
  }

  @Test("A string and a list of strings are taken, with dimensions")
  func inputs() throws {
    let one = try Exchange.embed(OpenAIEmbeddingsInbound(), #"{"model":"m","input":"a"}"#)
    #expect(one == EmbedRequest(model: "m", inputs: [Sensitive("a")]))
    let two = try Exchange.embed(OpenAIEmbeddingsInbound(), #"{"input":["a","b"],"dimensions":256}"#)
    #expect(two == EmbedRequest(inputs: [Sensitive("a"), Sensitive("b")], dimensions: 256))
  }

  @Test(
    "Token lists and wrong inputs are refused",
    arguments: [
      (#"{"input":[1,2]}"#, "input must be a string or a list of strings; lists of tokens are not supported"),
      (#"{"input":[[1],[2]]}"#, "input must be a string or a list of strings; lists of tokens"),
      (#"{"input":[]}"#, "input must hold at least one"), (#"{"input":["a",null]}"#, "input[1] must be a string"),
      (#"{}"#, "input is missing"), (#"{"input":7}"#, "input must be a string or a list"),
      (#"{"input":"a","encoding_format":"hex"}"#, "encoding_format must be"),
      (#"{"input":"a","dimensions":0}"#, "dimensions must be a whole number"),
    ])
  func refusals(_ body: String, _ start: String) throws {
    let problem = try #require(Exchange.refusal(OpenAIEmbeddingsInbound(), body))
    #expect(problem.message.hasPrefix(start))
  }

  @Test("Vectors are written as numbers")
  func floats() throws {
    let (head, body) = try Self.answer(#"{"input":["a","b"]}"#)
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(
      body
        == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,-0.5,1e-07]},"#
        + #"{"object":"embedding","index":1,"embedding":[0.1,3.0,16777216.0]}],"model":"model-x","#
        + #""usage":{"prompt_tokens":8,"total_tokens":8}}"#)
  }

  @Test("Vectors are written as little-endian float32 in Base64")
  func base64() throws {
    let body = try Self.answer(#"{"input":["a","b"],"encoding_format":"base64"}"#).body
    // 1.0 is 3F800000, -0.5 is BF000000, 1e-7 is 33D6BF95.
    let expected = Base64.encode([0, 0, 0x80, 0x3F, 0, 0, 0, 0xBF, 0x95, 0xBF, 0xD6, 0x33])
    #expect(body.contains(#""index":0,"embedding":"\#(Exchange.text(expected))""#))
  }

  @Test("The request to a server asks for floats")
  func request() throws {
    let embed = EmbedRequest(inputs: [Sensitive("a\"")], inputType: "search_query", dimensions: 3)
    let request = try OpenAIEmbeddingsOutbound().request(for: .embed(embed), upstreamModel: "up")
    #expect(request.path == "/embeddings")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"model":"up","input":["a\""],"encoding_format":"float","dimensions":3}"#)
    #expect(throws: InvalidRequest.self) {
      try OpenAIEmbeddingsOutbound().request(
        for: .embed(EmbedRequest(inputs: [], embeddingTypes: ["int8"])), upstreamModel: "up")
    }
  }

  @Test("What we answer reads back the same through the outbound codec, in both spellings and any order")
  func roundTrip() throws {
    let call = ModelCall.embed(EmbedRequest(inputs: [Sensitive("a"), Sensitive("b")]))
    let expected = [
      ModelEvent.embedded(EmbedAnswer(vectors: Sensitive(Self.vectors), usage: TokenUsage(input: 8)))
    ]
    for format in ["float", "base64"] {
      let body = try Self.answer(#"{"input":["a","b"],"encoding_format":"\#(format)"}"#).body
      let decoder = OpenAIEmbeddingsOutbound().decoder(for: call)
      #expect(try Exchange.decode(decoder, Array(body.utf8), cuts: [9]) == expected)
    }
    let reversed =
      #"{"data":[{"index":1,"embedding":[0.1,3,1.6777216e7]},{"index":0,"embedding":[1,-0.5,1E-7]}],"#
      + #""usage":{"prompt_tokens":8}}"#
    #expect(try Exchange.decode(OpenAIEmbeddingsOutbound().decoder(for: call), Array(reversed.utf8)) == expected)
  }

  @Test(
    "Missing and wrong vectors are garbled",
    arguments: [
      "{}", #"{"data":[]}"#, #"{"data":[{"index":5,"embedding":[1]}]}"#, #"{"data":[{"index":0,"embedding":["x"]}]}"#,
      #"{"data":[{"index":0,"embedding":"AAA="}]}"#,
    ])
  func garbled(_ answer: String) {
    let decoder = OpenAIEmbeddingsOutbound().decoder(for: .embed(EmbedRequest(inputs: [Sensitive("a")])))
    let failure = #expect(throws: UpstreamFailure.self) { try Exchange.decode(decoder, Array(answer.utf8)) }
    #expect(failure?.kind == .garbled)
  }
}
