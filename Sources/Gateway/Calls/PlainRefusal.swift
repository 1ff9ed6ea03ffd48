public import Core
import Dialects
import Platform

/// The answer where no dialect is known: OpenAI's shape, which most clients and people can read.
enum PlainRefusal {
  static func answer(
    status: Int, _ message: String, requestID: RequestID, retryAfter: Int = 1
  ) -> WholeAnswer {
    let failure: GatewayFailure =
      switch status {
      case 404, 405: .notFound(message: message)
      case 429: .contended(message: message, retryAfter: retryAfter)
      case 503: .overloaded(message: message, retryAfter: retryAfter)
      case 500: .unexpected
      default: .invalid(InvalidRequest(message))
      }
    var answer = OpenAIChatInbound().encode(failure, requestID: requestID)
    answer.head.status = status
    return answer
  }
}

extension GatewayServices {
  /// What the listener says where no route could: to a connection that it does not take, to a request that it cannot
  /// read. Rules F-5, L-1.
  public func listenerAnswer(status: Int, _ message: String, retryAfter: Int) -> WholeAnswer {
    PlainRefusal.answer(status: status, message, requestID: requestIDs.next(), retryAfter: retryAfter)
  }
}
