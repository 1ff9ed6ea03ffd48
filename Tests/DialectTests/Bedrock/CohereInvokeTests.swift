import Core
import Dialects
import Testing

@Suite("Cohere's embeddings models behind Bedrock")
struct CohereInvokeTests {
  private static let call = ModelCall.embed(EmbedRequest(inputs: [Sensitive("a"), Sensitive("b")]))
  private static let tokens = [HTTPField("X-Amzn-Bedrock-Input-Token-Count", "7")]

  private static func decode(_ answer: String, headers: [HTTPField] = []) throws -> [ModelEvent] {
    let decoder = BedrockInvokeCohereOutbound().decoder(for: call)
    return try Exchange.decode(decoder, Array(answer.utf8), cuts: [1], headers: headers)
  }

  @Test("Requests have Cohere's body, with an input type where the caller's dialect has none")
  func request() throws {
    let outbound = BedrockInvokeCohereOutbound()
    let plain = try outbound.request(for: Self.call, upstreamModel: "cohere.embed-v4:0")
    #expect(plain.path == "/model/cohere.embed-v4%3A0/invoke")
    #expect(Exchange.text(plain.body.reveal()) == #"{"texts":["a","b"],"input_type":"search_document"}"#)
    let embed = EmbedRequest(
      inputs: [Sensitive("a")], inputType: "search_query", truncate: "END", dimensions: 256,
      embeddingTypes: ["float", "int8"])
    #expect(
      Exchange.text(try outbound.request(for: .embed(embed), upstreamModel: "m").body.reveal())
        == #"{"texts":["a"],"input_type":"search_query","truncate":"END","embedding_types":["float","int8"],"#
        + #""output_dimension":256}"#)
  }

  @Test("Answers of both kinds are read, tokens from the head before the body's own")
  func answers() throws {
    let expected = [
      ModelEvent.embedded(EmbedAnswer(vectors: Sensitive([[1, 2], [3, 4]]), usage: TokenUsage(input: 7)))
    ]
    let list = #"{"id":"x","embeddings":[[1,2],[3,4.0]],"response_type":"embeddings_floats","texts":["a","b"]}"#
    #expect(try Self.decode(list, headers: Self.tokens) == expected)
    let typed = #"{"embeddings":{"float":[[1,2],[3,4]]},"meta":{"billed_units":{"input_tokens":9}}}"#
    #expect(try Self.decode(typed, headers: Self.tokens) == expected)
    guard case .embedded(let billed)? = try Self.decode(typed).first else { throw Exchange.Mismatch() }
    #expect(billed.usage == TokenUsage(input: 9))
    guard case .embedded(let other)? = try Self.decode(#"{"embeddings":{"int8":[[1],[-2]]}}"#).first else {
      throw Exchange.Mismatch()
    }
    #expect(other.vectors.reveal().isEmpty)
    #expect(other.otherTypes == ["int8": RawJSON(Array("[[1],[-2]]".utf8))])
  }

  @Test(
    "Answers that lack vectors are garbled",
    arguments: ["{}", #"{"embeddings":[[1]]}"#, #"{"embeddings":{"new":[]}}"#, #"{"embeddings":[[1],["x"]]}"#])
  func garbled(_ answer: String) {
    let failure = #expect(throws: UpstreamFailure.self) { try Self.decode(answer) }
    #expect(failure?.kind == .garbled)
  }
}
