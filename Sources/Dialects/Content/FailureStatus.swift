import Core

/// The status of a failed call and what it says about trying again, for dialects whose clients know no other words for
/// it. Rules F-1, F-2, K-2.
struct FailureStatus: Sendable {
  /// Range of the seconds after which a contended call is asked to come again. Rule F-1.
  static let contendedRetry = 1...5

  let status: Int
  /// Whether the same call may succeed soon; nil leaves it to the status.
  let shouldRetry: Bool?
  let retryAfter: Int?

  init(_ failure: GatewayFailure) {
    switch failure {
    case .unauthenticated: self.init(401)
    case .forbidden: self.init(403)
    case .notFound: self.init(404)
    case .invalid(let problem): self.init(problem.status)
    case .exhausted(_, let retryAfter): self.init(429, shouldRetry: false, retryAfter: retryAfter)
    case .contended(_, let retryAfter): self.init(429, shouldRetry: true, retryAfter: Self.soon(retryAfter))
    case .overloaded(_, let retryAfter): self.init(503, shouldRetry: true, retryAfter: retryAfter)
    case .upstream(let failure): self.init(failure)
    case .unexpected: self.init(500)
    }
  }

  private init(_ failure: UpstreamFailure) {
    switch failure.kind {
    case .throttled: self.init(429, shouldRetry: true, retryAfter: failure.retryAfter ?? Self.contendedRetry.upperBound)
    case .unavailable: self.init(503, retryAfter: failure.retryAfter)
    case .timeout: self.init(504)
    // The request itself was refused, and would be again.
    case .rejected: self.init(400)
    case .misconfigured: self.init(502, shouldRetry: false)
    case .connection, .garbled: self.init(502)
    }
  }

  private init(_ status: Int, shouldRetry: Bool? = nil, retryAfter: Int? = nil) {
    self.status = status
    self.shouldRetry = shouldRetry
    self.retryAfter = retryAfter
  }

  static func soon(_ seconds: Int) -> Int {
    min(max(seconds, contendedRetry.lowerBound), contendedRetry.upperBound)
  }

  /// The fields of the answer's head.
  func headers(contentType: String, requestID: RequestID) -> [HTTPField] {
    var headers = [HTTPField("content-type", contentType), HTTPField("x-request-id", requestID.text)]
    if status == 401 { headers.append(HTTPField("www-authenticate", "Bearer")) }
    if let shouldRetry { headers.append(HTTPField("x-should-retry", shouldRetry ? "true" : "false")) }
    if let retryAfter { headers.append(HTTPField("retry-after", String(max(0, retryAfter)))) }
    return headers
  }
}
