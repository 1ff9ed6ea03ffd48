public import Core

/// Everything that a decoder says of an answer: its events, and the failure that ended it.
public struct Outcome: Equatable, Sendable {
  public var events: [ModelEvent] = []
  public var failure: UpstreamFailure?

  /// Decodes `bytes`, fed in pieces that end at `cuts`, which rise.
  public init(of bytes: [UInt8], with decoder: any UpstreamDecoder, cuts: [Int] = [], headers: [HTTPField] = []) {
    var decoder = decoder
    decoder.head(status: 200, headers: headers)
    do throws(UpstreamFailure) {
      var start = 0
      for cut in cuts + [bytes.count] {
        events += try decoder.feed(Array(bytes[start..<cut]))
        start = cut
      }
      events += try decoder.finish()
    } catch {
      failure = error
    }
  }

  /// One line an event, to compare with what is written down.
  public var lines: [String] { events.map(Self.line) + (failure.map { ["failed \($0.kind) \($0.message)"] } ?? []) }

  private static func line(_ event: ModelEvent) -> String {
    switch event {
    case .chat(let event): line(event)
    case .embedded(let answer):
      "embedded \(answer.vectors.reveal()) \(others(answer)) \(answer.usage.map(line) ?? "no usage")"
    }
  }

  private static func line(_ event: ChatEvent) -> String {
    switch event {
    case .started: "started"
    case .blockStarted(let index, .text): "block \(index) text"
    case .blockStarted(let index, .reasoning): "block \(index) reasoning"
    case .blockStarted(let index, .toolUse(let id, let name)): "block \(index) tool \(id) \(name)"
    case .delta(let index, .text(let text)): "text \(index) \(text.reveal().debugDescription)"
    case .delta(let index, .toolInput(let text)): "input \(index) \(text.reveal().debugDescription)"
    case .delta(let index, .reasoning(let text)): "reasoning \(index) \(text.reveal().debugDescription)"
    case .delta(let index, .signature(let text)): "signature \(index) \(text)"
    case .delta(let index, .redactedReasoning(let bytes)): "redacted \(index) \(bytes.reveal())"
    case .blockStopped(let index): "end \(index)"
    case .stopped(let reason): "stopped \(reason)"
    case .usage(let usage): line(usage)
    }
  }

  private static func line(_ usage: TokenUsage) -> String {
    "usage input \(usage.input.count) cache write \(usage.cacheWrite.count) read \(usage.cacheRead.count) "
      + "output \(usage.output.count)"
  }

  private static func others(_ answer: EmbedAnswer) -> String {
    answer.otherTypes.sorted { $0.key < $1.key }.map {
      "\($0.key) \(String(decoding: $0.value.bytes.reveal(), as: UTF8.self))"
    }.joined(separator: " ")
  }
}
