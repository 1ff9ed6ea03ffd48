import Foundation
import NIOCore

extension Answer {
  /// An error in the way of the dialect that was asked.
  ///
  /// - Parameter call: the call's number in the ledger, for request ids; nil for what is no call.
  static func error(
    _ status: Int, _ message: String, dialect: Route.Dialect, hint: RetryHint? = nil, call: Int? = nil
  ) -> Answer {
    var body = ByteBuffer()
    var headers = hint?.headers ?? []
    switch dialect {
    case .openAI:
      body.writeStaticString("{\"error\":{\"message\":")
      body.writeJSONString(message)
      body.writeString(",\"type\":\"\(ErrorNames.openAI(status))\",\"param\":null,\"code\":null}}")
    case .bedrock:
      headers.append(("x-amzn-errortype", ErrorNames.bedrock(status)))
      body.writeStaticString("{\"message\":")
      body.writeJSONString(message)
      body.writeStaticString("}")
    case .anthropic:
      let id = "req_sim_\(call ?? 0)"
      headers.append(("request-id", id))
      if status == 429 { headers += anthropicLimits() }
      body.writeString("{\"type\":\"error\",\"error\":{\"type\":\"\(ErrorNames.anthropic(status))\",\"message\":")
      body.writeJSONString(message)
      body.writeString("},\"request_id\":\"\(id)\"}")
    case .cohere:
      body.writeStaticString("{\"message\":")
      body.writeJSONString(message)
      body.writeStaticString("}")
    }
    return Answer(status: status, headers: headers, body: body)
  }

  private static let resetSeconds: TimeInterval = 30

  /// The headers with which Anthropic tells a limited caller about its limits.
  private static func anthropicLimits() -> [(name: String, value: String)] {
    let reset = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: resetSeconds))
    return [
      ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "0"),
      ("anthropic-ratelimit-requests-reset", reset),
    ]
  }
}
