/// What becomes of the members of a messages call. Rules D-2, D-4.
enum AnthropicMembers {
  static let rules: [String: MemberRule] = conversation.merging(refusals) { $1 }

  /// Headers, which the official client takes like members. Trials are `AnthropicTrials`' to judge; the others say whom
  /// Anthropic is to count the call to, which is the operator's account here.
  static let headers: [String: MemberRule] = ["betas": .carried, "user_profile_id": .hint, "workspace_id": .hint]

  private static let conversation: [String: MemberRule] = [
    "model": .carried, "max_tokens": .carried, "temperature": .carried, "top_p": .carried, "top_k": .carried,
    "stop_sequences": .carried, "stream": .carried, "cache_control": marker,
    "system": .kinds(by: "type", ["text": text]),
    "messages": .kinds(by: "role", ["user": turn, "assistant": turn]),
    "tools": .kinds(by: "type", usual: "custom", ["custom": tool]),
    "tool_choice": .members(["type": .carried, "name": .carried, "disable_parallel_tool_use": .carried]),
    "thinking": thinking,
    "output_config": .members(["effort": .own(), "task_budget": .own(), "format": format]),
    "output_format": format,
    "context_management": .own(), "diagnostics": .own(),
    "metadata": .hint,
    // Of the bodies that Bedrock takes.
    "anthropic_version": .carried, "anthropic_beta": .carried,
  ]

  /// What nobody could bound, meter or prove.
  private static let refusals: [String: MemberRule] = [
    "container": .unsupported, "mcp_servers": .unsupported, "fallbacks": .unsupported,
    "fallback_credit_token": .unsupported, "compaction": .unsupported, "thread": .unsupported,
    "speed": .refused("must be \"standard\": other speeds have other prices", usual: [.word("standard")]),
    "service_tier": .refused(
      "must be \"auto\" or \"standard_only\": other tiers have other prices",
      usual: [.word("auto"), .word("standard_only")]),
    "billing_policy": .members([
      "type": .carried, "bill_to": .refused("must be \"self\" or be left out", usual: [.word("self")]),
    ]),
    "inference_geo": .refused(
      "is not supported: the resource's region says where answers are made; leave it out"),
  ]

  static let thinking = MemberRule.kinds(
    by: "type",
    [
      "enabled": ["type": .carried, "budget_tokens": .carried, "display": display, "block_binding": .own()],
      "adaptive": ["type": .own(), "display": display, "block_binding": .own()],
      "disabled": ["type": .carried],
    ])

  private static let directly = MemberRule.refused(
    "must be \"direct\": no tools run at the provider", usual: [.word("direct")])
  private static let marker = MemberRule.members(["type": .carried, "ttl": .carried])
  private static let display = MemberRule.own(usual: [.word("summarized")])
  private static let format = MemberRule.members(["type": .carried, "schema": .carried])

  private static let tool: [String: MemberRule] = [
    "type": .carried, "name": .carried, "description": .carried, "input_schema": .carried, "strict": .carried,
    "cache_control": marker, "input_examples": .own(usual: [.empty]), "defer_loading": .own(usual: [.bool(false)]),
    "allowed_callers": .only("direct", otherwise: "must be \"direct\": tools run in the application only"),
    // How the input of a call is cut into pieces.
    "eager_input_streaming": .hint,
  ]

  // MARK: Blocks

  private static let text: [String: MemberRule] = [
    "type": .carried, "text": .carried, "cache_control": marker, "citations": .own(usual: [.empty]),
  ]
  private static let image: [String: MemberRule] = [
    "type": .carried, "source": source, "cache_control": marker,
    "transformations": .members(["oversized_image": .own(usual: [.word("downsize")])]),
  ]
  private static let document: [String: MemberRule] = [
    "type": .carried, "source": source, "title": .carried, "citations": .members(["enabled": .carried]),
    "context": .own(), "cache_control": marker,
  ]
  private static let source = MemberRule.kinds(
    by: "type",
    [
      "base64": ["type": .carried, "media_type": .carried, "data": .carried],
      "text": ["type": .carried, "media_type": .carried, "data": .carried],
    ])

  private static let turn: [String: MemberRule] = ["role": .carried, "content": .kinds(by: "type", blocks)]

  private static let blocks: [String: [String: MemberRule]] = [
    "text": text, "image": image, "document": document,
    "tool_use": [
      "type": .carried, "id": .carried, "name": .carried, "input": .carried, "cache_control": marker,
      "caller": .members(["type": directly, "tool_id": .carried]), "toolset_name": .unsupported,
    ],
    "tool_result": [
      "type": .carried, "tool_use_id": .carried, "is_error": .carried, "cache_control": marker,
      "toolset_name": .unsupported,
      "content": .kinds(by: "type", ["text": text, "image": image, "document": document]),
    ],
    "thinking": ["type": .carried, "thinking": .carried, "signature": .carried],
    "redacted_thinking": ["type": .carried, "data": .carried],
  ]
}
