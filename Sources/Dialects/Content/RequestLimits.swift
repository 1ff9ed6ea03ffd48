public import Core

/// The limits that hold whatever dialect a call came in, checked on the neutral call. Rule F-3.
public enum RequestLimits {
  /// Most characters of a name that a sentence shows.
  private static let mostShown = 80

  /// Throws ``InvalidRequest`` with the first element that passes a limit of the model version. Images, documents, tools
  /// and texts are counted from 1 through the whole request, because dialects part messages differently.
  public static func check(_ call: ModelCall, limits: ModelLimits) throws(InvalidRequest) {
    switch call {
    case .chat(let request):
      try checkTools(request.tools, limits: limits)
      try checkReasoning(request, limits: limits)
      try checkMedia(request.messages, limits: limits)
    case .embed(let request):
      try checkTexts(request, limits: limits)
    }
  }

  // MARK: Tools

  private static func checkTools(_ tools: [Tool], limits: ModelLimits) throws(InvalidRequest) {
    var names: Set<String> = []
    for (index, tool) in tools.enumerated() {
      guard isToolName(tool.name, longest: limits.maxToolNameLength) else {
        throw InvalidRequest(
          "Tool \(index + 1) is named \(shown(tool.name)), but the name of a tool must begin with a letter and go on in "
            + "letters, digits, _ and -, with at most \(limits.maxToolNameLength) characters.", parameter: "tools")
      }
      guard names.insert(tool.name).inserted else {
        throw InvalidRequest(
          "Tool \(index + 1) is named \(shown(tool.name)) like an earlier tool; every tool needs a name of its own.",
          parameter: "tools")
      }
      guard !tool.isStrict || limits.takesStrictTools else {
        throw InvalidRequest(
          "Tool \(index + 1), \(shown(tool.name)), is marked strict, which this model does not take; leave strict out, or "
            + "set it to false.", parameter: "tools")
      }
    }
  }

  /// A tool's name, which the application's maker chose: no content. Cut, and without what is not seen.
  private static func shown(_ name: String) -> String {
    let line = name.unicodeScalars.prefix(mostShown + 1).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: Character("\u{FFFD}")
      default: Character(scalar)
      }
    }
    return "\"" + String(line.prefix(mostShown)) + (line.count > mostShown ? "…\"" : "\"")
  }

  private static func isToolName(_ name: String, longest: Int) -> Bool {
    guard (1...max(1, longest)).contains(name.utf8.count) else { return false }
    for (index, byte) in name.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        if index == 0 { return false }
      default: return false
      }
    }
    return true
  }

  // MARK: Reasoning

  private static func checkReasoning(_ request: ChatRequest, limits: ModelLimits) throws(InvalidRequest) {
    guard let budget = request.reasoning?.budget else { return }
    let most = min(request.inference.maxTokens ?? limits.defaultMaxTokens, limits.maxOutputTokens)
    guard budget < most else {
      throw InvalidRequest(
        "The reasoning budget of \(budget) tokens must be smaller than the most output tokens, which are \(most) here. "
          + "Ask for less reasoning or for more output tokens.", parameter: "reasoning")
    }
  }

  // MARK: Images and documents

  private struct Media {
    var images = 0
    var documents = 0
  }

  private static func checkMedia(_ messages: [Message], limits: ModelLimits) throws(InvalidRequest) {
    var media = Media()
    for message in messages {
      for block in message.content {
        switch block {
        case .image(let format, let bytes): try checkImage(format, bytes, &media, limits)
        case .document(let format, _, let bytes): try checkDocument(format, bytes, &media, limits)
        case .toolResult(_, let content, _):
          for part in content {
            switch part {
            case .image(let format, let bytes): try checkImage(format, bytes, &media, limits)
            case .document(let format, _, let bytes): try checkDocument(format, bytes, &media, limits)
            case .text, .json: break
            }
          }
        case .text, .toolUse, .reasoning, .redactedReasoning, .cachePoint: break
        }
      }
    }
  }

  private static func checkImage(
    _ format: String, _ bytes: Sensitive<[UInt8]>, _ media: inout Media, _ limits: ModelLimits
  ) throws(InvalidRequest) {
    media.images += 1
    let image = "Image \(media.images)"
    guard media.images <= limits.maxImages else {
      throw InvalidRequest(tooMany("images", most: limits.maxImages), parameter: "messages")
    }
    try checkFormat(format, of: image, among: limits.imageFormats)
    try checkSize(bytes, of: image, most: limits.maxImageBytes)
    try checkBytes(bytes.reveal(), of: image, are: format)
    guard let size = ImageSize(bytes.reveal()) else { return }
    guard max(size.width, size.height) <= limits.maxImageSide else {
      throw InvalidRequest(
        "\(image) measures \(size.width) by \(size.height) pixels; at most \(limits.maxImageSide) a side are allowed.",
        parameter: "messages")
    }
  }

  /// Providers refuse an image in another format than it is said to be, and say neither which one nor what it is.
  private static func checkBytes(
    _ bytes: [UInt8], of image: String, are format: String
  ) throws(InvalidRequest) {
    guard MediaFormat.images.contains(format) else { return }
    guard let actual = MediaFormat.image(in: bytes) else {
      throw InvalidRequest(
        "\(image) is declared to be image/\(format), but its bytes are those of no PNG, JPEG, GIF or WebP image.",
        parameter: "messages")
    }
    guard actual == format else {
      throw InvalidRequest(
        "\(image) is declared to be image/\(format), but its bytes are those of image/\(actual); declare it as that.",
        parameter: "messages")
    }
  }

  private static func checkDocument(
    _ format: String, _ bytes: Sensitive<[UInt8]>, _ media: inout Media, _ limits: ModelLimits
  ) throws(InvalidRequest) {
    media.documents += 1
    let document = "Document \(media.documents)"
    guard media.documents <= limits.maxDocuments else {
      throw InvalidRequest(tooMany("documents", most: limits.maxDocuments), parameter: "messages")
    }
    try checkFormat(format, of: document, among: limits.documentFormats)
    try checkSize(bytes, of: document, most: limits.maxDocumentBytes)
  }

  private static func tooMany(_ things: String, most: Int) -> String {
    most == 0 ? "The model takes no \(things)." : "A request may hold at most \(most) \(things)."
  }

  /// Without a list in the catalog every format that the dialects know is allowed.
  private static func checkFormat(
    _ format: String, of element: String, among allowed: [String]
  ) throws(InvalidRequest) {
    guard allowed.isEmpty || allowed.contains(format) else {
      let list = allowed.joined(separator: ", ")
      throw InvalidRequest(
        "\(element) is in a format that the model does not take; it takes \(list).",
        parameter: "messages")
    }
  }

  private static func checkSize(
    _ bytes: Sensitive<[UInt8]>, of element: String, most: Int
  ) throws(InvalidRequest) {
    let count = bytes.reveal().count
    guard count <= most else {
      throw InvalidRequest("\(element) has \(count) bytes; at most \(most) are allowed.", parameter: "messages")
    }
  }

  // MARK: Texts to embed

  private static func checkTexts(_ request: EmbedRequest, limits: ModelLimits) throws(InvalidRequest) {
    guard !request.inputs.isEmpty else {
      throw InvalidRequest("There is no text to embed; give at least one.")
    }
    guard request.inputs.count <= limits.maxTexts else {
      throw InvalidRequest(
        "The request holds \(request.inputs.count) texts; at most \(limits.maxTexts) are allowed in one call.")
    }
    if let empty = request.inputs.firstIndex(where: { $0.reveal().isEmpty }) {
      throw InvalidRequest("Text \(empty + 1) is empty; every text needs at least one character.")
    }
    guard let asked = request.dimensions else { return }
    let offered = limits.dimensionChoices + [limits.dimensions].compactMap { $0 }
    guard offered.isEmpty || offered.contains(asked) else {
      let list = Set(offered).sorted().map(String.init).joined(separator: ", ")
      throw InvalidRequest("The model gives vectors of \(list) dimensions, not of \(asked).", parameter: "dimensions")
    }
  }
}
