import Core

/// A failure in Cohere's words: `{"message"}`, with the id that the client shows. Rules F-1, K-2.
struct CohereFailure {
  /// Its client comes again after every 429, so what no retry can mend has the status of an unpaid bill. Rule F-1.
  private static let exhausted = 402

  private let failure: GatewayFailure

  init(_ failure: GatewayFailure) { self.failure = failure }

  func answer(requestID: RequestID) -> WholeAnswer {
    let status = FailureStatus(failure)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("id", requestID.text)
      writer.member("message", failure.callerMessage)
    }
    return WholeAnswer(
      status: isExhausted ? Self.exhausted : status.status,
      headers: status.headers(contentType: "application/json", requestID: requestID), body: writer.bytes)
  }

  private var isExhausted: Bool {
    switch failure {
    case .exhausted: true
    case .unauthenticated, .forbidden, .notFound, .invalid, .contended, .overloaded, .upstream, .unexpected: false
    }
  }
}
