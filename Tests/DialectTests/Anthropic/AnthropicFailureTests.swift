import Core
import Dialects
import Testing

@Suite("Anthropic's errors, to callers and from the service (F-1, F-2, F-4, K-2)")
struct AnthropicFailureTests {
  /// Status and type of each of ``FailureTests``' cases, in their order.
  private static let expected = [
    (401, "authentication_error"), (403, "permission_error"), (404, "not_found_error"),
    (400, "invalid_request_error"), (413, "request_too_large"), (429, "rate_limit_error"),
    (429, "rate_limit_error"), (429, "rate_limit_error"), (529, "overloaded_error"), (429, "rate_limit_error"),
    (529, "overloaded_error"), (504, "timeout_error"), (400, "invalid_request_error"), (502, "api_error"),
    (502, "api_error"), (502, "api_error"), (500, "api_error"),
  ]

  @Test("Status, type, headers and the request id; exhausted is a 429 that no retry mends (F-1, F-5)")
  func toCallers() throws {
    #expect(FailureTests.cases.count == Self.expected.count)
    for (example, (status, type)) in zip(FailureTests.cases, Self.expected) {
      let answer = AnthropicMessagesInbound().encode(example.failure, requestID: Exchange.requestID)
      #expect(answer.head.status == status, "\(example)")
      #expect(answer.head.headers.value(of: "request-id") == "req-1")
      #expect(answer.head.headers.value(of: "x-request-id") == "req-1")
      #expect(answer.head.headers.value(of: "content-type") == "application/json")
      #expect(answer.head.headers.value(of: "x-should-retry") == example.shouldRetry, "\(example)")
      #expect(answer.head.headers.value(of: "retry-after") == example.retryAfter, "\(example)")
      let body = try JSONValue(answer.body)
      #expect(body["type"] == .string("error"))
      #expect(body["error"]?["type"] == .string(type), "\(example)")
      #expect(body["error"]?["message"] == .string(example.failure.message))
      #expect(body["request_id"] == .string("req-1"))
    }
  }

  @Test("In a stream the error is an event of its own (F-4)")
  func midStream() {
    let failure = GatewayFailure.upstream(UpstreamFailure(.garbled, "Cut."))
    let bytes = AnthropicMessagesInbound().encodeMidStream(failure, requestID: Exchange.requestID)
    #expect(
      Exchange.text(bytes) == "event: error\ndata: "
        + #"{"type":"error","error":{"type":"api_error","message":"Cut."},"request_id":"req-1"}"# + "\n\n")
  }

  @Test(
    "The service's errors by type",
    arguments: [
      (400, "invalid_request_error", UpstreamFailure.Kind.rejected), (401, "authentication_error", .misconfigured),
      (402, "billing_error", .misconfigured), (403, "permission_error", .misconfigured),
      (404, "not_found_error", .misconfigured), (413, "request_too_large", .rejected),
      (429, "rate_limit_error", .throttled), (500, "api_error", .unavailable), (504, "timeout_error", .timeout),
      (529, "overloaded_error", .unavailable), (503, "something_new", .unavailable), (418, "something_new", .rejected),
    ])
  func fromService(_ status: Int, _ type: String, _ kind: UpstreamFailure.Kind) {
    let body = Array(#"{"type":"error","error":{"type":"\#(type)","message":"secret"},"request_id":"r"}"#.utf8)
    let failure = AnthropicMessagesOutbound().failure(
      status: status, headers: [HTTPField("retry-after", "7")], body: body)
    #expect(failure.kind == kind)
    #expect(failure.retryAfter == 7)
    #expect(failure.message.contains("\(status), \(type)"))
    #expect(!failure.message.contains("secret"))
    let bare = AnthropicMessagesOutbound().failure(status: status, headers: [], body: Array("<html>secret".utf8))
    #expect(bare.kind == kind)
    #expect(!bare.message.contains("secret"))
  }

  @Test("An account without credit is ours to mend, though it comes as an invalid request")
  func noCredit() {
    let body = #"{"error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#
    let failure = AnthropicMessagesOutbound().failure(status: 400, headers: [], body: Array(body.utf8))
    #expect(failure.kind == .misconfigured)
  }

  @Test("A whole answer that is an error is one")
  func errorAsAnswer() {
    let body = #"{"type":"error","error":{"type":"overloaded_error","message":"secret"}}"#
    let decoder = AnthropicMessagesOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    let failure = #expect(throws: UpstreamFailure.self) { try Exchange.decode(decoder, Array(body.utf8)) }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.message.contains("secret") == false)
  }
}
