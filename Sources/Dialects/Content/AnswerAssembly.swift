import Core

/// Gathers the events of an answer into whole blocks, for dialects that answer at once.
struct AnswerAssembly: Sendable, Redacted {
  enum Block: Sendable {
    case text(String)
    case toolUse(id: String, name: String, input: String)
    case reasoning(text: String, signature: String?)
    case redactedReasoning([UInt8])
  }

  /// In the order in which they began.
  private(set) var blocks: [Block] = []
  private(set) var stopReason: StopReason?
  /// The provider's index of each block.
  private var indices: [Int] = []

  mutating func observe(_ event: ModelEvent) {
    guard case .chat(let event) = event else { return }
    switch event {
    case .blockStarted(let index, let kind): start(index, kind)
    case .delta(let index, let delta): append(delta, to: index)
    case .stopped(let reason): stopReason = reason
    case .started, .blockStopped, .usage: break
    }
  }

  private mutating func start(_ index: Int, _ kind: BlockKind) {
    indices.append(index)
    switch kind {
    case .text: blocks.append(.text(""))
    case .toolUse(let id, let name): blocks.append(.toolUse(id: id, name: name, input: ""))
    case .reasoning: blocks.append(.reasoning(text: "", signature: nil))
    }
  }

  private mutating func append(_ delta: BlockDelta, to index: Int) {
    let position: Int
    if let known = indices.lastIndex(of: index) {
      position = known
    } else {
      start(index, delta.kindOfBlock)
      position = blocks.count - 1
    }
    // Taken out while it grows, so that its text is not copied with every piece.
    let block = blocks[position]
    blocks[position] = .redactedReasoning([])
    blocks[position] = block.appending(delta)
  }
}

extension AnswerAssembly.Block {
  fileprivate consuming func appending(_ delta: BlockDelta) -> AnswerAssembly.Block {
    switch (self, delta) {
    case (.text(var text), .text(let more)):
      text += more.reveal()
      return .text(text)
    case (.toolUse(let id, let name, var input), .toolInput(let more)):
      input += more.reveal()
      return .toolUse(id: id, name: name, input: input)
    case (.reasoning(var text, let signature), .reasoning(let more)):
      text += more.reveal()
      return .reasoning(text: text, signature: signature)
    case (.reasoning(let text, let signature), .signature(let more)):
      return .reasoning(text: text, signature: (signature ?? "") + more)
    case (_, .redactedReasoning(let bytes)): return .redactedReasoning(bytes.reveal())
    case (let block, _): return block
    }
  }
}

extension BlockDelta {
  /// The kind of block that such a piece belongs to, where none was announced.
  var kindOfBlock: BlockKind {
    switch self {
    case .text, .toolInput: .text
    case .reasoning, .signature, .redactedReasoning: .reasoning
    }
  }
}
