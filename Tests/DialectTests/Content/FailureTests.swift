import Core
import Dialects
import Testing

@Suite("Failures are told in each dialect's own way (F-1, F-2, K-2)")
struct FailureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let failure: GatewayFailure
    let status: Int
    let type: String
    let bedrock: (status: Int, type: String)
    var shouldRetry: String?
    var retryAfter: String?
    var testDescription: String { "\(status) \(type)" }
  }

  private static func upstream(_ kind: UpstreamFailure.Kind, retryAfter: Int? = nil) -> GatewayFailure {
    .upstream(UpstreamFailure(kind, "Upstream.", retryAfter: retryAfter))
  }

  static let cases = [
    Case(
      failure: .unauthenticated(message: "No key."), status: 401, type: "authentication_error",
      bedrock: (401, "UnrecognizedClientException")),
    Case(
      failure: .forbidden(message: "Revoked."), status: 403, type: "permission_error",
      bedrock: (403, "AccessDeniedException")),
    Case(
      failure: .notFound(message: "No."), status: 404, type: "invalid_request_error",
      bedrock: (404, "ResourceNotFoundException")),
    Case(
      failure: .invalid(InvalidRequest("Bad.", parameter: "x")), status: 400, type: "invalid_request_error",
      bedrock: (400, "ValidationException")),
    Case(
      failure: .invalid(InvalidRequest("Big.", isTooLarge: true)), status: 413, type: "invalid_request_error",
      bedrock: (413, "ValidationException")),
    Case(
      failure: .exhausted(message: "Used up.", retryAfter: 86_400), status: 429, type: "insufficient_quota",
      bedrock: (400, "ServiceQuotaExceededException"), shouldRetry: "false", retryAfter: "86400"),
    Case(
      failure: .contended(message: "Busy.", retryAfter: 60), status: 429, type: "rate_limit_error",
      bedrock: (429, "ThrottlingException"), shouldRetry: "true", retryAfter: "5"),
    Case(
      failure: .contended(message: "Busy.", retryAfter: 0), status: 429, type: "rate_limit_error",
      bedrock: (429, "ThrottlingException"), shouldRetry: "true", retryAfter: "1"),
    Case(
      failure: .overloaded(message: "Full.", retryAfter: 2), status: 503, type: "server_error",
      bedrock: (503, "ServiceUnavailableException"), shouldRetry: "true", retryAfter: "2"),
    Case(
      failure: upstream(.throttled, retryAfter: 9), status: 429, type: "rate_limit_error",
      bedrock: (429, "ThrottlingException"), shouldRetry: "true", retryAfter: "9"),
    Case(
      failure: upstream(.unavailable), status: 503, type: "server_error",
      bedrock: (503, "ServiceUnavailableException")),
    Case(
      failure: upstream(.timeout), status: 504, type: "server_error", bedrock: (408, "ModelTimeoutException")),
    Case(
      failure: upstream(.rejected), status: 400, type: "invalid_request_error",
      bedrock: (400, "ValidationException")),
    Case(
      failure: upstream(.misconfigured), status: 502, type: "server_error", bedrock: (424, "ModelErrorException"),
      shouldRetry: "false"),
    Case(failure: upstream(.connection), status: 502, type: "server_error", bedrock: (424, "ModelErrorException")),
    Case(failure: upstream(.garbled), status: 502, type: "server_error", bedrock: (424, "ModelErrorException")),
    Case(failure: .unexpected, status: 500, type: "server_error", bedrock: (500, "InternalServerException")),
  ]

  @Test("OpenAI's errors: status, type, headers, and the request id in every answer (F-5)", arguments: cases)
  func openAI(_ expected: Case) throws {
    for codec: any InboundCodec in [OpenAIChatInbound(), OpenAIEmbeddingsInbound()] {
      let answer = codec.encode(expected.failure, requestID: Exchange.requestID)
      #expect(answer.head.status == expected.status)
      #expect(answer.head.headers.value(of: "x-request-id") == "req-1")
      #expect(answer.head.headers.value(of: "content-type") == "application/json")
      #expect(answer.head.headers.value(of: "x-should-retry") == expected.shouldRetry)
      #expect(answer.head.headers.value(of: "retry-after") == expected.retryAfter)
      let error = try #require(try JSONValue(answer.body)["error"])
      #expect(error["message"] == .string(expected.failure.message))
      #expect(error["type"] == .string(expected.type))
      #expect(error["param"] != nil && error["code"] != nil)
    }
  }

  @Test("The connector's errors: the same status, one sentence of plain text", arguments: cases)
  func connector(_ expected: Case) {
    for codec: any InboundCodec in [ConnectorConverseInbound(), ConnectorInvokeInbound()] {
      let answer = codec.encode(expected.failure, requestID: Exchange.requestID)
      #expect(answer.head.status == expected.status)
      #expect(answer.head.headers.value(of: "x-request-id") == "req-1")
      #expect(answer.head.headers.value(of: "content-type") == "text/plain; charset=utf-8")
      #expect(answer.head.headers.value(of: "x-should-retry") == expected.shouldRetry)
      #expect(answer.head.headers.value(of: "retry-after") == expected.retryAfter)
      #expect(Exchange.text(answer.body) == expected.failure.message)
    }
  }

  @Test("Bedrock's errors: status, type in the header, message in the body", arguments: cases)
  func bedrock(_ expected: Case) throws {
    let answer = BedrockConverseInbound().encode(expected.failure, requestID: Exchange.requestID)
    #expect(answer.head.status == expected.bedrock.status)
    #expect(answer.head.headers.value(of: "x-amzn-errortype") == expected.bedrock.type)
    #expect(answer.head.headers.value(of: "x-request-id") == "req-1")
    #expect(try JSONValue(answer.body) == .object([.init("message", .string(expected.failure.message))]))
  }

  @Test("The parameter to blame is named, and a missing key says how to present one")
  func details() throws {
    let invalid = OpenAIChatInbound().encode(
      .invalid(InvalidRequest("Bad.", parameter: "messages[0]")), requestID: Exchange.requestID)
    #expect(
      Exchange.text(invalid.body)
        == #"{"error":{"message":"Bad.","type":"invalid_request_error","param":"messages[0]","code":null}}"#)
    let unknown = OpenAIChatInbound().encode(.unauthenticated(message: "No key."), requestID: Exchange.requestID)
    #expect(unknown.head.headers.value(of: "www-authenticate") == "Bearer")
  }

  @Test("In a stream OpenAI's error is one chunk and no [DONE] (F-4)")
  func midStream() {
    let bytes = OpenAIChatInbound().encodeMidStream(.unexpected, requestID: Exchange.requestID)
    let text = Exchange.text(bytes)
    #expect(text.hasPrefix(#"data: {"error":{"message":"Something unexpected"#))
    #expect(text.hasSuffix("}}\n\n"))
    #expect(ConnectorInvokeInbound().encodeMidStream(.unexpected, requestID: Exchange.requestID).isEmpty)
  }
}
