import Core

/// A whole response.
struct ResponsesEncoder: AnswerEncoder {
  private let echo: ResponsesEcho
  private var answer: ResponsesAnswer?
  private var output = ResponsesOutput()

  init(echo: ResponsesEcho) { self.echo = echo }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    answer = ResponsesAnswer(requestID: requestID, model: model, createdAt: createdAt, echo: echo)
    return OpenAIAnswer.head(contentType: "application/json", requestID: requestID)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    if case .chat(let event) = event { _ = output.observe(event) }
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    _ = output.finish()
    var writer = JSONWriter(reserving: 2_048)
    answer?.write(output, usage: usage, to: &writer)
    return writer.bytes
  }
}
