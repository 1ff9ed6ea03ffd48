import Core

/// A failure in OpenAI's words: `{"error": {"message", "type", "param", "code"}}`. Rules F-1, K-2.
struct OpenAIFailure {
  private let failure: GatewayFailure
  private let status: FailureStatus

  init(_ failure: GatewayFailure) {
    self.failure = failure
    status = FailureStatus(failure)
  }

  func answer(requestID: RequestID) -> WholeAnswer {
    WholeAnswer(
      status: status.status, headers: status.headers(contentType: "application/json", requestID: requestID),
      body: body)
  }

  var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in writer.object("error") { write(to: &$0, type: words.type) } }
    return writer.bytes
  }

  /// The failure as the last event of a streamed response: as its documentation describes it, and as the member `error`,
  /// by which clients know that they must raise it. Nobody here has counted the events before, so the number is one
  /// that comes after all of them.
  var responsesEvent: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      write(to: &writer, type: "error")
      writer.member("sequence_number", Int32.max)
      writer.object("error") { write(to: &$0, type: words.type) }
    }
    return writer.bytes
  }

  private func write(to writer: inout JSONWriter, type: String) {
    writer.member("message", failure.callerMessage)
    writer.member("type", type)
    if case .invalid(let problem) = failure, let parameter = problem.parameter {
      writer.member("param", parameter)
    } else {
      writer.nullMember("param")
    }
    if let code = words.code { writer.member("code", code) } else { writer.nullMember("code") }
  }

  private var words: (type: String, code: String?) {
    switch failure {
    case .unauthenticated: ("authentication_error", "invalid_api_key")
    case .forbidden: ("permission_error", "access_denied")
    case .notFound: ("invalid_request_error", "not_found")
    case .invalid(let problem): ("invalid_request_error", problem.isTooLarge ? "request_too_large" : nil)
    case .exhausted: ("insufficient_quota", "insufficient_quota")
    case .contended: ("rate_limit_error", "rate_limit_exceeded")
    case .overloaded: ("server_error", "overloaded")
    case .upstream(let failure): Self.words(for: failure.kind)
    case .unexpected: ("server_error", "internal_error")
    }
  }

  private static func words(for kind: UpstreamFailure.Kind) -> (type: String, code: String?) {
    switch kind {
    case .throttled: ("rate_limit_error", "upstream_throttled")
    case .unavailable: ("server_error", "upstream_unavailable")
    case .timeout: ("server_error", "upstream_timeout")
    case .rejected: ("invalid_request_error", "upstream_rejected")
    case .misconfigured: ("server_error", "upstream_misconfigured")
    case .connection: ("server_error", "upstream_connection")
    case .garbled: ("server_error", "upstream_garbled")
    }
  }
}
