import Core

/// A message in Claude's words for InvokeModel as it came, for Bedrock itself. Rules D-1, D-4.
struct BedrockPassableMessage: PassableRequest, Redacted {
  private static let version = "anthropic_version"

  let body: JSONNode
  let beyondNeutral: InvalidRequest?
  let uncountedBytes: Int
  let isStreaming: Bool
  let clock: WallClock?

  /// Nil for a request whose names a careless service could take for others: it goes on in the neutral call's words.
  init?(_ reader: AnthropicReader, isStreaming: Bool, clock: WallClock?) {
    // The path names the model and says whether the answer is streamed; Bedrock refuses bodies that do.
    guard reader.body.hasPlainNames, !reader.body.hasMember("model"), !reader.body.hasMember("stream"),
      !reader.survey.hasDuplicates
    else { return nil }
    body = reader.body
    beyondNeutral = reader.beyondNeutral
    uncountedBytes = reader.survey.uncountedBytes
    self.isStreaming = isStreaming
    self.clock = clock
  }

  /// What must change: the bound on the answer, the version where the caller left it out, and what among the trials only
  /// says who asks. Rule U-5.
  func body(maxTokens: Int?) -> [UInt8] {
    var editor = JSONEditor(body.document)
    if let maxTokens { editor.set("max_tokens", to: Array(String(maxTokens).utf8)) }
    if body[Self.version] == nil { editor.set(Self.version, to: JSONText.quoted(BedrockInvokeInbound.version)) }
    if let trials = body[AnthropicTrials.name], AnthropicTrials.unknown(in: trials) != nil {
      var writer = JSONWriter()
      writer.array { list in
        for trial in trials.elements.compactMap(\.string) where AnthropicTrials.isKnown(trial) { list.string(trial) }
      }
      editor.set(AnthropicTrials.name, to: writer.bytes)
    }
    return editor.edited()
  }

  var encoder: any AnswerEncoder {
    guard isStreaming else { return BedrockInvokeEncoder.relaying(clock: clock) }
    return EventStreamRelay {
      BedrockInvokeStreamEncoder.head(requestID: $0)
    } part: { frame in
      guard let event = BedrockInvokeChunk.event(in: frame.payload) else { return .content }
      // Most chunks are pieces of content: only those that may be another kind are looked into.
      guard event.holds("message_delta") || event.holds("message_stop") else { return .content }
      switch try? JSONDocument(event).root["type"]?.string {
      case "message_delta": return .ending
      case "message_stop": return .last
      default: return .content
      }
    }
  }

  /// Reads the answer, whose words are Claude's rather than Converse's.
  func decoder(for call: ModelCall) -> any UpstreamDecoder {
    let answersByTool = AnswerTool.isWanted(by: call)
    return isStreaming
      ? BedrockInvokeStreamDecoder(answersByTool: answersByTool) : AnthropicDecoder(answersByTool: answersByTool)
  }
}

/// An embed body of Cohere's for InvokeModel as it came, for Bedrock itself. Rules D-1, D-4.
///
/// What the neutral call cannot say is refused rather than passed: images and a bound on tokens would cost what nobody
/// has counted.
struct BedrockPassableEmbed: PassableRequest, Redacted {
  let body: JSONNode
  let clock: WallClock?
  let uncountedBytes: Int

  var beyondNeutral: InvalidRequest? { nil }

  /// Nil for a request whose names a careless service could take for others.
  init?(_ body: JSONNode, clock: WallClock?) throws(InvalidRequest) {
    let survey = try MemberSurvey(body, CohereMembers.rules)
    guard body.hasPlainNames, !body.hasMember("model"), !survey.hasDuplicates else { return nil }
    uncountedBytes = survey.uncountedBytes
    self.body = body
    self.clock = clock
  }

  /// Nothing must change: the path names the model.
  var bytes: [UInt8] { body.document.bytes }

  var encoder: any AnswerEncoder { BedrockInvokeEncoder.relaying(clock: clock) }
}

/// The content of one chunk of a streamed InvokeModel answer: an event of the model's maker in Base64.
enum BedrockInvokeChunk {
  private static let member = "bytes"

  /// Nil where the payload is none.
  static func event(in payload: ArraySlice<UInt8>) -> [UInt8]? {
    guard let bytes = try? JSONDocument(Array(payload)).root[member]?.stringBytes else { return nil }
    return Base64.decode(bytes[...])
  }
}
