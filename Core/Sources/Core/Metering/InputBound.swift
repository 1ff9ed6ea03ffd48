/// How many input tokens a call can have at most, before any tokenizer of the provider has seen it. Rule U-5.
///
/// Every token of a text stands for at least one of its bytes, so the bytes bound the tokens. What a provider adds
/// around the texts (roles, separators, the prompt that explains tools) is bounded by the constants here.
public enum InputBound {
  /// Around the whole call: begin and end marks, the opening of the answer.
  static let perCall = 32
  /// Around each turn: its role and separators.
  static let perMessage = 16
  /// Around each block inside a turn, such as the tags of a tool result.
  static let perBlock = 16
  /// Around each tool's name, description and schema.
  static let perTool = 64
  /// The provider's own prompt that explains tools, once a call; the longest published one has about 700 tokens.
  static let toolPrompt = 1_024
  /// The provider's own prompt for a forced shape of the answer, once a call.
  static let formatPrompt = 256
  /// Around each text of an embeddings call: its begin and end marks, and a prefix for its input type.
  static let perText = 8

  /// Formats of documents whose bytes are their text; all others may be compressed.
  static let readableFormats: Set<String> = ["txt", "md", "csv", "html"]

  /// An upper bound of the input tokens of `call`, or their exact number where the catalog says `exact` and the
  /// caller gives the built-in tokenizer's `counting`.
  ///
  /// `uncountedBytes` go along with the call without standing in it (``PassableRequest/uncountedBytes``).
  ///
  /// Never more than the model's window, because a provider refuses a longer input.
  public static func of(
    _ call: ModelCall, limits: ModelLimits, uncountedBytes: Int = 0, counting: ((ModelCall) -> TokenCount)? = nil
  ) -> TokenCount {
    if limits.inputCounting == .exact, let counting { return counting(call) }
    let bound: Int
    switch call {
    case .chat(let request): bound = tokens(of: request, limits: limits)
    case .embed(let request): bound = tokens(of: request, limits: limits)
    }
    let whole = bound + uncountedBytes
    return TokenCount(min(whole, limits.maxInputTokens ?? whole))
  }

  private static func tokens(of request: ChatRequest, limits: ModelLimits) -> Int {
    var total = perCall
    for block in request.system {
      if case .text(let text) = block { total += perBlock + text.byteCount }
    }
    for message in request.messages {
      total += perMessage
      for block in message.content { total += tokens(of: block, limits: limits) }
    }
    if !request.tools.isEmpty { total += toolPrompt }
    for tool in request.tools {
      total += perTool + tool.name.utf8.count + (tool.description?.byteCount ?? 0) + tool.inputSchema.bytes.byteCount
    }
    switch request.responseFormat {
    case .jsonSchema(let name, let schema, _, let description):
      total += formatPrompt + name.utf8.count + schema.bytes.byteCount + (description?.byteCount ?? 0)
    case .jsonObject: total += formatPrompt
    case .text, nil: break
    }
    return total
  }

  private static func tokens(of block: ContentBlock, limits: ModelLimits) -> Int {
    switch block {
    case .text(let text): return perBlock + text.byteCount
    case .image: return perBlock + limits.tokensPerImage
    case .document(let format, let name, let bytes): return document(format, name: name, bytes: bytes, limits: limits)
    case .toolUse(let id, let name, let input):
      return perBlock + id.utf8.count + name.utf8.count + input.bytes.byteCount
    case .toolResult(let id, let content, _):
      return content.reduce(perBlock + id.utf8.count) { $0 + tokens(of: $1, limits: limits) }
    case .reasoning(let text, let signature):
      return perBlock + text.byteCount + (signature?.utf8.count ?? 0)
    case .redactedReasoning(let bytes): return perBlock + bytes.byteCount
    case .cachePoint: return 0
    }
  }

  private static func tokens(of content: ToolResultContent, limits: ModelLimits) -> Int {
    switch content {
    case .text(let text): perBlock + text.byteCount
    case .json(let value): perBlock + value.bytes.byteCount
    case .image: perBlock + limits.tokensPerImage
    case .document(let format, let name, let bytes): document(format, name: name, bytes: bytes, limits: limits)
    }
  }

  private static func document(
    _ format: String, name: Sensitive<String>, bytes: Sensitive<[UInt8]>, limits: ModelLimits
  ) -> Int {
    let around = perBlock + name.byteCount
    // Of a compressed file the size says nothing: two kilobytes can hold a book. Only the window bounds it.
    if !readableFormats.contains(format.lowercased()), let window = limits.maxInputTokens { return around + window }
    return around + bytes.byteCount * limits.tokensPerDocumentByte
  }

  private static func tokens(of request: EmbedRequest, limits: ModelLimits) -> Int {
    request.inputs.reduce(perCall) { total, text in
      let bound = perText + text.byteCount
      return total + bound
    }
  }
}

extension Sensitive where Value == String {
  /// UTF-8 bytes; the content itself stays where it is.
  fileprivate var byteCount: Int { reveal().utf8.count }
}

extension Sensitive where Value == [UInt8] {
  fileprivate var byteCount: Int { reveal().count }
}
