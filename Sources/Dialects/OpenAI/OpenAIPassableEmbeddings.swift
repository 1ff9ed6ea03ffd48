import Core

/// An embeddings request as it came, for servers that speak OpenAI's dialect. Rules D-1, D-4.
struct OpenAIPassableEmbeddings: PassableRequest, Redacted {
  let body: JSONNode
  let usesBase64: Bool
  let uncountedBytes: Int

  var beyondNeutral: InvalidRequest? { nil }

  /// Nil for a request whose names a careless server could take for others: it goes on in the neutral call's words.
  init?(_ body: JSONNode, usesBase64: Bool) throws(InvalidRequest) {
    let survey = try MemberSurvey(body, OpenAIMembers.embeddings)
    guard body.hasPlainNames, !survey.hasDuplicates else { return nil }
    uncountedBytes = survey.uncountedBytes
    self.body = body
    self.usesBase64 = usesBase64
  }

  /// What must change: the model's name.
  func body(model: String) -> [UInt8] {
    var editor = JSONEditor(body.document)
    editor.set("model", to: JSONText.quoted(model))
    return editor.edited()
  }

  var encoder: any AnswerEncoder { OpenAIEmbeddingsRelay(usesBase64: usesBase64) }
}

/// A list of embeddings given as it came, or in our words where a server that knows no Base64 gave numbers instead, or gave
/// them in another order: some clients read only what they asked for, and in the order in which they asked.
struct OpenAIEmbeddingsRelay: AnswerEncoder, Redacted {
  private let usesBase64: Bool
  private var raw = WholeAnswerRelay { OpenAIAnswer.head(contentType: "application/json", requestID: $0) }
  private var anew: OpenAIEmbeddingsEncoder

  init(usesBase64: Bool) {
    self.usesBase64 = usesBase64
    anew = OpenAIEmbeddingsEncoder(usesBase64: usesBase64)
  }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    anew.head(requestID: requestID, model: model, createdAt: createdAt)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] { anew.encode(event) }

  mutating func relay(_ bytes: [UInt8]) -> [UInt8] { raw.relay(bytes) }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    let bytes = raw.finish(usage: usage)
    return isAsAsked(bytes) ? bytes : anew.finish(usage: usage)
  }

  // MARK: Form

  private static let embedding = Array(#""embedding""#.utf8)
  private static let index = Array(#""index""#.utf8)

  /// Whether every embedding has the form that was asked for, and their numbers rise from 0. Looks for the members' names
  /// only: numbers and Base64 hold no quotes.
  private func isAsAsked(_ answer: [UInt8]) -> Bool {
    var next = 0
    var embeddings = 0
    for start in answer.indices where answer[start] == UInt8(ascii: "\"") {
      if let value = Self.value(of: Self.embedding, at: start, in: answer) {
        guard (answer[value] == UInt8(ascii: "\"")) == usesBase64 else { return false }
        embeddings += 1
      } else if let value = Self.value(of: Self.index, at: start, in: answer) {
        guard Self.number(at: value, in: answer) == next else { return false }
        next += 1
      }
    }
    return embeddings > 0
  }

  /// Where the value of the member begins whose quoted name stands at `start`; nil where another one stands there.
  private static func value(of name: [UInt8], at start: Int, in answer: [UInt8]) -> Int? {
    let end = start + name.count
    guard end < answer.count, answer[start..<end].elementsEqual(name) else { return nil }
    // The words stand there as values too, with no colon after them.
    guard let colon = answer[end...].firstIndex(where: { !JSONByte.isSpace($0) }), answer[colon] == UInt8(ascii: ":")
    else { return nil }
    return answer[(colon + 1)...].firstIndex { !JSONByte.isSpace($0) }
  }

  private static func number(at start: Int, in answer: [UInt8]) -> Int? {
    let end = answer[start...].firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? answer.endIndex
    return Int(String(decoding: answer[start..<end], as: UTF8.self))
  }
}
