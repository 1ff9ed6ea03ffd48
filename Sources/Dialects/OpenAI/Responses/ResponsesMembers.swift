/// What becomes of the members of a request for a response. Rules D-2, D-4.
///
/// No provider is asked in these words, so that what the neutral call cannot hold is refused.
enum ResponsesMembers {
  static let rules: [String: MemberRule] = conversation.merging(refusals.merging(moved) { $1 }) { $1 }

  private static let conversation: [String: MemberRule] = [
    "model": .carried, "instructions": .carried, "input": .kinds(by: "type", usual: "message", items),
    "max_output_tokens": .carried, "temperature": .carried, "top_p": .carried, "stream": .carried,
    "parallel_tool_calls": .carried, "tools": .kinds(by: "type", ["function": function]),
    "tool_choice": .kinds(by: "type", ["function": ["type": .carried, "name": .carried]]),
    "reasoning": .members([
      "effort": .carried, "summary": summary, "generate_summary": summary,
      "mode": .refused("must be \"standard\" or be left out", usual: [.word("standard")]),
      "context": .refused(
        "must be \"auto\" or \"all_turns\": the model is given all reasoning in input",
        usual: [.word("auto"), .word("all_turns")]),
    ]),
    "text": .members([
      "format": .kinds(
        by: "type",
        [
          "text": ["type": .carried], "json_object": ["type": .carried],
          "json_schema": [
            "type": .carried, "name": .carried, "description": .carried, "schema": .carried, "strict": .carried,
          ],
        ]),
      "verbosity": .refused(unsupported, usual: [.word("medium")]),
    ]),
    "include": .only(
      "reasoning.encrypted_content",
      otherwise: "must be \"reasoning.encrypted_content\"; nothing else can be included"),
    "stream_options": .members(["include_obfuscation": .hint]),
    "prompt_cache_options": OpenAIMembers.cacheOptions,
    "metadata": .hint, "user": .hint, "safety_identifier": .hint, "prompt_cache_key": .hint,
    // Here it says nothing that leaving it out does not; the answer repeats that nothing is kept.
    "store": .hint,
    // The longest that caches may live; none lives as long here.
    "prompt_cache_retention": .hint,
    // A bound on tools that run at OpenAI, of which there are none.
    "max_tool_calls": .hint,
  ]

  private static let refusals: [String: MemberRule] = [
    "previous_response_id": notKept, "conversation": notKept,
    "prompt": .refused("is not supported: no prompts are kept here; send instructions and input"),
    "background": .refused(
      "cannot be true: no response is kept here that could be fetched later", usual: [.bool(false)]),
    "background_options": .unsupported, "context_management": .unsupported, "moderation": .unsupported,
    "image": .unsupported,
    "access_programs": .refused(unsupported, usual: [.empty]),
    "truncation": .refused(
      "must be \"disabled\": an input that is too long is refused, never cut", usual: [.word("disabled")]),
    "top_logprobs": .refused(unsupported, usual: [.number(0)]),
    "service_tier": OpenAIMembers.serviceTier,
  ]

  /// Members of chat completions, which this dialect has under other names.
  private static let moved: [String: MemberRule] = [
    ("messages", "input"), ("max_tokens", "max_output_tokens"), ("max_completion_tokens", "max_output_tokens"),
    ("response_format", "text.format"), ("reasoning_effort", "reasoning.effort"),
  ].reduce(into: [:]) { rules, pair in
    rules[pair.0] = .refused("is a member of chat completions; use \(pair.1) here")
  }

  private static let unsupported = "is not supported; leave it out"
  private static let notKept = MemberRule.refused(
    "is not supported: no response is kept here; send all earlier items in input")
  private static let summary = MemberRule.refused(
    "must be \"auto\" or \"detailed\": reasoning is told as the model gives it",
    usual: [.word("auto"), .word("detailed")])

  // MARK: Tools

  private static let function: [String: MemberRule] = [
    "type": .carried, "name": .carried, "description": .carried, "parameters": .carried, "strict": .carried,
    "async": .refused(unsupported, usual: [.bool(false)]),
    "defer_loading": .refused(unsupported, usual: [.bool(false)]),
    "allowed_callers": .only("direct", otherwise: unsupported), "output_schema": .unsupported,
    "function": .refused("is how chat completions write it; here name and parameters stand beside type"),
  ]

  // MARK: Items

  private static let items: [String: [String: MemberRule]] = [
    "message": [
      "type": .carried, "role": .carried, "id": .echo, "status": .echo, "phase": .echo,
      "content": .kinds(
        by: "type",
        [
          "input_text": text(breakpoint: OpenAIMembers.breakpoint),
          "input_image": image(breakpoint: OpenAIMembers.breakpoint),
          "input_file": file(breakpoint: OpenAIMembers.breakpoint),
          "output_text": ["type": .carried, "text": .carried, "annotations": .echo, "logprobs": .echo],
          "refusal": ["type": .carried, "refusal": .carried],
        ]),
    ],
    "function_call": [
      "type": .carried, "call_id": .carried, "name": .carried, "arguments": .carried, "id": .echo, "status": .echo,
      "async": .refused(unsupported, usual: [.bool(false)]), "namespace": .unsupported,
      "caller": caller,
    ],
    "function_call_output": [
      "type": .carried, "call_id": .carried, "id": .echo, "status": .echo, "name": .echo, "namespace": .unsupported,
      "caller": caller,
      "output": .kinds(
        by: "type",
        [
          "input_text": text(breakpoint: noBreakpoint), "input_image": image(breakpoint: noBreakpoint),
          "input_file": file(breakpoint: noBreakpoint),
        ]),
    ],
    "reasoning": [
      "type": .carried, "id": .echo, "status": .echo, "encrypted_content": .carried,
      "summary": .kinds(by: "type", ["summary_text": ["type": .carried, "text": .carried]]),
      "content": .kinds(by: "type", ["reasoning_text": ["type": .carried, "text": .carried]]),
    ],
  ]

  private static let caller = MemberRule.members([
    "type": .refused("must be \"direct\": no programs run here", usual: [.word("direct")]), "caller_id": .carried,
  ])
  private static let noBreakpoint = MemberRule.refused("is not supported inside the output of a function")
  private static let detail = MemberRule.refused(
    "must be \"auto\" or be left out: the model looks at images and files in its own way", usual: [.word("auto")])

  private static func text(breakpoint: MemberRule) -> [String: MemberRule] {
    ["type": .carried, "text": .carried, "prompt_cache_breakpoint": breakpoint]
  }

  private static func image(breakpoint: MemberRule) -> [String: MemberRule] {
    [
      "type": .carried, "image_url": .carried, "file_id": .carried, "detail": detail,
      "prompt_cache_breakpoint": breakpoint,
    ]
  }

  private static func file(breakpoint: MemberRule) -> [String: MemberRule] {
    [
      "type": .carried, "file_data": .carried, "filename": .carried, "file_id": .carried, "file_url": .carried,
      "detail": detail, "prompt_cache_breakpoint": breakpoint,
    ]
  }
}
