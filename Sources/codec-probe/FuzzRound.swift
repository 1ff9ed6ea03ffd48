import ArgumentParser
import CodecCorpus
import Core
import Dialects
import Foundation

/// Makes the inputs of a run and checks what becomes of them.
struct FuzzRound {
  /// A damaged input and who is to read it.
  struct Input {
    enum Reader {
      case answer(AnswerKind)
      case request(RequestKind)
      case other
    }

    let name: String
    let reader: Reader
    let bytes: [UInt8]
    var random: ProbeRandom
  }

  /// For what is written: JSON that came as a string, in itself as deep as a document may be, stands in the midst of it.
  private static let written = JSONLimits(depth: 2 * JSONLimits.answer.depth, values: 8_000_000, bytes: 128 << 20)

  private let seed: UInt64
  private let plant: Plant?
  private let transcripts: [Transcript]
  private let requests: [(kind: RequestKind, body: [UInt8])]
  private let encoders: [any AnswerEncoder]

  init(corpus: URL, seed: UInt64, plant: Plant?) throws {
    self.seed = seed
    self.plant = plant
    transcripts = try Transcript.all(in: corpus)
    requests = try RequestKind.all.flatMap { kind in try kind.bodies(in: corpus).map { (kind, $0) } }
    // A body may be fit for one of two paths only.
    encoders = requests.compactMap { try? $0.kind.codec.decode($0.kind.request($0.body)).encoder }
    guard encoders.count > requests.count / 2 else {
      throw ValidationError("Most bodies of the corpus are refused; they were not meant to be.")
    }
  }

  func input(_ number: Int) -> Input {
    var random = ProbeRandom(seed: seed, round: number)
    let transcript = random.one(of: transcripts)
    let request = random.one(of: requests)
    // Mostly the reader that the input was made for, so that damage goes deep.
    let isFitting = random.chance(7, of: 8)
    switch random.below(10) {
    case 0...5:
      let kind = isFitting ? transcript.kind : random.one(of: AnswerKind.all)
      let bytes = damaged(transcript, &random)
      return Input(name: "\(transcript) as \(kind)", reader: .answer(kind), bytes: bytes, random: random)
    case 6...8:
      let kind = isFitting ? request.kind : random.one(of: RequestKind.all)
      let bytes = Damage.bytes(request.body, with: random.one(of: requests).body, &random)
      return Input(name: "\(request.kind) as \(kind)", reader: .request(kind), bytes: bytes, random: random)
    default:
      return Input(
        name: "\(transcript) alone", reader: .other, bytes: damaged(transcript, &random), random: random)
    }
  }

  private func damaged(_ transcript: Transcript, _ random: inout ProbeRandom) -> [UInt8] {
    let other = random.one(of: transcripts).bytes
    if transcript.form == .frames, random.chance(2, of: 3) {
      return Damage.frames(transcript.frames, with: other, &random)
    }
    return Damage.bytes(random.one(of: transcript.spellings), with: other, &random)
  }

  /// What promise was broken; nil where none was.
  func check(_ input: Input, _ tally: inout FuzzTally) -> String? {
    var random = input.random
    switch input.reader {
    case .answer(let kind):
      tally.answers += 1
      return checkAnswer(kind, input.bytes, &random, &tally)
    case .request(let kind):
      tally.requests += 1
      return checkCounting(input.bytes) ?? checkRequest(kind, input.bytes, &random, &tally)
    case .other:
      tally.others += 1
      return checkOthers(input.bytes, &random)
    }
  }

  // MARK: Answers

  private func checkAnswer(
    _ kind: AnswerKind, _ bytes: [UInt8], _ random: inout ProbeRandom, _ tally: inout FuzzTally
  ) -> String? {
    let decoder = plant?.faulty(kind.decoder) ?? kind.decoder
    let whole = Outcome(of: bytes, with: decoder)
    let cuts = cuts(bytes.count, &random)
    let split = Outcome(of: bytes, with: decoder, cuts: cuts)
    if split != whole { return "cut at \(cuts.prefix(20)) it means something else" }
    if let relayed = Relayed(of: bytes, kind), !relayed.isBroken, Relayed(of: bytes, kind, cuts: cuts) != relayed {
      return "cut at \(cuts.prefix(20)) other bytes pass through"
    }
    if let failure = whole.failure, let problem = problem(with: failure.message) { return problem }
    if whole.failure == nil, !whole.events.isEmpty { tally.answersRead += 1 }
    for event in whole.events {
      if case .chat(.usage(let usage)) = event, usage != usage.bounded { return "a report has a class beyond reason" }
      if case .embedded(let answer) = event, answer.usage != answer.usage?.bounded { return "vectors cost too much" }
    }
    let failure = kind.codec.failure(status: 300 + random.below(300), headers: [], body: bytes)
    if let problem = problem(with: failure.message) { return problem }
    return checkEncoding(whole.events, &random)
  }

  /// Whatever a provider said, what the caller gets is in form.
  private func checkEncoding(_ events: [ModelEvent], _ random: inout ProbeRandom) -> String? {
    var encoder = random.one(of: encoders)
    var head = encoder.head(
      requestID: RequestID("req-1"), model: ModelVersionID("m"), createdAt: Instant(milliseconds: 0))
    var bytes: [UInt8] = []
    for event in events { bytes += encoder.encode(event) }
    bytes += encoder.finish(usage: TokenUsage(input: 1, output: 1))
    head.headers = head.headers.filter { $0.name == "content-type" }
    switch head.headers.first?.value {
    case "application/json":
      return (try? JSONDocument(bytes, limits: Self.written)) == nil ? "an answer is not JSON" : nil
    case EventStreamFrame.contentType:
      var decoder = EventStreamDecoder()
      return (try? decoder.feed(bytes)) == nil || (try? decoder.finish()) == nil ? "an answer has a bad frame" : nil
    default:
      var parser = ServerSentEventParser()
      return (try? parser.feed(bytes)) == nil ? "an answer is no stream of events" : nil
    }
  }

  private func cuts(_ count: Int, _ random: inout ProbeRandom) -> [Int] {
    guard random.chance(3, of: 4) else { return [random.below(count + 1)] }
    let longest = random.one(of: [1, 7, 100, 5_000]) + count / 2_000
    var cuts: [Int] = []
    var last = 0
    while last < count {
      last = min(count, last + 1 + random.below(longest))
      cuts.append(last)
    }
    return cuts
  }

  // MARK: Requests

  private func checkRequest(
    _ kind: RequestKind, _ bytes: [UInt8], _ random: inout ProbeRandom, _ tally: inout FuzzTally
  ) -> String? {
    let decoded: DecodedCall
    do throws(InvalidRequest) {
      decoded = try kind.codec.decode(kind.request(bytes))
    } catch {
      return problem(with: error.message)
    }
    tally.requestsTaken += 1
    for answer in AnswerKind.all {
      if let request = try? answer.codec.request(for: decoded.call, upstreamModel: answer.upstreamModel),
        (try? JSONDocument(request.body.reveal(), limits: Self.written)) == nil
      {
        return "what \(answer) is sent is not JSON"
      }
      guard let original = decoded.original,
        let passed = answer.codec.passing(original, for: decoded.call, upstreamModel: answer.upstreamModel)
      else { continue }
      guard (try? JSONDocument(passed.request.body.reveal(), limits: Self.written)) != nil else {
        return "what passes to \(answer) is not JSON"
      }
      var encoder = passed.encoder
      for piece in [bytes, random.one(of: transcripts).bytes] { _ = encoder.relay(piece) }
      _ = encoder.finish(usage: .zero)
    }
    return nil
  }

  /// The same body as a question how many tokens it has, and as the answer to one.
  private func checkCounting(_ bytes: [UInt8]) -> String? {
    let asking: [any InboundTokenCountCodec] = [AnthropicTokenCountInbound(), BedrockTokenCountInbound()]
    let counting: [any TokenCountCodec] = [AnthropicTokenCountOutbound(), BedrockTokenCountOutbound()]
    for codec in counting {
      if let count = try? codec.count(in: bytes), count < 0 { return "a count is negative" }
    }
    for codec in asking {
      let request = InboundRequest(
        method: "POST", path: "/", parameters: ["modelId": "m"], headers: [], body: Sensitive(bytes))
      do throws(InvalidRequest) {
        let counted = try codec.decode(request)
        for codec in counting {
          guard let question = try? codec.request(for: counted.call, upstreamModel: "m") else { continue }
          if (try? JSONDocument(question.body.reveal(), limits: Self.written)) == nil {
            return "a question for a count is not JSON"
          }
        }
      } catch {
        if let problem = problem(with: error.message) { return problem }
      }
    }
    return nil
  }

  // MARK: Others

  /// Framing within narrow limits, and an edit of whatever is JSON.
  private func checkOthers(_ bytes: [UInt8], _ random: inout ProbeRandom) -> String? {
    let limits = FramingLimits(lineBytes: 64, eventBytes: 256)
    var parser = ServerSentEventParser(limits: limits)
    if let events = try? parser.feed(bytes), events.contains(where: { $0.data.count > limits.eventBytes }) {
      return "an event is longer than the limit"
    }
    var decoder = EventStreamDecoder(limits: limits)
    if let frames = try? decoder.feed(bytes), frames.contains(where: { $0.payload.count > limits.eventBytes }) {
      return "a frame is longer than the limit"
    }
    guard let document = try? JSONDocument(bytes) else { return nil }
    var editor = JSONEditor(document)
    editor.set("model", to: Array("\"m\"".utf8))
    editor.set("stream_options", "include_usage", to: Array("true".utf8))
    guard document.root.kind == .object else { return nil }
    guard let edited = try? JSONValue(editor.edited()), edited["model"] == .string("m") else {
      return "an edited object is not what was asked for"
    }
    return nil
  }

  /// Sentences for people say something, end, and hold nothing long.
  private func problem(with sentence: String) -> String? {
    sentence.hasSuffix(".") && sentence.utf8.count < 600 ? nil : "a sentence is not fit for people"
  }
}
