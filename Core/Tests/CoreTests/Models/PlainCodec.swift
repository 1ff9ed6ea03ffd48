@testable import Core

/// A dialect made up for tests: the body of a request is `model|stream|text`, an answer is its text.
struct PlainCodec: InboundCodec {
  var dialect: Dialect { .openAI }

  func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let parts = String(decoding: request.body.reveal(), as: UTF8.self)
      .split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { throw InvalidRequest("The body must be model|stream|text.") }
    let streams = parts[1] == "stream"
    let chat = ChatRequest(
      model: parts[0].isEmpty ? nil : parts[0],
      messages: [Message(role: .user, content: [.text(Sensitive(parts[2]))])], isStreaming: streams)
    return DecodedCall(call: .chat(chat), encoder: PlainEncoder(isStreaming: streams))
  }

  func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    let status =
      switch failure {
      case .invalid: 400
      case .notFound: 404
      case .exhausted, .contended: 429
      case .upstream: 502
      default: 500
      }
    return WholeAnswer(status: status, headers: [], body: Array(failure.message.utf8))
  }

  func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] { Array("!failed".utf8) }
}

struct PlainEncoder: AnswerEncoder {
  let isStreaming: Bool
  var text = ""
  var answeredBy = ""

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    answeredBy = model.text
    return AnswerHead(status: 200, headers: [HTTPField("model", model.text)])
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    guard case .chat(.delta(_, .text(let piece))) = event else { return [] }
    if isStreaming { return answeredBy.isEmpty ? Array("?".utf8) : Array(piece.reveal().utf8) }
    text += piece.reveal()
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    Array("\(text)<end \(usage.output.count)\(answeredBy.isEmpty ? "?" : "")>".utf8)
  }
}

/// A provider made up for tests: each byte of its answer is one text delta, `#` reports usage, `X` is garbage, and an
/// answer that does not end in `.` was cut short.
struct PlainProvider: RemoteProvider, OutboundCodec {
  var transport: any UpstreamTransport { NoTransport() }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { self }

  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else { throw InvalidRequest("Only chat.") }
    let maxTokens = chat.inference.maxTokens.map(String.init) ?? "none"
    return UpstreamRequest(path: "/\(upstreamModel)/\(maxTokens)", headers: [], body: Sensitive([]))
  }

  func decoder(for call: ModelCall) -> any UpstreamDecoder { PlainDecoder() }

  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    switch status {
    case 429: UpstreamFailure(.throttled, "The provider is busy.", retryAfter: 3)
    case 500...: UpstreamFailure(.unavailable, "The provider is down.")
    default: UpstreamFailure(.rejected, "The provider refused the request.")
    }
  }
}

struct PlainDecoder: UpstreamDecoder {
  /// What `#` reports.
  static let reported = TokenUsage(input: 11, cacheRead: 4, output: 7)
  var last: UInt8 = 0
  /// Each byte is a frame.
  private(set) var framesRead = 0
  private var failure: UpstreamFailure?

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    var events: [ModelEvent] = []
    framesRead = 0
    for byte in bytes where failure == nil {
      if byte != UInt8(ascii: "X") { framesRead += 1 }
      if byte != UInt8(ascii: "#") { last = byte }
      switch byte {
      case UInt8(ascii: "X"): failure = UpstreamFailure(.garbled, "The provider's answer can't be read.")
      case UInt8(ascii: "#"): events.append(.chat(.usage(Self.reported)))
      // Part of something that can't be read yet.
      case UInt8(ascii: "~"): break
      default:
        events.append(.chat(.delta(index: 0, .text(Sensitive(String(UnicodeScalar(byte)))))))
      }
    }
    return events
  }

  var isComplete: Bool { failure == nil && last == UInt8(ascii: ".") }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    guard last == UInt8(ascii: ".") else {
      throw UpstreamFailure(.connection, "The provider's answer was cut short.")
    }
    return []
  }
}

struct NoTransport: UpstreamTransport {
  func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
    throw UpstreamFailure(.connection, "Not used in tests of the machine.")
  }
}
