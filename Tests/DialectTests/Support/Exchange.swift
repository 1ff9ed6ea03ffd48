import Core
import Dialects

/// What the tests send and read.
enum Exchange {
  static let requestID = RequestID("req-1")
  static let model = ModelVersionID("model-x")
  static let createdAt = Instant(milliseconds: 1_750_000_000_123)

  static func request(
    _ body: String, parameters: [String: String] = [:], headers: [HTTPField] = []
  ) -> InboundRequest {
    InboundRequest(
      method: "POST", path: "/", parameters: parameters, headers: headers, body: Sensitive(Array(body.utf8)))
  }

  /// The neutral chat of `body`.
  static func chat(_ codec: some InboundCodec, _ body: String) throws -> ChatRequest {
    guard case .chat(let chat) = try codec.decode(request(body)).call else { throw Mismatch() }
    return chat
  }

  /// The neutral embeddings call of `body`.
  static func embed(_ codec: some InboundCodec, _ body: String) throws -> EmbedRequest {
    guard case .embed(let embed) = try codec.decode(request(body)).call else { throw Mismatch() }
    return embed
  }

  /// The refusal of `body` where no provider speaks its dialect; nil where it is taken.
  static func refusal(_ codec: some InboundCodec, _ body: String) -> InvalidRequest? {
    do {
      return try codec.decode(request(body)).original?.beyondNeutral
    } catch {
      return error
    }
  }

  /// Everything that an encoder writes for `events`.
  static func answer(
    _ encoder: any AnswerEncoder, _ events: [ModelEvent], usage: TokenUsage
  ) -> (head: AnswerHead, body: String) {
    var encoder = encoder
    var bytes: [UInt8] = []
    let head = encoder.head(requestID: requestID, model: model, createdAt: createdAt)
    for event in events { bytes += encoder.encode(event) }
    bytes += encoder.finish(usage: usage)
    return (head, text(bytes))
  }

  /// The events of `bytes`, fed in pieces that end at `cuts`.
  static func decode(
    _ decoder: any UpstreamDecoder, _ bytes: [UInt8], cuts: [Int] = [], headers: [HTTPField] = []
  ) throws -> [ModelEvent] {
    var decoder = decoder
    decoder.head(status: 200, headers: headers)
    var events: [ModelEvent] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      events += try decoder.feed(Array(bytes[start..<cut]))
      start = cut
    }
    return try events + decoder.finish()
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  struct Mismatch: Error {}
}

extension ModelEvent {
  static func text(_ index: Int, _ text: String) -> ModelEvent { .chat(.delta(index: index, .text(Sensitive(text)))) }

  static func input(_ index: Int, _ text: String) -> ModelEvent {
    .chat(.delta(index: index, .toolInput(Sensitive(text))))
  }
}

/// A whole answer by events.
enum SampleAnswer {
  static let usage = TokenUsage(input: 7, cacheWrite: 2, cacheRead: 3, output: 5)

  static let text: [ModelEvent] = [
    .chat(.started), .chat(.blockStarted(index: 0, kind: .text)), .text(0, "Hel"), .text(0, "lo \"you\"\n"),
    .chat(.blockStopped(index: 0)), .chat(.stopped(.endOfTurn)), .chat(.usage(usage)),
  ]

  static let tools: [ModelEvent] = [
    .chat(.started), .chat(.blockStarted(index: 0, kind: .text)), .text(0, "Looking."),
    .chat(.blockStopped(index: 0)),
    .chat(.blockStarted(index: 1, kind: .toolUse(id: "t1", name: "weather"))), .input(1, "{\"city\":"),
    .input(1, "\"Ulm\"}"), .chat(.blockStopped(index: 1)),
    .chat(.blockStarted(index: 2, kind: .toolUse(id: "t2", name: "clock"))), .chat(.blockStopped(index: 2)),
    .chat(.stopped(.toolUse)), .chat(.usage(usage)),
  ]
}
