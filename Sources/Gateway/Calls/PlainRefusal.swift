import Core
import Dialects

/// The answer where no dialect is known: OpenAI's shape, which most clients and people can read.
enum PlainRefusal {
  static func answer(status: Int, _ message: String, requestID: RequestID) -> WholeAnswer {
    var answer = OpenAIChatInbound().encode(.notFound(message: message), requestID: requestID)
    answer.head.status = status
    return answer
  }
}
