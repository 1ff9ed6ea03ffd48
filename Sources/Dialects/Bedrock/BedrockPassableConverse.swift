import Core

/// A call of Converse or ConverseStream as it came, for Bedrock itself. Rules D-1, D-4.
struct BedrockPassableConverse: PassableRequest, Redacted {
  let body: JSONNode
  let beyondNeutral: InvalidRequest?
  let uncountedBytes: Int
  let isStreaming: Bool

  /// The names that we or Bedrock know, by the member that holds them.
  private static let knownNames: [(object: String?, names: [String])] = [
    (
      nil,
      [
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields",
        "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier",
        "outputConfig",
      ]
    ),
    ("inferenceConfig", ["maxTokens", "temperature", "topP", "stopSequences"]),
    ("performanceConfig", ["latency"]), ("serviceTier", ["type"]),
  ]

  /// Nil for a request that a careless service could take for another: it goes on in the neutral call's words.
  init?(_ reader: ConverseReader, isStreaming: Bool) {
    // The path names the model.
    guard !reader.body.hasMember("modelId"), !reader.body.hasMember("model"), !reader.survey.hasDuplicates else {
      return nil
    }
    for (object, names) in Self.knownNames {
      guard let node = object.map({ reader.body[$0] }) ?? reader.body else { continue }
      guard node.hasPlainNames(among: names) else { return nil }
    }
    body = reader.body
    beyondNeutral = reader.beyondNeutral
    uncountedBytes = reader.survey.uncountedBytes
    self.isStreaming = isStreaming
  }

  /// What must change: the bound on the answer. Rule U-5.
  func body(maxTokens: Int?) -> [UInt8] {
    var editor = JSONEditor(body.document)
    if let maxTokens { editor.set("inferenceConfig", "maxTokens", to: Array(String(maxTokens).utf8)) }
    return editor.edited()
  }

  var encoder: any AnswerEncoder {
    guard isStreaming else {
      return WholeAnswerRelay { BedrockHead.head(contentType: "application/json", requestID: $0) }
    }
    return EventStreamRelay {
      ConverseStreamWire.frames.head(requestID: $0)
    } part: { frame in
      switch frame[":event-type"] {
      case ConverseStreamWire.Event.messageStop.rawValue: .ending
      // Some services report while they answer too: only what follows the stop is the last word.
      case ConverseStreamWire.Event.metadata.rawValue: .report
      default: .content
      }
    }
  }
}

extension JSONNode {
  /// Whether every member's name is of letters, digits and underscores, and none is one of `names` in another spelling:
  /// some servers compare names without regard to case, so that it could undo what we wrote there.
  fileprivate func hasPlainNames(among names: [String]) -> Bool {
    members.allSatisfy { member in
      guard let name = member.name.string, name.utf8.allSatisfy(Self.isPlain) else { return false }
      return names.contains(name) || !names.contains { $0.lowercased() == name.lowercased() }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
