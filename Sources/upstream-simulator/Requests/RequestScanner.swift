import NIOCore

/// Reads the facts of a chat or embedding request, of whatever dialect, in one pass over its bytes.
struct RequestScanner {
  private var cursor: JSONCursor
  private var facts = RequestFacts()
  /// True when the last message was the user's.
  private var lastIsUser = false
  /// The last directive of the message being read, as a place in the body.
  private var directiveStart: Int?

  static func scan(_ body: ByteBuffer) throws(ScanProblem) -> RequestFacts {
    let result = body.withUnsafeReadableBytes { bytes -> Result<RequestFacts, ScanProblem> in
      var scanner = RequestScanner(cursor: JSONCursor(bytes))
      return Result { () throws(ScanProblem) in try scanner.readBody() }
    }
    return try result.get()
  }

  private init(cursor: JSONCursor) {
    self.cursor = cursor
  }

  private mutating func readBody() throws(ScanProblem) -> RequestFacts {
    guard cursor.peek() == UInt8(ascii: "{") else {
      try cursor.skip()
      throw .notAnObject
    }
    try object { (scanner, name) throws(ScanProblem) in try scanner.readMember(name) }
    try cursor.expectEnd()
    return facts
  }

  /// Steps over an object with the whole scanner at hand.
  private mutating func object(
    _ visit: (inout RequestScanner, UnsafeRawBufferPointer) throws(ScanProblem) -> Void
  ) throws(ScanProblem) {
    var walk = cursor
    try walk.object { (inner, name) throws(ScanProblem) in
      cursor = inner
      try visit(&self, name)
      inner = cursor
    }
    cursor = walk
  }

  private mutating func array(
    _ visit: (inout RequestScanner) throws(ScanProblem) -> Void
  ) throws(ScanProblem) {
    var walk = cursor
    try walk.array { (inner) throws(ScanProblem) in
      cursor = inner
      try visit(&self)
      inner = cursor
    }
    cursor = walk
  }

  private mutating func readMember(_ name: UnsafeRawBufferPointer) throws(ScanProblem) {
    if name.equals("messages") {
      try readMessages()
    } else if name.equals("model") {
      facts.model = try string("model")
    } else if name.equals("stream") {
      facts.streams = try cursor.literal() ?? false
    } else if name.equals("max_tokens") || name.equals("max_completion_tokens") {
      facts.maxTokens = try integer("max_tokens")
    } else if name.equals("stream_options") || name.equals("inferenceConfig") {
      try readOptions()
    } else if name.equals("system") {
      try readText()
    } else if name.equals("input") || name.equals("texts") {
      try readInputs()
    } else if name.equals("dimensions") || name.equals("output_dimension") {
      facts.dimensions = try integer("dimensions")
    } else if name.equals("encoding_format") {
      facts.encodingFormat = try string("encoding_format")
    } else if name.equals("embedding_types") {
      try readEmbeddingTypes()
    } else if name.equals("sim_echo") {
      _ = cursor.peek()
      let start = cursor.position
      try cursor.skip()
      facts.echo = String(decoding: cursor.bytes[start..<cursor.position], as: UTF8.self)
    } else {
      if Self.isRich(name) { facts.isRich = true }
      try cursor.skip()
    }
  }

  /// The members of a body that ask for more than words.
  private static func isRich(_ name: UnsafeRawBufferPointer) -> Bool {
    name.equals("tools") || name.equals("tool_choice") || name.equals("toolConfig") || name.equals("thinking")
      || name.equals("stop") || name.equals("stop_sequences") || name.equals("response_format")
      || name.equals("reasoning_effort") || name.equals("reasoning") || name.equals("output_config")
      || name.equals("output_format") || name.equals("outputConfig") || name.equals("cache_control")
      || name.equals("prompt_cache_key") || name.equals("additionalModelRequestFields") || name.equals("images")
      || name.equals("inputs")
  }

  private mutating func readOptions() throws(ScanProblem) {
    guard cursor.peek() == UInt8(ascii: "{") else { return try cursor.skip() }
    try object { (scanner, name) throws(ScanProblem) in
      if name.equals("include_usage") {
        scanner.facts.includesUsage = try scanner.cursor.literal() ?? false
      } else if name.equals("maxTokens") {
        scanner.facts.maxTokens = try scanner.integer("maxTokens")
      } else {
        if name.equals("stopSequences") { scanner.facts.isRich = true }
        try scanner.cursor.skip()
      }
    }
  }

  private mutating func readMessages() throws(ScanProblem) {
    guard cursor.peek() == UInt8(ascii: "[") else { throw .wrongType(member: "messages") }
    try array { (scanner) throws(ScanProblem) in
      guard scanner.cursor.peek() == UInt8(ascii: "{") else { throw .wrongType(member: "messages") }
      try scanner.readMessage()
    }
  }

  private mutating func readMessage() throws(ScanProblem) {
    var isUser = false
    directiveStart = nil
    let textsBefore = facts.words
    try object { (scanner, name) throws(ScanProblem) in
      if name.equals("role") {
        let role = try scanner.string("role")
        isUser = role == "user"
        // A turn of the user at every second place and of the model at the others.
        if isUser == scanner.lastIsUser || !isUser && role != "assistant" { scanner.facts.isIrregular = true }
      } else if name.equals("content") {
        try scanner.readText()
      } else {
        if name.equals("tool_calls") || name.equals("tool_call_id") { scanner.facts.isRich = true }
        try scanner.cursor.skip()
      }
    }
    lastIsUser = isUser
    facts.messages += 1
    // Only the newest message of the user steers the call: earlier turns are repeated in every request.
    if isUser, facts.words > textsBefore { takeDirective() }
  }

  /// Counts a text, the texts of an array, or the texts that stand in an object where dialects put them.
  private mutating func readText() throws(ScanProblem) {
    switch cursor.peek() {
    case UInt8(ascii: "\""): try countWords()
    case UInt8(ascii: "["):
      var isEmpty = true
      try array { (scanner) throws(ScanProblem) in
        isEmpty = false
        try scanner.readText()
      }
      if isEmpty { facts.isIrregular = true }
    case UInt8(ascii: "{"):
      try object { (scanner, name) throws(ScanProblem) in
        if name.equals("text") || name.equals("content") {
          try scanner.readText()
        } else if name.equals("type") {
          let kind = try scanner.cursor.string()
          if !UnsafeRawBufferPointer(rebasing: scanner.cursor.bytes[kind]).equals("text") {
            scanner.facts.isRich = true
          }
        } else {
          // An image, a result of a tool, a marker.
          scanner.facts.isRich = true
          try scanner.cursor.skip()
        }
      }
    default: try cursor.skip()
    }
  }

  private mutating func readInputs() throws(ScanProblem) {
    _ = cursor.peek()
    let start = cursor.position
    directiveStart = nil
    switch cursor.peek() {
    case UInt8(ascii: "\""): facts.inputs.append(digest(of: try countWords()))
    case UInt8(ascii: "["):
      var isTokenArray = false
      try array { (scanner) throws(ScanProblem) in
        switch scanner.cursor.peek() {
        case UInt8(ascii: "\""): scanner.facts.inputs.append(scanner.digest(of: try scanner.countWords()))
        case UInt8(ascii: "["): try scanner.readTokenArray()
        default:
          isTokenArray = true
          scanner.facts.words += 1
          _ = try scanner.cursor.number()
        }
      }
      if isTokenArray { facts.inputs = [digest(of: start..<cursor.position)] }
    default: throw .wrongType(member: "input")
    }
    facts.inputsRange = start..<cursor.position
    takeDirective()
  }

  private mutating func readTokenArray() throws(ScanProblem) {
    let start = cursor.position
    try array { (scanner) throws(ScanProblem) in
      scanner.facts.words += 1
      _ = try scanner.cursor.number()
    }
    facts.inputs.append(digest(of: start..<cursor.position))
  }

  private mutating func readEmbeddingTypes() throws(ScanProblem) {
    guard cursor.peek() == UInt8(ascii: "[") else { return try cursor.skip() }
    var types: [String] = []
    try array { (scanner) throws(ScanProblem) in types.append(try scanner.string("embedding_types") ?? "") }
    facts.embeddingTypes = types
  }

  @discardableResult
  private mutating func countWords() throws(ScanProblem) -> Range<Int> {
    let range = try cursor.string()
    if range.isEmpty { facts.isIrregular = true }
    let counter = WordCounter(cursor.bytes, range)
    facts.words += counter.words
    if let start = counter.directiveStart { directiveStart = start }
    return range
  }

  private mutating func takeDirective() {
    facts.directive = nil
    guard let start = directiveStart else { return }
    let inside = cursor.bytes[start...].prefix { $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "\"") }
    facts.directive = String(decoding: inside, as: UTF8.self)
  }

  private mutating func string(_ member: String) throws(ScanProblem) -> String? {
    switch cursor.peek() {
    case UInt8(ascii: "\""): return cursor.text(try cursor.string())
    case UInt8(ascii: "n"):
      _ = try cursor.literal()
      return nil
    default: throw .wrongType(member: member)
    }
  }

  private mutating func integer(_ member: String) throws(ScanProblem) -> Int? {
    if cursor.peek() == UInt8(ascii: "n") {
      _ = try cursor.literal()
      return nil
    }
    let range = try cursor.number()
    guard let value = Int(String(decoding: cursor.bytes[range], as: UTF8.self)), value > 0 else {
      throw .wrongType(member: member)
    }
    return value
  }

  /// FNV-1a over the text itself, so that it does not matter how a sender escapes it.
  private func digest(of range: Range<Int>) -> UInt64 {
    let offset: UInt64 = 0xCBF2_9CE4_8422_2325
    let prime: UInt64 = 0x100_0000_01B3
    return cursor.text(range).utf8.reduce(offset) { ($0 ^ UInt64($1)) &* prime }
  }
}
