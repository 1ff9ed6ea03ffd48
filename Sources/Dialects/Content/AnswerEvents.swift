import Core

/// Turns the blocks of a whole answer into events, as if they had been streamed.
struct AnswerEvents {
  private(set) var events: [ModelEvent] = [.chat(.started)]
  private var nextIndex = 0

  mutating func text(_ text: String) { block(.text, [.text(Sensitive(text))]) }

  /// `input` is the tool's input as JSON text.
  mutating func toolUse(id: String, name: String, input: String) {
    block(.toolUse(id: id, name: name), [.toolInput(Sensitive(input))])
  }

  mutating func reasoning(_ text: String, signature: String?) {
    block(.reasoning, [.reasoning(Sensitive(text))] + (signature.map { [.signature($0)] } ?? []))
  }

  mutating func redactedReasoning(_ bytes: [UInt8]) {
    block(.reasoning, [.redactedReasoning(Sensitive(bytes))])
  }

  mutating func stop(_ reason: StopReason) { events.append(.chat(.stopped(reason))) }

  /// Nil where the provider reported nothing.
  mutating func usage(_ usage: TokenUsage?) {
    if let usage { events.append(.chat(.usage(usage))) }
  }

  private mutating func block(_ kind: BlockKind, _ deltas: [BlockDelta]) {
    let index = nextIndex
    nextIndex += 1
    events.append(.chat(.blockStarted(index: index, kind: kind)))
    for delta in deltas { events.append(.chat(.delta(index: index, delta))) }
    events.append(.chat(.blockStopped(index: index)))
  }
}
