/// How many input tokens a call is likely to have, for callers who ask and whose model's provider cannot count.
///
/// The catalog's characters per token make tokens of texts; roles, tools and images are taken at their usual size. That
/// is what people plan with. It may be too low, so nothing is reserved by it: that is what ``InputBound`` is for.
public enum InputEstimate {
  /// Around the whole call: begin and end marks, the opening of the answer.
  static let perCall: Int64 = 4
  /// Around each turn: its role and separators.
  static let perMessage: Int64 = 4
  /// Around each call of a tool and each of its results: their tags.
  static let perToolBlock: Int64 = 8
  /// Around each tool's name, description and schema.
  static let perTool: Int64 = 8
  /// The provider's own prompt that explains tools, once a call.
  static let toolPrompt: Int64 = 320
  /// Around each text of an embeddings call: its begin and end marks.
  static let perText: Int64 = 2

  /// The likely number, at least one. Never cut to the model's window: a caller asks to learn whether a call fits.
  public static func of(_ call: ModelCall, limits: ModelLimits) -> TokenCount {
    var tally = Tally(limits: limits)
    switch call {
    case .chat(let request): tally.add(request)
    case .embed(let request):
      for text in request.inputs {
        tally.tokens += perText
        tally.add(text)
      }
    }
    return TokenCount(max(1, tally.total))
  }

  private struct Tally {
    let limits: ModelLimits
    var tokens: Int64 = 0
    /// Characters (Unicode scalars) of text that are not in `tokens` yet.
    var characters: Int64 = 0

    /// Rounded up, because half a token is one.
    var total: Int64 {
      let milli = max(1, Int64(limits.milliCharactersPerToken))
      let (product, overflows) = characters.multipliedReportingOverflow(by: 1_000)
      guard !overflows else { return .max }
      return tokens.addingSaturated((product.addingSaturated(milli - 1)) / milli)
    }

    mutating func add(_ text: Sensitive<String>) { characters += Int64(text.reveal().unicodeScalars.count) }
    mutating func add(_ text: String) { characters += Int64(text.unicodeScalars.count) }
    /// JSON and signatures are ASCII for the most part, documents are anything: their bytes count as characters.
    mutating func add(_ bytes: Sensitive<[UInt8]>) { characters += Int64(bytes.reveal().count) }

    mutating func add(_ request: ChatRequest) {
      tokens += perCall
      for case .text(let text) in request.system { add(text) }
      for message in request.messages {
        tokens += perMessage
        for block in message.content { add(block) }
      }
      guard !request.tools.isEmpty else { return addFormat(of: request) }
      tokens += toolPrompt
      for tool in request.tools {
        tokens += perTool
        add(tool.name)
        if let description = tool.description { add(description) }
        add(tool.inputSchema.bytes)
      }
      addFormat(of: request)
    }

    private mutating func addFormat(of request: ChatRequest) {
      guard case .jsonSchema(let name, let schema, _, let description)? = request.responseFormat else { return }
      add(name)
      if let description { add(description) }
      add(schema.bytes)
    }

    private mutating func add(_ block: ContentBlock) {
      switch block {
      case .text(let text): add(text)
      case .image: tokens += Int64(limits.tokensPerImage)
      case .document(_, let name, let bytes):
        add(name)
        add(bytes)
      case .toolUse(let id, let name, let input):
        tokens += perToolBlock
        add(id)
        add(name)
        add(input.bytes)
      case .toolResult(let id, let content, _):
        tokens += perToolBlock
        add(id)
        for part in content { add(part) }
      case .reasoning(let text, _): add(text)
      case .redactedReasoning(let bytes): add(bytes)
      case .cachePoint: break
      }
    }

    private mutating func add(_ part: ToolResultContent) {
      switch part {
      case .text(let text): add(text)
      case .json(let value): add(value.bytes)
      case .image: tokens += Int64(limits.tokensPerImage)
      case .document(_, let name, let bytes):
        add(name)
        add(bytes)
      }
    }
  }
}
