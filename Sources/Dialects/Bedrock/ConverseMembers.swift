import Core

/// What becomes of the members of a Converse call, and of the headers that InvokeModel has in their place. Rules D-2, D-4.
enum ConverseMembers {
  static let rules: [String: MemberRule] = [
    "modelId": .carried, "system": .oneOf(["text": .carried, "cachePoint": cachePoint, "guardContent": .unsupported]),
    "messages": .members(["role": .carried, "content": .oneOf(blocks)]),
    "inferenceConfig": .members([
      "maxTokens": .carried, "temperature": .carried, "topP": .carried, "stopSequences": .carried,
    ]),
    "toolConfig": .members([
      "tools": .oneOf(["toolSpec": tool, "cachePoint": cachePoint, "systemTool": .unsupported]),
      "toolChoice": .oneOf(["auto": .carried, "any": .carried, "tool": .members(["name": .carried])]),
    ]),
    "outputConfig": .members([
      "textFormat": .members([
        "type": .carried,
        "structure": .members([
          "jsonSchema": .members(["name": .carried, "description": .carried, "schema": .carried])
        ]),
      ]),
      "effort": .own(),
    ]),
    // The reader refuses what does not stand here.
    "additionalModelRequestFields": .members([
      "top_k": .carried, "thinking": AnthropicMembers.thinking, "reasoning_config": AnthropicMembers.thinking,
      "output_config": .members(["effort": .own()]), AnthropicTrials.name: .own(usual: [.empty]),
    ]),
    "additionalModelResponseFieldPaths": .own(usual: [.empty]),
    // For the provider's own logs.
    "requestMetadata": .hint,
    "guardrailConfig": .refused(unsupported, usual: [.empty]),
    "promptVariables": .refused(unsupported, usual: [.empty]),
    "projectIdentifier": project, "performanceConfig": .members(["latency": latency]),
    "serviceTier": .members(["type": tier]),
  ]

  /// What InvokeModel has in headers, whose names are in lower case here, by its name in the official client. None goes
  /// along, because all that are not refused say nothing to the model.
  static let headers: [String: (name: String, rule: MemberRule)] = [
    "content-type": ("contentType", .carried), "accept": ("accept", .hint),
    "x-amzn-bedrock-guardrailidentifier": ("guardrailIdentifier", .unsupported),
    "x-amzn-bedrock-guardrailversion": ("guardrailVersion", .hint), "x-amzn-bedrock-trace": ("trace", .hint),
    "x-amzn-bedrock-performanceconfig-latency": ("performanceConfigLatency", latency),
    "x-amzn-bedrock-service-tier": ("serviceTier", tier),
    "x-amzn-bedrock-request-metadata": ("requestMetadata", .hint),
    "x-amzn-bedrock-projectidentifier": ("projectIdentifier", project),
  ]

  /// Throws where a header of InvokeModel asks for what is refused.
  static func check(_ fields: [HTTPField]) throws(InvalidRequest) {
    for field in fields where !field.value.isEmpty {
      guard let (name, rule) = headers[field.name.lowercased()], case .refused(let clause, let usual) = rule else {
        continue
      }
      let isUsual = usual.contains { if case .word(field.value) = $0 { true } else { false } }
      guard !isUsual else { continue }
      throw InvalidRequest("\(name) \(clause).", parameter: name)
    }
  }

  private static let unsupported = "is not supported; leave it out"
  private static let latency = MemberRule.refused(
    "must be \"standard\" or be left out: others have a price that is not in the catalog", usual: [.word("standard")])
  private static let tier = MemberRule.refused(
    "must be \"default\" or be left out: others have a price that is not in the catalog", usual: [.word("default")])
  private static let project = MemberRule.refused(
    "must be \"default\" or be left out: the operator's account says what pays", usual: [.word("default")])

  private static let cachePoint = MemberRule.members(["type": .carried, "ttl": .carried])
  private static let tool = MemberRule.members([
    "name": .carried, "description": .carried, "inputSchema": .members(["json": .carried]), "strict": .carried,
  ])

  // MARK: Blocks

  private static let blocks: [String: MemberRule] = [
    "text": .carried, "image": image, "document": document, "cachePoint": cachePoint,
    "toolUse": .members([
      "toolUseId": .carried, "name": .carried, "input": .carried, "type": .unsupported,
    ]),
    "toolResult": .members([
      "toolUseId": .carried, "status": .carried, "type": .unsupported,
      "content": .oneOf([
        "text": .carried, "json": .carried, "image": image, "document": document, "video": .unsupported,
        "searchResult": .unsupported,
      ]),
    ]),
    "reasoningContent": .oneOf([
      "reasoningText": .members(["text": .carried, "signature": .carried]), "redactedContent": .carried,
    ]),
    "video": .unsupported, "audio": .unsupported, "guardContent": .unsupported, "citationsContent": .unsupported,
    "searchResult": .unsupported, "toolAddition": .unsupported, "toolRemoval": .unsupported,
  ]

  private static let image = MemberRule.members([
    "format": .carried, "source": .oneOf(["bytes": .carried, "s3Location": .carried]), "error": .unsupported,
  ])
  private static let document = MemberRule.members([
    "format": .carried, "name": .carried, "context": .own(), "citations": .members(["enabled": .carried]),
    "source": .oneOf(["bytes": .carried, "text": .carried, "s3Location": .carried, "content": .unsupported]),
  ])
}
