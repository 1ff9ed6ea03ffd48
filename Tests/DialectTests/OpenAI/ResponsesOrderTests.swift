import Core
import Dialects
import Testing

@Suite("Whatever a provider says in whatever order, the events of a streamed response fit together")
struct ResponsesOrderTests {
  @Test("2,000 random answers", arguments: TestRandom.freshSeeds(2))
  func random(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    var items = 0
    for round in 0..<1_000 {
      let events = Self.answer(&random)
      let streamed = try ResponsesEncoderTests.answer(#","stream":true"#, events).body
      let whole = try JSONDocument(Array(try ResponsesEncoderTests.answer("", events).body.utf8)).root
      let parsed = try Self.parse(streamed)
      #expect(StreamCheck(parsed).problems == [], "seed \(seed), round \(round)")
      // Streamed or not, the caller has the same in the end.
      let last = try #require(parsed.last?["response"])
      #expect(last.raw.elementsEqual(whole.raw), "seed \(seed), round \(round)")
      items += whole["output"]?.count ?? 0
    }
    #expect(items > 500, "seed \(seed)")
  }

  @Test("An event that is missing, doubled or changed is found, wherever it stands")
  func planted() throws {
    for sample in [SampleAnswer.text, SampleAnswer.tools, ResponsesEncoderTests.reasoning] {
      let stream = try ResponsesEncoderTests.answer(#","stream":true"#, sample).body
      let lines = stream.split(separator: "\n\n").map(String.init)
      #expect(StreamCheck(try Self.parse(stream)).problems == [])
      for place in lines.indices {
        var missing = lines
        missing.remove(at: place)
        #expect(StreamCheck(try Self.parse(Self.numbered(missing))).problems != [], "without \(lines[place])")
        let doubled = lines[...place] + lines[place...]
        #expect(StreamCheck(try Self.parse(Self.numbered(Array(doubled)))).problems != [], "twice \(lines[place])")
        guard let quote = lines[place].firstRange(of: #""delta":""#) else { continue }
        var changed = lines
        changed[place].insert("z", at: quote.upperBound)
        #expect(StreamCheck(try Self.parse(Self.numbered(changed))).problems != [], "changed \(lines[place])")
      }
    }
  }

  /// The lines with their sequence numbers put right, so that only what else is wrong can be found.
  private static func numbered(_ lines: [String]) -> String {
    lines.enumerated().map { number, line in
      line.replacing(/"sequence_number":\d+/, with: "\"sequence_number\":\(number)") + "\n\n"
    }.joined()
  }

  private static func parse(_ stream: String) throws -> [JSONNode] {
    var parser = ServerSentEventParser()
    return try parser.feed(Array(stream.utf8)).map { event in
      let node = try JSONDocument(event.data).root
      #expect(node["type"]?.string == event.name)
      return node
    }
  }

  /// Mostly what a provider may say; sometimes blocks that are open at once, unannounced or never closed.
  private static func answer(_ random: inout TestRandom) -> [ModelEvent] {
    var events: [ModelEvent] = random.chance(9, of: 10) ? [.chat(.started)] : []
    let isOrderly = random.chance(1, of: 2)
    for block in 0..<random.below(5) {
      let index = isOrderly ? block : random.below(3)
      let kind = [BlockKind.text, .reasoning, .toolUse(id: "call_\(block)", name: "f")][random.below(3)]
      if isOrderly || random.chance(4, of: 5) { events.append(.chat(.blockStarted(index: index, kind: kind))) }
      for _ in 0..<random.below(4) {
        let place = isOrderly || random.chance(4, of: 5) ? index : random.below(3)
        events.append(.chat(.delta(index: place, delta(isOrderly ? kind : nil, &random))))
      }
      if isOrderly || random.chance(3, of: 4) { events.append(.chat(.blockStopped(index: index))) }
      if random.chance(1, of: 6) { events.append(.chat(.usage(TokenUsage(output: 1)))) }
    }
    if random.chance(9, of: 10) {
      events.append(.chat(.stopped(StopReason.allCases[random.below(StopReason.allCases.count)])))
    }
    return events
  }

  private static func delta(_ kind: BlockKind?, _ random: inout TestRandom) -> BlockDelta {
    let text = Sensitive(["", "a", "é😀", "\"\n\\", "{\"a\":"][random.below(5)])
    switch kind ?? [BlockKind.text, .reasoning, .toolUse(id: "", name: "")][random.below(3)] {
    case .text: return .text(text)
    case .toolUse: return .toolInput(text)
    case .reasoning:
      return [.reasoning(text), .signature("s"), .redactedReasoning(Sensitive([7]))][random.below(3)]
    }
  }
}

/// Reads a stream as a careful client does and notes what does not fit.
private struct StreamCheck {
  private(set) var problems: [String] = []
  private var items: [Item] = []

  private struct Item {
    let id: String
    let type: String
    /// The last kind of event that concerned it.
    var state = "added"
    var text = ""
    var done: JSONNode?
  }

  /// What may come before each kind of event of an item.
  private static let before: [String: Set<String>] = [
    "content_part.added": ["added"], "output_text.delta": ["content_part.added", "output_text.delta"],
    "output_text.done": ["output_text.delta"], "content_part.done": ["output_text.done"],
    "reasoning_summary_part.added": ["added"],
    "reasoning_summary_text.delta": ["reasoning_summary_part.added", "reasoning_summary_text.delta"],
    "reasoning_summary_text.done": ["reasoning_summary_text.delta"],
    "reasoning_summary_part.done": ["reasoning_summary_text.done"],
    "function_call_arguments.delta": ["added", "function_call_arguments.delta"],
    "function_call_arguments.done": ["added", "function_call_arguments.delta"],
  ]
  private static let lastOf: [String: Set<String>] = [
    "message": ["content_part.done"], "reasoning": ["added", "reasoning_summary_part.done"],
    "function_call": ["function_call_arguments.done"],
  ]

  init(_ events: [JSONNode]) {
    let names = events.map { ($0["type"]?.string ?? "").replacing("response.", with: "") }
    if Array(names.prefix(2)) != ["created", "in_progress"] { note("it begins with \(names.prefix(2))") }
    for (number, event) in events.enumerated() {
      if event["sequence_number"]?.integer != Int64(number) { note("a sequence number is wrong at \(number)") }
      switch names[number] {
      case "created", "in_progress": if number > 1 { note("it begins again at \(number)") }
      case "completed", "incomplete": if number != names.count - 1 { note("it ends early at \(number)") }
      default: read(names[number], event)
      }
    }
    guard let last = events.last?["response"], ["completed", "incomplete"].contains(names.last) else {
      note("it has no end")
      return
    }
    compare(last)
  }

  private mutating func note(_ problem: String) { problems.append(problem) }

  private mutating func read(_ name: String, _ event: JSONNode) {
    let index = Int(event["output_index"]?.integer ?? -1)
    if name == "output_item.added" {
      if index != items.count { note("item \(items.count) is added as \(index)") }
      let item = event["item"]
      items.append(Item(id: item?["id"]?.string ?? "", type: item?["type"]?.string ?? ""))
      if item?["status"]?.string != "in_progress" { note("item \(index) begins with another status") }
      return
    }
    guard items.indices.contains(index) else { return note("\(name) belongs to no item") }
    if items[index].done != nil { note("\(name) comes after the end of \(index)") }
    if name == "output_item.done" {
      if Self.lastOf[items[index].type]?.contains(items[index].state) != true {
        note("item \(index) ends after \(items[index].state)")
      }
      items[index].done = event["item"]
      return
    }
    if event["item_id"]?.string != items[index].id { note("\(name) names another item") }
    if Self.before[name]?.contains(items[index].state) != true { note("\(name) comes after \(items[index].state)") }
    items[index].state = name
    if name.hasSuffix(".delta") {
      let delta = event["delta"]?.string ?? ""
      if delta.isEmpty { note("a piece is empty") }
      items[index].text += delta
    } else {
      let whole = event["text"] ?? event["arguments"] ?? event["part"]?["text"]
      if name.hasSuffix("added") ? whole?.string != "" : whole?.string != items[index].text {
        note("\(name) does not have the text of the pieces")
      }
    }
  }

  /// The whole response has what came in pieces.
  private mutating func compare(_ response: JSONNode) {
    let output = Array(response.elements(of: "output"))
    guard output.count == items.count else { return note("the response has \(output.count) items") }
    for (item, final) in zip(items, output) {
      if item.done?.raw.elementsEqual(final.raw) != true {
        note("\(item.id) ended otherwise than it stands in the end")
      }
      if final["id"]?.string != item.id || final["type"]?.string != item.type { note("\(item.id) has become another") }
      let parts = Array(final.elements(of: "content")) + Array(final.elements(of: "summary"))
      let text = final["arguments"]?.string ?? parts.compactMap { $0["text"]?.string }.joined()
      if text != item.text { note("\(item.id) has another text in the end") }
    }
  }
}
