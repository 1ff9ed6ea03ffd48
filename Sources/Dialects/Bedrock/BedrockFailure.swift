import Core

/// A failure in Bedrock's words: the header `x-amzn-errortype` and `{"message"}`. Rules F-1, K-2.
struct BedrockFailure {
  private let failure: GatewayFailure

  init(_ failure: GatewayFailure) { self.failure = failure }

  func answer(requestID: RequestID) -> WholeAnswer {
    let words = words
    var headers = [
      HTTPField("content-type", "application/json"), HTTPField("x-request-id", requestID.text),
      HTTPField("x-amzn-requestid", requestID.text), HTTPField("x-amzn-errortype", words.type),
    ]
    if let seconds = retryAfter {
      headers.append(HTTPField("retry-after", String(seconds)))
      if isWorthRetrying { headers.append(HTTPField("x-amz-retry-after", String(seconds * 1_000))) }
    }
    var writer = JSONWriter()
    writer.object { $0.member("message", failure.callerMessage) }
    return WholeAnswer(status: words.status, headers: headers, body: writer.bytes)
  }

  /// An exhausted allowance is a quota rather than throttling, because clients retry every throttling. Rule F-1.
  private var words: (status: Int, type: String) {
    switch failure {
    case .unauthenticated: (401, "UnrecognizedClientException")
    case .forbidden: (403, "AccessDeniedException")
    case .notFound: (404, "ResourceNotFoundException")
    case .invalid(let problem): (problem.status, "ValidationException")
    case .exhausted: (400, "ServiceQuotaExceededException")
    case .contended: (429, "ThrottlingException")
    case .overloaded: (503, "ServiceUnavailableException")
    case .upstream(let failure): Self.words(for: failure.kind)
    case .unexpected: (500, "InternalServerException")
    }
  }

  private static func words(for kind: UpstreamFailure.Kind) -> (status: Int, type: String) {
    switch kind {
    case .throttled: (429, "ThrottlingException")
    case .unavailable: (503, "ServiceUnavailableException")
    case .timeout: (408, "ModelTimeoutException")
    case .rejected: (400, "ValidationException")
    case .misconfigured, .connection, .garbled: (424, "ModelErrorException")
    }
  }

  private var retryAfter: Int? { FailureStatus(failure).retryAfter.map { max(0, $0) } }

  private var isWorthRetrying: Bool { FailureStatus(failure).shouldRetry != false }
}
