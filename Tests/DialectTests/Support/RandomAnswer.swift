import Core

/// Answers of a model that never was: every kind of block in any order, announced or not, ended or not, with something in
/// them or nothing.
enum RandomAnswer {
  private static let texts = ["", "a", "Grüße", "😀", "\"\\", "line\nline", "x y z"]

  /// `overlapping`: now and then pieces of several blocks come mixed.
  static func events(_ random: inout TestRandom, overlapping: Bool) -> [ModelEvent] {
    var events: [ModelEvent] = random.chance(3, of: 4) ? [.chat(.started)] : []
    var waiting: [[ModelEvent]] = []
    var hasTools = false
    var index = 0
    for _ in 0..<random.below(6) {
      let (block, isTool) = block(index, &random)
      hasTools = hasTools || isTool
      index += 1 + random.below(2)
      waiting.append(block)
      if !overlapping || random.chance(1, of: 2) { events += mixed(&waiting, &random) }
    }
    events += mixed(&waiting, &random)
    let reasons: [StopReason] = hasTools ? [.toolUse, .maxTokens] : [.endOfTurn, .maxTokens, .stopSequence, .refusal]
    if random.chance(9, of: 10) { events.append(.chat(.stopped(reasons[random.below(reasons.count)]))) }
    if random.chance(9, of: 10) { events.append(.chat(.usage(SampleAnswer.usage))) }
    return events
  }

  /// The events of several blocks, each in its own order.
  private static func mixed(_ blocks: inout [[ModelEvent]], _ random: inout TestRandom) -> [ModelEvent] {
    var events: [ModelEvent] = []
    while !blocks.isEmpty {
      let block = random.below(blocks.count)
      events.append(blocks[block].removeFirst())
      if blocks[block].isEmpty { blocks.remove(at: block) }
    }
    return events
  }

  private static func block(_ index: Int, _ random: inout TestRandom) -> (events: [ModelEvent], isTool: Bool) {
    func text() -> Sensitive<String> { Sensitive(texts[random.below(texts.count)]) }
    let kind: BlockKind
    var deltas: [BlockDelta] = []
    switch random.below(4) {
    case 0:
      kind = .toolUse(id: "call-\(index)", name: "tool_\(random.below(3))")
      if random.chance(3, of: 4) {
        deltas = ["{\"a\":", "\"ü", "\"", "}"].map { .toolInput(Sensitive($0)) }
      }
    case 1:
      kind = .reasoning
      deltas = [.reasoning(Sensitive("hm"))] + (0..<random.below(3)).map { _ in .reasoning(text()) }
      for piece in ["si", "g"].prefix(random.below(3)) { deltas.append(.signature(piece)) }
    case 2:
      kind = .reasoning
      deltas = [.redactedReasoning(Sensitive([1, 2, 255]))]
    default:
      kind = .text
      deltas = (0..<random.below(4)).map { _ in .text(text()) }
    }
    let isTool = if case .toolUse = kind { true } else { false }
    var events = deltas.map { ModelEvent.chat(.delta(index: index, $0)) }
    // Only tool calls must announce themselves.
    if isTool || events.isEmpty || random.chance(4, of: 5) {
      events.insert(.chat(.blockStarted(index: index, kind: kind)), at: 0)
    }
    if random.chance(9, of: 10) { events.append(.chat(.blockStopped(index: index))) }
    return (events, isTool)
  }
}
