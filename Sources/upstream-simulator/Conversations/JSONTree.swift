import NIOCore

/// A JSON value in memory: members keep their order, numbers their text.
indirect enum JSONTree: Equatable, Sendable {
  struct Member: Equatable, Sendable {
    var name: String
    var value: JSONTree
  }

  case object([Member])
  case array([JSONTree])
  case string(String)
  case number(String)
  case bool(Bool)
  case null

  static func parse(_ body: ByteBuffer) throws(CallProblem) -> JSONTree {
    let result = body.withUnsafeReadableBytes { bytes -> Result<JSONTree, ScanProblem> in
      var cursor = JSONCursor(bytes)
      return Result { () throws(ScanProblem) in
        let tree = try read(&cursor)
        try cursor.expectEnd()
        return tree
      }
    }
    do throws(ScanProblem) { return try result.get() } catch { throw CallProblem(error.description) }
  }

  static func parse(_ text: String) throws(CallProblem) -> JSONTree {
    try parse(ByteBuffer(string: text))
  }

  private static func read(_ cursor: inout JSONCursor) throws(ScanProblem) -> JSONTree {
    switch cursor.peek() {
    case UInt8(ascii: "{"):
      var members: [Member] = []
      try cursor.object { (cursor, name) throws(ScanProblem) in
        members.append(Member(name: String(decoding: name, as: UTF8.self), value: try read(&cursor)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONTree] = []
      try cursor.array { (cursor) throws(ScanProblem) in elements.append(try read(&cursor)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(cursor.text(try cursor.string()))
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      return try cursor.literal().map { .bool($0) } ?? .null
    default:
      let range = try cursor.number()
      return .number(String(decoding: cursor.bytes[range], as: UTF8.self))
    }
  }

  /// The member's value; nil when there is none or when it is null.
  subscript(name: String) -> JSONTree? {
    guard case .object(let members) = self, let found = members.last(where: { $0.name == name })?.value else {
      return nil
    }
    return found == .null ? nil : found
  }

  var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  var elements: [JSONTree]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var integer: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  var number: Double? {
    if case .number(let text) = self { Double(text) } else { nil }
  }

  var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The value as compact JSON.
  var text: String {
    var buffer = ByteBuffer()
    write(into: &buffer)
    return String(buffer: buffer)
  }

  private func write(into buffer: inout ByteBuffer) {
    switch self {
    case .object(let members):
      buffer.writeStaticString("{")
      for (index, member) in members.enumerated() {
        if index > 0 { buffer.writeStaticString(",") }
        buffer.writeJSONString(member.name)
        buffer.writeStaticString(":")
        member.value.write(into: &buffer)
      }
      buffer.writeStaticString("}")
    case .array(let elements):
      buffer.writeStaticString("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { buffer.writeStaticString(",") }
        element.write(into: &buffer)
      }
      buffer.writeStaticString("]")
    case .string(let text): buffer.writeJSONString(text)
    case .number(let text): buffer.writeString(text)
    case .bool(let value): buffer.writeString(value ? "true" : "false")
    case .null: buffer.writeStaticString("null")
    }
  }
}
