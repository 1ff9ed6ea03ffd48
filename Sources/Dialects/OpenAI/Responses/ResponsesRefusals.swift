import Core

/// What a request for a response asks for and no answer here can give. Rule D-2: refused and named, never dropped.
enum ResponsesRefusals {
  /// Members of chat completions, which this dialect has under other names.
  private static let moved = [
    ("messages", "input"), ("max_tokens", "max_output_tokens"), ("max_completion_tokens", "max_output_tokens"),
    ("response_format", "text.format"), ("reasoning_effort", "reasoning.effort"),
  ]

  static func check(_ body: JSONNode) throws(InvalidRequest) {
    for (name, here) in moved {
      if let node = body[name] { throw node.problem("is a member of chat completions; use \(here) here") }
    }
    try checkWhatWouldBeKept(body)
    for name in ["context_management", "moderation"] {
      if let node = body[name] { throw node.problem("is not supported; leave it out") }
    }
    if let truncation = body["truncation"], !truncation.isString("disabled") {
      throw truncation.problem("must be \"disabled\": an input that is too long is refused, never cut")
    }
    if let number = body["top_logprobs"], number.double != 0 { throw number.problem("is not supported; leave it out") }
    if let verbosity = try body.optionalObject("text")?["verbosity"], !verbosity.isString("medium") {
      throw verbosity.problem("is not supported; leave it out")
    }
    try checkReasoning(body)
    guard let include = try body.optionalArray("include") else { return }
    for wanted in include.elements where !wanted.isString("reasoning.encrypted_content") {
      throw wanted.problem("must be \"reasoning.encrypted_content\"; nothing else can be included")
    }
  }

  private static func checkWhatWouldBeKept(_ body: JSONNode) throws(InvalidRequest) {
    for name in ["previous_response_id", "conversation"] {
      if let node = body[name] {
        throw node.problem("is not supported: no response is kept here; send all earlier items in input")
      }
    }
    if let prompt = body["prompt"] {
      throw prompt.problem("is not supported: no prompts are kept here; send instructions and input")
    }
    if try body.optionalBool("background") == true {
      throw body.problem("background", "cannot be true: no response is kept here that could be fetched later")
    }
    guard let caching = try body.optionalObject("prompt_cache_options") else { return }
    for name in ["prewarm", "comparison_response_id"] {
      if let node = caching[name], node.bool != false { throw node.problem("is not supported; leave it out") }
    }
  }

  private static func checkReasoning(_ body: JSONNode) throws(InvalidRequest) {
    guard let reasoning = try body.optionalObject("reasoning") else { return }
    for name in ["summary", "generate_summary"] {
      if let summary = reasoning[name], !summary.isString("auto"), !summary.isString("detailed") {
        throw summary.problem("must be \"auto\" or \"detailed\": reasoning is told as the model gives it")
      }
    }
    if let mode = reasoning["mode"], !mode.isString("standard") {
      throw mode.problem("must be \"standard\" or be left out")
    }
    if let context = reasoning["context"], !context.isString("auto"), !context.isString("all_turns") {
      throw context.problem("must be \"auto\" or \"all_turns\": the model is given all reasoning in input")
    }
  }
}
