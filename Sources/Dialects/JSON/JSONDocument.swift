/// Bytes whose JSON grammar has been checked, with the place of every value. Values are read from the bytes when they
/// are asked for, so what is passed on unread costs nothing.
public final class JSONDocument: Sendable, Redacted {
  public let bytes: [UInt8]
  let tokens: [JSONToken]

  /// Throws ``JSONProblem`` where the bytes are not strict JSON (RFC 8259) or pass a limit.
  public init(_ bytes: [UInt8], limits: JSONLimits = .request) throws(JSONProblem) {
    var tokenizer = JSONTokenizer(limits: limits)
    try tokenizer.read(bytes.span)
    self.bytes = bytes
    tokens = tokenizer.tokens
  }

  /// The outermost value.
  public var root: JSONNode { JSONNode(self, 0) }
}

/// One value of a document.
public struct JSONNode: Sendable {
  let document: JSONDocument
  let index: Int

  init(_ document: JSONDocument, _ index: Int) {
    self.document = document
    self.index = index
  }

  var token: JSONToken { document.tokens[index] }
  public var kind: JSONKind { token.kind }
  public var isNull: Bool { kind == .null }

  /// The value as it stands in the document.
  public var raw: ArraySlice<UInt8> { document.bytes[token.range] }

  /// The member `name` of an object; nil where it is absent or null. Of several with one name the last counts.
  public subscript(name: String) -> JSONNode? {
    let tokens = document.tokens
    guard tokens[index].kind == .object else { return nil }
    // Looked at without making nodes, because requests are asked for many names that they do not have.
    let length = name.utf8.count
    let end = Int(tokens[index].next)
    var position = index + 1
    var found: Int?
    while position < end {
      let token = tokens[position]
      if token.hasEscapes || Int(token.end - token.start) - 2 == length, JSONNode(document, position).isString(name) {
        found = position + 1
      }
      position = Int(tokens[position + 1].next)
    }
    guard let found, tokens[found].kind != .null else { return nil }
    return JSONNode(document, found)
  }

  /// The elements of an array; none for anything else.
  public var elements: JSONElements { JSONElements(self, if: .array) }
  /// The elements of the array that is the member `name`; none where there is no such array.
  public func elements(of name: String) -> JSONElements {
    self[name]?.elements ?? JSONElements(noneOf: document)
  }

  /// The members of an object in the order of the document, duplicates included; none for anything else.
  public var members: JSONMembers { JSONMembers(self) }

  /// The number of elements or members.
  public var count: Int {
    kind == .object ? members.reduce(0) { count, _ in count + 1 } : elements.reduce(0) { count, _ in count + 1 }
  }

  // MARK: Scalars; nil where the value is of another kind

  public var bool: Bool? { kind == .bool ? document.bytes[token.range.lowerBound] == UInt8(ascii: "t") : nil }

  public var string: String? {
    guard kind == .string else { return nil }
    if token.hasEscapes { return String(decoding: JSONByte.unescaped(document.bytes, innerRange), as: UTF8.self) }
    return String(decoding: document.bytes[innerRange], as: UTF8.self)
  }

  /// The UTF-8 bytes of a string, escapes resolved.
  public var stringBytes: [UInt8]? {
    guard kind == .string else { return nil }
    return token.hasEscapes
      ? JSONByte.unescaped(document.bytes, innerRange) : Array(document.bytes[innerRange])
  }

  /// A finite number.
  public var double: Double? { kind == .number ? JSONNumber.double(document.bytes, token.range) : nil }
  /// A whole number that fits; `2.0` and `1e3` are whole.
  public var integer: Int64? { kind == .number ? JSONNumber.integer(document.bytes, token.range) : nil }

  /// Whether this is the string `text`.
  public func isString(_ text: String) -> Bool {
    guard kind == .string else { return false }
    if token.hasEscapes { return string == text }
    let range = innerRange
    guard range.count == text.utf8.count else { return false }
    var index = range.lowerBound
    for byte in text.utf8 {
      if document.bytes[index] != byte { return false }
      index += 1
    }
    return true
  }

  /// Where a string's content stands, without quotes and with its escapes.
  var innerRange: Range<Int> {
    let range = token.range
    return range.lowerBound + 1..<range.upperBound - 1
  }
}

/// The elements of an array, one after the other.
public struct JSONElements: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var position: Int
  private let end: Int

  init(_ node: JSONNode, if kind: JSONKind) {
    document = node.document
    position = node.index + 1
    end = node.kind == kind ? Int(node.token.next) : position
  }

  init(noneOf document: JSONDocument) {
    self.document = document
    position = 0
    end = 0
  }

  public mutating func next() -> JSONNode? {
    guard position < end else { return nil }
    let node = JSONNode(document, position)
    position = Int(node.token.next)
    return node
  }
}

/// The members of an object, one after the other.
public struct JSONMembers: Sequence, IteratorProtocol {
  private var nodes: JSONElements

  init(_ node: JSONNode) { nodes = JSONElements(node, if: .object) }

  public mutating func next() -> (name: JSONNode, value: JSONNode)? {
    guard let name = nodes.next(), let value = nodes.next() else { return nil }
    return (name, value)
  }
}
