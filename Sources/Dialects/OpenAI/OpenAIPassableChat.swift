import Core

/// A chat completion request as it came, for servers that speak OpenAI's dialect. Rules D-1, D-4.
struct OpenAIPassableChat: PassableRequest, Redacted {
  private static let maxTokensNames = ["max_tokens", "max_completion_tokens"]

  let body: JSONNode
  let beyondNeutral: InvalidRequest?
  let uncountedBytes: Int
  let isStreaming: Bool
  let includesUsage: Bool

  /// Nil for a request whose names a careless server could take for others, or of which it could take another of two
  /// members with one name: it goes on in the neutral call's words. Throws where the neutral call does not say all of that.
  init?(_ reader: OpenAIChatReader) throws(InvalidRequest) {
    guard reader.body.hasPlainNames, reader.body["stream_options"]?.hasPlainNames ?? true,
      !reader.survey.hasDuplicates
    else {
      if let beyond = reader.beyondNeutral { throw beyond }
      return nil
    }
    body = reader.body
    beyondNeutral = reader.beyondNeutral
    uncountedBytes = reader.survey.uncountedBytes
    isStreaming = reader.request.isStreaming
    includesUsage = reader.includesUsage
  }

  /// What must change: the model's name, the bound on the answer, and that usage is told. Rules U-2, U-5.
  ///
  /// `usualMaxTokensName` is what the server calls the bound where the caller named none.
  func body(model: String, maxTokens: Int?, usualMaxTokensName: String) -> [UInt8] {
    var editor = JSONEditor(body.document)
    editor.set("model", to: JSONText.quoted(model))
    if let maxTokens {
      // A server that does not know the caller's name for it would answer without a bound.
      let other = Self.maxTokensNames.first { $0 != usualMaxTokensName && body[$0] != nil }
      let value = Array(String(maxTokens).utf8)
      if let other, body[usualMaxTokensName] == nil, !body.hasMember(usualMaxTokensName) {
        editor.replace(other, by: usualMaxTokensName, value)
      } else {
        editor.set(usualMaxTokensName, to: value)
        if let other { editor.set(other, to: value) }
      }
    }
    if isStreaming { editor.set("stream_options", "include_usage", to: Array("true".utf8)) }
    return editor.edited()
  }

  var encoder: any AnswerEncoder {
    isStreaming
      ? OpenAIStreamRelay(includesUsage: includesUsage)
      : WholeAnswerRelay { OpenAIAnswer.head(contentType: "application/json", requestID: $0) }
  }
}

/// A streamed chat completion given as it comes. `[DONE]` is kept back until the call is settled (rule M-1); the chunk with
/// the usage is taken out where only metering asked for it.
struct OpenAIStreamRelay: AnswerEncoder, Redacted {
  private static let done = Array("data: [DONE]\n\n".utf8)

  private let includesUsage: Bool
  private var frames = ServerSentFrames()
  /// `[DONE]`.
  private var held: [UInt8] = []
  /// The server told an error: what follows is told in our words.
  private var hasFailed = false

  init(includesUsage: Bool) { self.includesUsage = includesUsage }

  func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    var head = OpenAIAnswer.head(contentType: "text/event-stream", requestID: requestID)
    head.headers.append(HTTPField("cache-control", "no-cache"))
    return head
  }

  func encode(_ event: ModelEvent) -> [UInt8] { [] }

  mutating func relay(_ bytes: [UInt8]) -> [UInt8] {
    // Nothing counts after the end, and nothing of it is kept.
    guard held.isEmpty else { return [] }
    var passed: [UInt8] = []
    for frame in frames.feed(bytes) { take(frame, &passed) }
    return passed
  }

  mutating func relay(_ bytes: [UInt8], frames count: Int) -> [UInt8] {
    var passed: [UInt8] = []
    for frame in frames.feed(bytes, events: count) { take(frame, &passed) }
    return passed
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var last: [UInt8] = []
    if let frame = frames.last() { take(frame, &last) }
    return last + (held.isEmpty ? Self.done : held)
  }

  private mutating func take(_ frame: [UInt8], _ passed: inout [UInt8]) {
    guard !hasFailed else { return }
    guard held.isEmpty else { return }
    if isDone(frame) {
      held = frame
    } else if frame.holds("\"error\""), member("error", of: frame) != nil {
      hasFailed = true
    } else if includesUsage || !isUsageAlone(frame) {
      passed += frame
    }
  }

  private func isDone(_ frame: [UInt8]) -> Bool {
    frame.holds("[DONE]") && ServerSentFrames.event(in: frame)?.data.elementsEqual("[DONE]".utf8) == true
  }

  private func isUsageAlone(_ frame: [UInt8]) -> Bool {
    guard frame.holds("\"usage\""), let usage = member("usage", of: frame) else { return false }
    return usage.kind == .object && member("choices", of: frame)?.count == 0
  }

  private func member(_ name: String, of frame: [UInt8]) -> JSONNode? {
    guard let event = ServerSentFrames.event(in: frame) else { return nil }
    return try? JSONDocument(event.data).root[name]
  }
}
