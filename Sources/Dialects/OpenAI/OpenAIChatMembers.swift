/// What becomes of the members of a chat completion request. Rules D-2, D-4.
enum OpenAIChatMembers {
  static let rules: [String: MemberRule] = [conversation, limits, extras, OpenAIMembers.references].reduce(into: [:]) {
    $0.merge($1) { $1 }
  }

  /// What the neutral call holds.
  private static let conversation: [String: MemberRule] = [
    "model": .carried, "messages": .kinds(by: "role", messages), "max_tokens": .carried,
    "max_completion_tokens": .carried, "temperature": .carried, "top_p": .carried, "stop": .carried,
    "stream": .carried, "reasoning_effort": .carried, "parallel_tool_calls": .carried,
    "stream_options": .members(["include_usage": .carried, "include_obfuscation": .hint]),
    "tools": .kinds(by: "type", usual: "function", ["function": ["type": .carried, "function": .members(function)]]),
    "tool_choice": .kinds(
      by: "type", usual: "function", ["function": ["type": .carried, "function": .members(["name": .carried])]]),
    "response_format": .kinds(
      by: "type",
      [
        "text": ["type": .carried], "json_object": ["type": .carried],
        "json_schema": ["type": .carried, "json_schema": .members(schema)],
      ]),
  ]

  /// What only servers of the dialect can do.
  private static let extras: [String: MemberRule] = [
    "logprobs": .own(usual: [.bool(false)]), "top_logprobs": .own(usual: [.number(0)]),
    "presence_penalty": .own(usual: [.number(0)]), "frequency_penalty": .own(usual: [.number(0)]),
    "logit_bias": .own(usual: [.empty]), "verbosity": .own(usual: [.word("medium")]), "seed": .own(),
    "user": .hint, "safety_identifier": .hint, "prompt_cache_key": .hint, "metadata": .hint,
  ]

  /// What nobody could bound, meter or prove.
  private static let limits: [String: MemberRule] = [
    "n": oneAnswer, "best_of": oneAnswer, "n_cmpl": oneAnswer,
    "use_beam_search": .refused("is not supported: beams are answers that nobody counts", usual: [.bool(false)]),
    // What images cost, and where the server is to send or fetch something.
    "mm_processor_kwargs": .unsupported, "kv_transfer_params": .unsupported, "api_base": .unsupported,
    "options": .unsupported,
    "modalities": .only("text", otherwise: "must be \"text\": audio and images are not given as answers"),
    "audio": .unsupported, "prediction": .unsupported, "web_search_options": .unsupported, "moderation": .unsupported,
    "chat_template": .unsupported,
    "functions": .refused("is out of date; use tools"), "function_call": .refused("is out of date; use tool_choice"),
    "n_predict": otherBound, "num_predict": otherBound, "max_new_tokens": otherBound, "max_output_tokens": otherBound,
    "service_tier": OpenAIMembers.serviceTier,
    "store": .refused("cannot be true: no answer is kept, neither here nor at the provider", usual: [.bool(false)]),
    "prompt_cache_options": OpenAIMembers.cacheOptions,
    "prompt_cache_retention": .refused(
      "must be \"in_memory\": nothing is kept at the provider for longer", usual: [.word("in_memory")]),
  ]

  private static let oneAnswer = MemberRule.refused("must be 1: one call gives one answer", usual: [.number(1)])
  /// Some servers let these undo the bound that was reserved. Rule U-5.
  private static let otherBound = MemberRule.refused("is not a member of this dialect; use max_completion_tokens")

  private static let function: [String: MemberRule] = [
    "name": .carried, "description": .carried, "parameters": .carried, "strict": .carried,
  ]
  private static let schema: [String: MemberRule] = [
    "name": .carried, "description": .carried, "schema": .carried, "strict": .carried,
  ]

  // MARK: Messages

  private static let messages: [String: [String: MemberRule]] = [
    "system": instructions, "developer": instructions,
    "user": [
      "role": .carried, "name": .own(),
      "content": .kinds(
        by: "type",
        [
          "text": text,
          "image_url": [
            "type": .carried, "prompt_cache_breakpoint": OpenAIMembers.breakpoint,
            "image_url": .members(["url": .carried, "detail": .own(usual: [.word("auto")])]),
          ],
          "file": [
            "type": .carried, "prompt_cache_breakpoint": OpenAIMembers.breakpoint,
            "file": .members(["file_data": .carried, "filename": .carried, "file_id": .carried]),
          ],
        ]),
    ],
    "assistant": [
      "role": .carried, "name": .own(), "content": .kinds(by: "type", ["text": text, "refusal": refusal]),
      "refusal": .carried, "audio": .unsupported, "function_call": .refused("is out of date; use tool_calls"),
      "tool_calls": .kinds(
        by: "type", usual: "function",
        [
          "function": [
            "type": .carried, "id": .carried, "index": .echo,
            "function": .members(["name": .carried, "arguments": .carried]),
          ]
        ]),
      "thinking_blocks": .kinds(
        by: "type",
        [
          "thinking": ["type": .carried, "thinking": .carried, "signature": .carried],
          "redacted_thinking": ["type": .carried, "data": .carried],
        ]),
      "reasoning_content": .echo, "reasoning": .echo, "annotations": .echo,
    ],
    "tool": [
      "role": .carried, "tool_call_id": .carried, "name": .echo,
      "content": .kinds(
        by: "type",
        [
          "text": [
            "type": .carried, "text": .carried,
            "prompt_cache_breakpoint": .ownObject(OpenAIMembers.breakpointMembers),
          ], "refusal": refusal,
        ]),
    ],
  ]

  private static let instructions: [String: MemberRule] = [
    "role": .carried, "name": .own(), "content": .kinds(by: "type", ["text": text, "refusal": refusal]),
  ]
  private static let text: [String: MemberRule] = [
    "type": .carried, "text": .carried, "prompt_cache_breakpoint": OpenAIMembers.breakpoint,
  ]
  private static let refusal: [String: MemberRule] = ["type": .carried, "refusal": .carried]
}

/// What chat completions and responses say in the same words.
enum OpenAIMembers {
  static let serviceTier = MemberRule.refused(
    "must be \"auto\" or \"default\": other tiers have other prices", usual: [.word("auto"), .word("default")])
  /// Without a breakpoint of the caller's no other dialect caches, so that the mode says nothing there.
  static let cacheOptions = MemberRule.members([
    "mode": .hint, "ttl": cacheLifetime, "prewarm": .refused(unsupported, usual: [.bool(false)]),
    "comparison_response_id": .unsupported,
  ])
  /// A cache point in the neutral call.
  static let breakpoint = MemberRule.members(breakpointMembers)
  static let breakpointMembers: [String: MemberRule] = ["mode": .carried, "ttl": cacheLifetime]

  /// Members of some servers and of gateways before them that refer to other models, or to content that the request does
  /// not hold: the bytes of a reference bound nothing of what it stands for. Rule U-5.
  static let references: [String: MemberRule] = [
    "fallbacks": otherModels, "models": otherModels, "route": otherModels, "provider": otherModels,
    "preset": otherModels, "extra_body": .refused("is not a member of this dialect; put its members beside the others"),
    "plugins": outside, "data_sources": outside, "search_parameters": outside, "search_options": outside,
    "enable_search": outside, "web_search": outside, "cached_content": outside, "vector_store_ids": outside,
    "previous_response_id": outside, "conversation": outside, "mcp_servers": outside,
    "transforms": .refused("is not supported: nothing may change what was counted; leave it out", usual: [.empty]),
  ]
  private static let otherModels = MemberRule.refused(
    "is not supported: other models and providers have other prices; leave it out", usual: [.empty])
  private static let outside = MemberRule.refused(
    "is not supported: nobody here could count what it adds to the request; leave it out",
    usual: [.empty, .bool(false)])

  private static let unsupported = "is not supported; leave it out"
  private static let cacheLifetime = MemberRule.refused(
    "must be \"30m\" or be left out: caches that live longer have another price", usual: [.word("30m")])

  static let embeddings: [String: MemberRule] = [
    "model": .carried, "input": .carried, "dimensions": .carried, "encoding_format": .carried, "user": .hint,
  ].merging(references) { $1 }
}
