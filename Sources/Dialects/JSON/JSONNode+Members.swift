import Core

/// Members by type, for requests: what is of another kind is refused with its path.
extension JSONNode {
  func object() throws(InvalidRequest) -> JSONNode {
    guard kind == .object else { throw problem("must be an object, not \(kind.words)") }
    return self
  }

  func text() throws(InvalidRequest) -> String {
    guard let string else { throw problem("must be a string, not \(kind.words)") }
    return string
  }

  func optionalText(_ name: String) throws(InvalidRequest) -> String? { try self[name]?.text() }

  func optionalBool(_ name: String) throws(InvalidRequest) -> Bool? {
    guard let node = self[name] else { return nil }
    guard let bool = node.bool else { throw node.problem("must be true or false, not \(node.kind.words)") }
    return bool
  }

  func optionalDouble(_ name: String) throws(InvalidRequest) -> Double? {
    guard let node = self[name] else { return nil }
    guard node.kind == .number else { throw node.problem("must be a number, not \(node.kind.words)") }
    guard let double = node.double else { throw node.problem("is too large a number") }
    return double
  }

  /// A whole number within `range`.
  func optionalInt(_ name: String, in range: ClosedRange<Int64>) throws(InvalidRequest) -> Int? {
    guard let node = self[name] else { return nil }
    guard node.kind == .number else { throw node.problem("must be a whole number, not \(node.kind.words)") }
    guard let integer = node.integer, range.contains(integer) else {
      throw node.problem("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return Int(integer)
  }

  func optionalObject(_ name: String) throws(InvalidRequest) -> JSONNode? { try self[name]?.object() }

  func optionalArray(_ name: String) throws(InvalidRequest) -> JSONNode? {
    guard let node = self[name] else { return nil }
    guard node.kind == .array else { throw node.problem("must be a list, not \(node.kind.words)") }
    return node
  }

  func requiredText(_ name: String) throws(InvalidRequest) -> String { try required(name).text() }
  func requiredObject(_ name: String) throws(InvalidRequest) -> JSONNode { try required(name).object() }

  func requiredArray(_ name: String) throws(InvalidRequest) -> JSONNode {
    guard let node = try optionalArray(name) else { throw problem(name, "is missing") }
    return node
  }

  /// Whether an object has the member, be it null.
  func hasMember(_ name: String) -> Bool { members.contains { $0.name.isString(name) } }

  /// Whether every member's name is of small letters, digits and underscores: some servers compare names without regard to
  /// case, so that another spelling of a name we know could undo what we wrote there.
  var hasPlainNames: Bool {
    members.allSatisfy { member in
      member.name.string?.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
      } ?? false
    }
  }

  func required(_ name: String) throws(InvalidRequest) -> JSONNode {
    guard let node = self[name] else { throw problem(name, "is missing") }
    return node
  }

  /// A JSON object that is carried through unread.
  func rawObject() throws(InvalidRequest) -> RawJSON { RawJSON(Array(try object().raw)) }

  /// The bytes of a Base64 string.
  func base64() throws(InvalidRequest) -> [UInt8] {
    guard kind == .string else { throw problem("must be a string of Base64, not \(kind.words)") }
    let decoded =
      token.hasEscapes
      ? Base64.decode(JSONByte.unescaped(document.bytes, innerRange)[...]) : Base64.decode(document.bytes[innerRange])
    guard let decoded else { throw problem("is not valid Base64") }
    return decoded
  }
}

extension JSONDocument {
  /// Reads a request's body, which must be one JSON object.
  static func request(_ body: Sensitive<[UInt8]>) throws(InvalidRequest) -> JSONNode {
    do throws(JSONProblem) {
      let root = try JSONDocument(body.reveal()).root
      guard root.kind == .object else {
        throw JSONProblem(.expectedValue, at: 0)
      }
      return root
    } catch {
      if error == JSONProblem(.expectedValue, at: 0) {
        throw InvalidRequest("The body must be a JSON object.")
      }
      throw InvalidRequest("The body is not valid JSON: \(error.clause).")
    }
  }
}
