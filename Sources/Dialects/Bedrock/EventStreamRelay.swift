import Core

/// A streamed answer in Bedrock's frames, given frame by frame as it comes. What ends the answer is kept back until the
/// call is settled (rule M-1); how much that is, the decoder bounds, which has read it before (``AnswerEnding``).
struct EventStreamRelay: AnswerEncoder, Redacted {
  /// What a frame is to the answer.
  enum Part: Sendable {
    case content
    /// Begins the end: it and what follows are kept back.
    case ending
    /// The last one, if the end has begun; content where it has not. A report that repeats it is metered only.
    case report
    /// The last one. What comes after it is no part of the answer.
    case last
    /// The service told an error: what follows is told in our words.
    case failure
  }

  private let answerHead: @Sendable (RequestID) -> AnswerHead
  private let part: @Sendable (RawEventStreamFrame) -> Part
  private var frames = EventStreamFrames()
  private var held: [UInt8] = []
  private var isOver = false

  init(
    head: @escaping @Sendable (RequestID) -> AnswerHead, part: @escaping @Sendable (RawEventStreamFrame) -> Part
  ) {
    answerHead = head
    self.part = part
  }

  func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead { answerHead(requestID) }

  func encode(_ event: ModelEvent) -> [UInt8] { [] }

  mutating func relay(_ bytes: [UInt8]) -> [UInt8] {
    guard !isOver else { return [] }
    var passed: [UInt8] = []
    for frame in frames.feed(bytes) { take(frame, &passed) }
    return passed
  }

  mutating func relay(_ bytes: [UInt8], frames count: Int) -> [UInt8] {
    var passed: [UInt8] = []
    for frame in frames.feed(bytes).prefix(count) { take(frame, &passed) }
    return passed
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    defer { held = [] }
    return held
  }

  private mutating func take(_ frame: RawEventStreamFrame, _ passed: inout [UInt8]) {
    guard !isOver else { return }
    let part = frame.isException ? .failure : part(frame)
    switch part {
    case .content, .report:
      if held.isEmpty { passed += frame.bytes } else { held += frame.bytes }
      if part == .report { isOver = !held.isEmpty }
    case .ending: held += frame.bytes
    case .last:
      held += frame.bytes
      isOver = true
    case .failure: isOver = true
    }
  }
}

extension RawEventStreamFrame {
  fileprivate var isException: Bool {
    let type = self[":message-type"]
    return type == "exception" || type == "error"
  }
}
