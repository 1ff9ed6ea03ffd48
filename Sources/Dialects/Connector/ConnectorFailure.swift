import Core

/// A failure for the connector: one sentence as plain text, which it logs as it is.
enum ConnectorFailure {
  static func answer(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    let status = FailureStatus(failure)
    return WholeAnswer(
      status: status.status, headers: status.headers(contentType: "text/plain; charset=utf-8", requestID: requestID),
      body: Array(failure.callerMessage.utf8))
  }
}
