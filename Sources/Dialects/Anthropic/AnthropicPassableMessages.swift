import Core

/// A messages call as it came, for services that speak Anthropic's dialect. Rules D-1, D-4.
struct AnthropicPassableMessages: PassableRequest, Redacted {
  private static let version = "anthropic-version"

  let body: JSONNode
  let beyondNeutral: InvalidRequest?
  let uncountedBytes: Int
  let isStreaming: Bool
  /// The caller's version of the dialect and the trials it takes part in, which change what members mean.
  let headers: [HTTPField]

  /// Nil for a request whose names a careless server could take for others, or of which it could take another of two
  /// members with one name: it goes on in the neutral call's words. Throws where the neutral call does not say all of that.
  init?(_ reader: AnthropicReader, headers: [HTTPField]) throws(InvalidRequest) {
    let trials = try AnthropicTrials(headers: headers).names
    guard reader.body.hasPlainNames, !reader.survey.hasDuplicates else {
      if let beyond = reader.beyondNeutral { throw beyond }
      return nil
    }
    body = reader.body
    beyondNeutral = reader.beyondNeutral
    uncountedBytes = reader.survey.uncountedBytes
    isStreaming = reader.request.isStreaming
    let asked = trials.isEmpty ? [] : [HTTPField(AnthropicTrials.header, trials.joined(separator: ","))]
    self.headers = headers.filter { $0.name.lowercased() == Self.version } + asked
  }

  /// What must change: the model's name and the bound on the answer. Rule U-5.
  func body(model: String, maxTokens: Int?) -> [UInt8] {
    var editor = JSONEditor(body.document)
    editor.set("model", to: JSONText.quoted(model))
    if let maxTokens { editor.set("max_tokens", to: Array(String(maxTokens).utf8)) }
    return editor.edited()
  }

  var encoder: any AnswerEncoder {
    isStreaming
      ? AnthropicStreamRelay()
      : WholeAnswerRelay { AnthropicAnswer.head(contentType: "application/json", requestID: $0) }
  }
}

/// A streamed message given as it comes. `message_delta`, which ends the answer, and what follows it are kept back until
/// the call is settled (rule M-1); how much that is, the decoder bounds, which has read it before (``AnswerEnding``).
struct AnthropicStreamRelay: AnswerEncoder, Redacted {
  private var frames = ServerSentFrames()
  private var held: [UInt8] = []
  private var hasEnded = false
  /// The service told an error: what follows is told in our words.
  private var hasFailed = false

  func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    var head = AnthropicAnswer.head(contentType: "text/event-stream", requestID: requestID)
    head.headers.append(HTTPField("cache-control", "no-cache"))
    return head
  }

  func encode(_ event: ModelEvent) -> [UInt8] { [] }

  mutating func relay(_ bytes: [UInt8]) -> [UInt8] {
    guard !hasEnded else { return [] }
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
    return last + held
  }

  private mutating func take(_ frame: [UInt8], _ passed: inout [UInt8]) {
    guard !hasFailed, !hasEnded else { return }
    switch kind(of: frame) {
    case "error": hasFailed = true
    case "message_delta": held += frame
    case "message_stop":
      held += frame
      hasEnded = true
    // What else comes after the beginning of the end is no part of the answer.
    default: if held.isEmpty { passed += frame }
    }
  }

  private func kind(of frame: [UInt8]) -> String? {
    // Most frames are pieces of content: only those that may be another kind are looked into.
    guard frame.holds("message_delta") || frame.holds("message_stop") || frame.holds("\"error\"") else { return nil }
    guard let event = ServerSentFrames.event(in: frame) else { return nil }
    return (try? JSONDocument(event.data).root["type"]?.string) ?? event.name
  }
}
