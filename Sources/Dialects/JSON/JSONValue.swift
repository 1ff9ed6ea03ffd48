/// A JSON value of its own, in the order of its document and with numbers as they were written.
public enum JSONValue: Sendable, Hashable, Redacted {
  case null
  case bool(Bool)
  /// The number's own text, by the grammar of JSON.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  public struct Member: Sendable, Hashable, Redacted {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// A copy of `node`; of members with one name the last stays, at its own place.
  public init(_ node: JSONNode) {
    switch node.kind {
    case .null: self = .null
    case .bool: self = .bool(node.bool ?? false)
    case .number: self = .number(String(decoding: node.raw, as: UTF8.self))
    case .string: self = .string(node.string ?? "")
    case .array: self = .array(node.elements.map(JSONValue.init))
    case .object: self = .object(Self.members(of: node))
    }
  }

  /// Reads `bytes`. Throws ``JSONProblem``.
  public init(_ bytes: [UInt8], limits: JSONLimits = .request) throws(JSONProblem) {
    self.init(try JSONDocument(bytes, limits: limits).root)
  }

  private static func members(of node: JSONNode) -> [Member] {
    var last: [String: Int] = [:]
    let all = node.members.map { (name: $0.name.string ?? "", value: $0.value) }
    for (index, member) in all.enumerated() { last[member.name] = index }
    return all.enumerated().filter { last[$1.name] == $0 }.map { Member($1.name, JSONValue($1.value)) }
  }

  /// The member `name` of an object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The value as JSON without spaces.
  public var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
