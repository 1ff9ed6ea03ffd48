import Core

/// A failure after streaming began, in Bedrock's words: a frame with the exception's name and `{"message"}`. Rule F-4.
enum BedrockStreamFailure {
  /// The exceptions that a stream of Converse may end with. Clients know no others, InvokeModel's time-out aside.
  private enum Exception: String {
    case internalServerException
    case modelStreamErrorException
    case modelTimeoutException
    case serviceUnavailableException
    case throttlingException
    case validationException
  }

  /// `knowsTimeout` where the stream is one of InvokeModel.
  static func bytes(_ failure: GatewayFailure, knowsTimeout: Bool) -> [UInt8] {
    let exception = exception(for: failure)
    let name = exception == .modelTimeoutException && !knowsTimeout ? .modelStreamErrorException : exception
    var writer = JSONWriter()
    writer.object { $0.member("message", failure.callerMessage) }
    return EventStreamFrame(exception: name.rawValue, payload: writer.bytes).bytes
  }

  private static func exception(for failure: GatewayFailure) -> Exception {
    switch failure {
    case .unauthenticated, .forbidden, .notFound, .invalid: .validationException
    case .exhausted, .contended: .throttlingException
    case .overloaded: .serviceUnavailableException
    case .upstream(let failure):
      switch failure.kind {
      case .throttled: .throttlingException
      case .unavailable: .serviceUnavailableException
      case .timeout: .modelTimeoutException
      case .rejected: .validationException
      case .misconfigured, .connection, .garbled: .modelStreamErrorException
      }
    case .unexpected: .internalServerException
    }
  }
}
