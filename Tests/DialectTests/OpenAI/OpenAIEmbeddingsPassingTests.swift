import Core
import Dialects
import Testing

@Suite("Embeddings of OpenAI's clients pass through to servers of their dialect (D-1, D-4)")
struct OpenAIEmbeddingsPassingTests {
  private static func passed(_ body: String, _ outbound: some OutboundCodec) throws -> PassedCall? {
    let decoded = try OpenAIEmbeddingsInbound().decode(Exchange.request(body))
    return decoded.original.flatMap { outbound.passing($0, for: decoded.call, upstreamModel: "up/1") }
  }

  @Test("A request changes in the model's name only; what nobody knows goes along")
  func request() throws {
    let body = #"{"model":"one","input": ["a"], "own":{"x":1.50},"user":"u","encoding_format":"base64"}"#
    let passed = try #require(try Self.passed(body, OpenAIEmbeddingsOutbound()))
    #expect(passed.request.path == "/embeddings")
    #expect(Exchange.text(passed.request.body.reveal()) == body.replacing("one", with: "up/1"))
    #expect(try Self.passed(body, CohereEmbedOutbound()) == nil)
    #expect(try Self.passed(#"{"input":"a","Messages":[]}"#, OpenAIEmbeddingsOutbound()) == nil)
    #expect(Exchange.refusal(OpenAIEmbeddingsInbound(), #"{"input":"a","messages":[]}"#)?.parameter == "messages")
  }

  private static func answer(_ request: String, _ text: String) throws -> String {
    var encoder = try #require(try passed(request, OpenAIEmbeddingsOutbound())).encoder
    var bytes = encoder.relay(Array(text.utf8))
    bytes += encoder.encode(.embedded(EmbedAnswer(vectors: Sensitive([[1, 2]]), usage: TokenUsage(input: 3))))
    #expect(bytes.isEmpty)
    _ = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    return Exchange.text(encoder.finish(usage: TokenUsage(input: 3)))
  }

  private static let base64 = #"{"input":"a","encoding_format":"base64"}"#
  private static let numbers = #"{"input":"a"}"#

  @Test("An answer in the form that was asked for is given untouched")
  func untouched() throws {
    for (request, vector) in [(Self.numbers, "[1.0,2]"), (Self.base64, #""AACAPwAAAEA=""#)] {
      for spacing in ["", " ", "\n  "] {
        let answer =
          #"{"object":"list","data":[{"object":"embedding","index":0,"embedding"\#(spacing):\#(spacing)\#(vector)}],"own":1}"#
        #expect(try Self.answer(request, answer) == answer)
      }
    }
  }

  @Test("Numbers where Base64 was asked for are written anew, because clients read only what they asked for")
  func otherForm() throws {
    let numbers = #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,2]}]}"#
    #expect(try Self.answer(Self.base64, numbers).contains(#""embedding":"AACAPwAAAEA=""#))
    let text = #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAEA="}]}"#
    #expect(try Self.answer(Self.numbers, text).contains(#""embedding":[1.0,2.0]"#))
  }

  @Test("Embeddings in another order than their inputs are written anew, because many clients look at no numbers")
  func otherOrder() throws {
    func list(_ order: [Int]) -> String {
      let data = order.map { #"{"index": \#($0),"embedding":[1.0,2]}"# }.joined(separator: ",")
      return #"{"object":"list","data":[\#(data)]}"#
    }
    #expect(try Self.answer(Self.numbers, list([0, 1, 2])) == list([0, 1, 2]))
    #expect(try Self.answer(Self.numbers, list([2, 1, 0])) != list([2, 1, 0]))
  }
}
