import Core

/// A whole answer of a provider that speaks the caller's dialect, given as it is once it is settled. Rules D-1, M-1.
struct WholeAnswerRelay: AnswerEncoder, Redacted {
  private let answerHead: @Sendable (RequestID) -> AnswerHead
  private var bytes: [UInt8] = []

  /// `head` makes the answer's head in the words of the dialect.
  init(head: @escaping @Sendable (RequestID) -> AnswerHead) { answerHead = head }

  func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead { answerHead(requestID) }

  func encode(_ event: ModelEvent) -> [UInt8] { [] }

  /// The decoder, which sees the same bytes, bounds how many there may be.
  mutating func relay(_ bytes: [UInt8]) -> [UInt8] {
    if self.bytes.isEmpty { self.bytes = bytes } else { self.bytes.append(contentsOf: bytes) }
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}
