import NIOCore

extension Answer {
  /// An error in the way of the dialect that was asked.
  static func error(_ status: Int, _ message: String, dialect: Route.Dialect, retryAfter: Int? = nil) -> Answer {
    var body = ByteBuffer()
    var headers: [(name: String, value: String)] = []
    if let retryAfter { headers.append(("retry-after", String(retryAfter))) }
    switch dialect {
    case .openAI:
      body.writeStaticString("{\"error\":{\"message\":")
      body.writeJSONString(message)
      body.writeString(",\"type\":\"\(openAIType(status))\",\"param\":null,\"code\":null}}")
    case .bedrock:
      headers.append(("x-amzn-errortype", bedrockType(status)))
      body.writeStaticString("{\"message\":")
      body.writeJSONString(message)
      body.writeStaticString("}")
    }
    return Answer(status: status, headers: headers, body: body)
  }

  private static func openAIType(_ status: Int) -> String {
    switch status {
    case 429: "rate_limit_error"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }

  private static func bedrockType(_ status: Int) -> String {
    switch status {
    case 404: "ResourceNotFoundException"
    case 429: "ThrottlingException"
    case 503: "ServiceUnavailableException"
    case 500...: "InternalServerException"
    default: "ValidationException"
    }
  }
}
