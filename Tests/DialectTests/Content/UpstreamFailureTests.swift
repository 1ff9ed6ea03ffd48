import Core
import Dialects
import Testing

@Suite("Providers' errors are understood, and never quoted but to the caller whose request was refused")
struct UpstreamFailureTests {
  @Test(
    "Errors of OpenAI-compatible servers by status",
    arguments: [
      (429, UpstreamFailure.Kind.throttled), (500, .unavailable), (502, .unavailable), (503, .unavailable),
      (529, .unavailable), (408, .timeout), (504, .timeout), (400, .rejected), (413, .rejected), (422, .rejected),
      (401, .misconfigured), (403, .misconfigured), (404, .misconfigured), (302, .garbled),
    ])
  func openAI(_ status: Int, _ kind: UpstreamFailure.Kind) {
    let failure = OpenAIChatOutbound().failure(
      status: status, headers: [HTTPField("Retry-After", "2.5")], body: Array("<html>secret</html>".utf8))
    #expect(failure.kind == kind)
    #expect(failure.retryAfter == 3)
    #expect(failure.message.contains("\(status)"))
    #expect(!failure.message.contains("secret"))
  }

  @Test("An exhausted account of ours is not the caller's rate limit")
  func exhaustedAccount() {
    let body = Array(#"{"error":{"message":"secret","type":"insufficient_quota","code":"insufficient_quota"}}"#.utf8)
    #expect(OpenAIChatOutbound().failure(status: 429, headers: [], body: body).kind == .misconfigured)
  }

  @Test("A refusal's usual subjects are named, with the error code but not its words")
  func hints() {
    func message(_ code: String, _ text: String) -> String {
      let body = #"{"error":{"message":"\#(text)","code":"\#(code)"}}"#
      return OpenAIEmbeddingsOutbound().failure(status: 400, headers: [], body: Array(body.utf8)).message
    }
    #expect(
      message("context_length_exceeded", "This model's maximum context length is 8 tokens")
        == "The provider refused the request (400, context_length_exceeded): the input is longer than the model takes.")
    #expect(message("not a code: secret", "secret") == "The provider refused the request (400).")
  }

  @Test(
    "Bedrock's errors by type, in the header or the body",
    arguments: [
      (400, "ThrottlingException", UpstreamFailure.Kind.throttled),
      (429, "ThrottlingException:http://internal.amazon.com/coral/", .throttled),
      (400, "ServiceQuotaExceededException", .throttled), (429, "ModelNotReadyException", .throttled),
      (403, "AccessDeniedException", .misconfigured), (403, "ExpiredTokenException", .misconfigured),
      (404, "ResourceNotFoundException", .misconfigured), (400, "ValidationException", .rejected),
      (408, "ModelTimeoutException", .timeout), (424, "ModelErrorException", .unavailable),
      (500, "InternalServerException", .unavailable), (503, "ServiceUnavailableException", .unavailable),
      (400, "com.amazon.coral.service#ThrottlingException", .throttled), (503, "SomethingNew", .unavailable),
    ])
  func bedrock(_ status: Int, _ type: String, _ kind: UpstreamFailure.Kind) {
    for codec: any OutboundCodec in [BedrockConverseOutbound(), BedrockInvokeCohereOutbound()] {
      let message = Array(#"{"message":"secret"}"#.utf8)
      let byHeader = codec.failure(status: status, headers: [HTTPField("x-amzn-ErrorType", type)], body: message)
      #expect(byHeader.kind == kind)
      #expect(!byHeader.message.contains("secret"))
      let body = Array(#"{"__type":"\#(type)","Message":"secret"}"#.utf8)
      #expect(codec.failure(status: status, headers: [], body: body).kind == kind)
    }
  }

  @Test("A model id that Bedrock does not know is ours to mend")
  func unknownModel() {
    let body = Array(#"{"message":"The provided model identifier is invalid."}"#.utf8)
    let failure = BedrockConverseOutbound().failure(
      status: 400, headers: [HTTPField("x-amzn-errortype", "ValidationException")], body: body)
    #expect(failure.kind == .misconfigured)
  }

  @Test("Waits are told in whole seconds")
  func retryAfter() {
    let outbound = BedrockConverseOutbound()
    func wait(_ name: String, _ value: String) -> Int? {
      outbound.failure(status: 429, headers: [HTTPField(name, value)], body: []).retryAfter
    }
    #expect(wait("x-amz-retry-after", "1500") == 2)
    #expect(wait("retry-after-ms", "10") == 1)
    #expect(wait("retry-after", "7") == 7)
    #expect(wait("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT") == nil)
    #expect(wait("retry-after", "-1") == nil)
    #expect(wait("retry-after", "1e300") == 3_600)
    #expect(wait("x-amz-retry-after", "9223372036854775807") == 3_600)
  }
}
