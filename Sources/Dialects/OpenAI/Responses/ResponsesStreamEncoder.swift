import Core

/// A response as a stream of events, each with the next sequence number.
///
/// The end of the last item and the event with the whole response and its usage are kept back until the call is settled
/// (rule M-1).
struct ResponsesStreamEncoder: AnswerEncoder {
  private let echo: ResponsesEcho
  private var answer: ResponsesAnswer?
  private var output = ResponsesOutput()
  private var hasStarted = false
  private var sequenceNumber = 0

  init(echo: ResponsesEcho) { self.echo = echo }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    answer = ResponsesAnswer(requestID: requestID, model: model, createdAt: createdAt, echo: echo)
    var head = OpenAIAnswer.head(contentType: "text/event-stream", requestID: requestID)
    head.headers.append(HTTPField("cache-control", "no-cache"))
    return head
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    guard case .chat(let event) = event else { return [] }
    var bytes: [UInt8] = []
    switch event {
    case .started, .blockStarted, .delta: start(&bytes)
    case .blockStopped, .stopped, .usage: break
    }
    for step in output.observe(event) { write(step, &bytes) }
    return bytes
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var bytes: [UInt8] = []
    start(&bytes)
    for step in output.finish() { write(step, &bytes) }
    let (answer, output) = (answer, output)
    write(output.stopReason.incompleteReason == nil ? "response.completed" : "response.incomplete", &bytes) { event in
      event.name("response")
      answer?.write(output, usage: usage, to: &event)
    }
    return bytes
  }

  // MARK: Steps

  private mutating func start(_ bytes: inout [UInt8]) {
    guard !hasStarted else { return }
    hasStarted = true
    let answer = answer
    for name in ["response.created", "response.in_progress"] {
      write(name, &bytes) { event in
        event.name("response")
        answer?.writeBeginning(to: &event)
      }
    }
  }

  private mutating func write(_ step: ResponsesOutput.Step, _ bytes: inout [UInt8]) {
    switch step {
    case .began(let number): begin(Place(number, output, answer), &bytes)
    case .grew(let number, let piece): append(piece, Place(number, output, answer), &bytes)
    case .ended(let number): end(Place(number, output, answer), &bytes)
    }
  }

  private mutating func begin(_ place: Place, _ bytes: inout [UInt8]) {
    write("response.output_item.added", &bytes) { place.writeItem(to: &$0) }
    guard place.item.kind == .message else { return }
    write("response.content_part.added", &bytes) { event in
      place.write(part: "content_index", to: &event)
      event.name("part")
      ResponsesAnswer.write(part: "", to: &event)
    }
  }

  private mutating func append(_ piece: String, _ place: Place, _ bytes: inout [UInt8]) {
    switch place.item.kind {
    case .message:
      write("response.output_text.delta", &bytes) { event in
        place.write(part: "content_index", to: &event)
        event.member("delta", piece)
        event.array("logprobs") { _ in }
      }
    case .reasoning:
      if place.item.text.utf8.count == piece.utf8.count { write(summary: "added", "", place, &bytes) }
      write("response.reasoning_summary_text.delta", &bytes) { event in
        place.write(part: "summary_index", to: &event)
        event.member("delta", piece)
      }
    case .functionCall:
      write("response.function_call_arguments.delta", &bytes) { event in
        place.write(part: nil, to: &event)
        event.member("delta", piece)
      }
    }
  }

  private mutating func end(_ place: Place, _ bytes: inout [UInt8]) {
    let text = place.item.text
    switch place.item.kind {
    case .message:
      write("response.output_text.done", &bytes) { event in
        place.write(part: "content_index", to: &event)
        event.member("text", text)
        event.array("logprobs") { _ in }
      }
      write("response.content_part.done", &bytes) { event in
        place.write(part: "content_index", to: &event)
        event.name("part")
        ResponsesAnswer.write(part: text, to: &event)
      }
    case .reasoning where !text.isEmpty:
      write("response.reasoning_summary_text.done", &bytes) { event in
        place.write(part: "summary_index", to: &event)
        event.member("text", text)
      }
      write(summary: "done", text, place, &bytes)
    // Signed or redacted reasoning without a text has no part.
    case .reasoning: break
    case .functionCall(_, let name):
      write("response.function_call_arguments.done", &bytes) { event in
        place.write(part: nil, to: &event)
        event.member("name", name)
        event.member("arguments", text)
      }
    }
    write("response.output_item.done", &bytes) { place.writeItem(to: &$0) }
  }

  private mutating func write(summary change: String, _ text: String, _ place: Place, _ bytes: inout [UInt8]) {
    write("response.reasoning_summary_part.\(change)", &bytes) { event in
      place.write(part: "summary_index", to: &event)
      event.name("part")
      ResponsesAnswer.write(summary: text, to: &event)
    }
  }

  private mutating func write(_ name: String, _ bytes: inout [UInt8], _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object { event in
      event.member("type", name)
      event.member("sequence_number", sequenceNumber)
      members(&event)
    }
    sequenceNumber += 1
    ServerSentEvent(name: name, data: writer.bytes).write(to: &bytes)
  }
}

/// An item and where it stands in the response.
private struct Place {
  let item: ResponsesOutput.Item
  private let number: Int
  private let answer: ResponsesAnswer?

  init(_ number: Int, _ output: ResponsesOutput, _ answer: ResponsesAnswer?) {
    item = output.items[number]
    self.number = number
    self.answer = answer
  }

  func writeItem(to event: inout JSONWriter) {
    event.member("output_index", number)
    event.name("item")
    answer?.write(item, number, to: &event)
  }

  /// The members that name the item and its one part, by the name that the part's index has.
  func write(part index: String?, to event: inout JSONWriter) {
    event.member("item_id", answer?.id(of: item, number) ?? "")
    event.member("output_index", number)
    if let index { event.member(index, 0) }
  }
}
