import Core

/// A failure in Anthropic's words: `{"type": "error", "error": {"type", "message"}, "request_id"}`. Rules F-1, K-2.
struct AnthropicFailure {
  /// What this dialect answers where a server has too much to do; its client has a class for it.
  private static let overloaded = 529

  private let failure: GatewayFailure
  private let status: FailureStatus

  init(_ failure: GatewayFailure) {
    self.failure = failure
    status = FailureStatus(failure)
  }

  func answer(requestID: RequestID) -> WholeAnswer {
    let headers = status.headers(contentType: "application/json", requestID: requestID)
    return WholeAnswer(
      status: type == "overloaded_error" ? Self.overloaded : status.status,
      headers: headers + [HTTPField("request-id", requestID.text)], body: body(requestID: requestID))
  }

  func body(requestID: RequestID) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("type", "error")
      writer.object("error") { error in
        error.member("type", type)
        error.member("message", failure.callerMessage)
      }
      writer.member("request_id", requestID.text)
    }
    return writer.bytes
  }

  private var type: String {
    switch failure {
    case .unauthenticated: "authentication_error"
    case .forbidden: "permission_error"
    case .notFound: "not_found_error"
    case .invalid(let problem): problem.isTooLarge ? "request_too_large" : "invalid_request_error"
    case .exhausted, .contended: "rate_limit_error"
    case .overloaded: "overloaded_error"
    case .upstream(let failure):
      switch failure.kind {
      case .throttled: "rate_limit_error"
      case .unavailable: "overloaded_error"
      case .timeout: "timeout_error"
      case .rejected: "invalid_request_error"
      case .misconfigured, .connection, .garbled: "api_error"
      }
    case .unexpected: "api_error"
    }
  }
}
