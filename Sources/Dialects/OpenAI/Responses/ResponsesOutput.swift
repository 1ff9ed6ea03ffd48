import Core

/// The items of a response as they grow from a model's events; the same for whole and for streamed answers.
///
/// Items of text and of reasoning begin with their first piece, so that none is empty. An item ends when something
/// follows it rather than with its block, because only then it is known whether it was cut off.
struct ResponsesOutput: Sendable, Redacted {
  struct Item: Sendable, Redacted {
    enum Kind: Sendable, Equatable {
      case message
      case reasoning
      case functionCall(id: String, name: String)
    }

    enum Status: String, Sendable {
      case inProgress = "in_progress"
      case completed
      case incomplete
    }

    let kind: Kind
    /// The message's or reasoning's text, or the arguments of the call as JSON text.
    fileprivate(set) var text = ""
    fileprivate(set) var signature: String?
    fileprivate(set) var redacted: [UInt8]?
    fileprivate(set) var status = Status.inProgress
  }

  /// What happened to the item of a number.
  enum Step: Sendable {
    case began(Int)
    /// The piece is not empty and stands at the end of the item's text.
    case grew(Int, by: String)
    case ended(Int)
  }

  private(set) var items: [Item] = []
  private(set) var stopReason = StopReason.endOfTurn
  /// The numbers of items whose blocks are open, by the provider's index.
  private var open: [Int: Int] = [:]
  /// Items whose blocks have stopped.
  private var stopped: [Int] = []

  mutating func observe(_ event: ChatEvent) -> [Step] {
    switch event {
    case .blockStarted(let index, let kind):
      stop(index)
      guard case .toolUse(let id, let name) = kind else { return [] }
      return begin(.functionCall(id: id, name: name), at: index)
    case .delta(let index, let delta): return append(delta, to: index)
    case .blockStopped(let index):
      stop(index)
      return []
    case .stopped(let reason):
      stopReason = reason
      return []
    case .started, .usage: return []
    }
  }

  /// Ends what has not ended.
  mutating func finish() -> [Step] {
    for index in open.keys { stop(index) }
    return endStopped(stopReason.incompleteReason == nil ? .completed : .incomplete)
  }

  // MARK: Items

  private mutating func begin(_ kind: Item.Kind, at index: Int) -> [Step] {
    let steps = endStopped(.completed)
    open[index] = items.count
    items.append(Item(kind: kind))
    return steps + [.began(items.count - 1)]
  }

  private mutating func append(_ delta: BlockDelta, to index: Int) -> [Step] {
    var steps: [Step] = []
    if open[index] == nil {
      guard let kind = delta.kindOfItem else { return [] }
      steps = begin(kind, at: index)
    }
    guard let number = open[index] else { return steps }
    switch (items[number].kind, delta) {
    case (.message, .text(let piece)), (.reasoning, .reasoning(let piece)), (.functionCall, .toolInput(let piece)):
      let piece = piece.reveal()
      guard !piece.isEmpty else { return steps }
      items[number].text += piece
      return steps + [.grew(number, by: piece)]
    case (.reasoning, .signature(let piece)): items[number].signature = (items[number].signature ?? "") + piece
    case (.reasoning, .redactedReasoning(let bytes)): items[number].redacted = bytes.reveal()
    // A piece that does not belong to its block says nothing.
    case (.message, _), (.reasoning, _), (.functionCall, _): break
    }
    return steps
  }

  private mutating func stop(_ index: Int) {
    if let number = open.removeValue(forKey: index) { stopped.append(number) }
  }

  private mutating func endStopped(_ status: Item.Status) -> [Step] {
    var steps: [Step] = []
    for number in stopped.sorted() {
      items[number].status = status
      if case .functionCall = items[number].kind, items[number].text.isEmpty, status == .completed {
        // Clients read the arguments as JSON.
        items[number].text = "{}"
        steps.append(.grew(number, by: "{}"))
      }
      steps.append(.ended(number))
    }
    stopped.removeAll()
    return steps
  }
}

extension BlockDelta {
  /// The kind of item that such a piece begins; nil where it begins none.
  fileprivate var kindOfItem: ResponsesOutput.Item.Kind? {
    switch self {
    case .text(let text): text.reveal().isEmpty ? nil : .message
    case .reasoning(let text): text.reveal().isEmpty ? nil : .reasoning
    case .signature, .redactedReasoning: .reasoning
    case .toolInput: nil
    }
  }
}

extension StopReason {
  /// Why a response that stopped so is incomplete; nil where it is complete.
  var incompleteReason: String? {
    switch self {
    case .maxTokens: "max_output_tokens"
    case .refusal: "content_filter"
    case .endOfTurn, .stopSequence, .toolUse, .other: nil
    }
  }
}
