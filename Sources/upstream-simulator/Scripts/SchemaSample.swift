/// Makes a value that fits a JSON schema, always the same one for the same schema.
struct SchemaSample {
  private static let depthLimit = 24
  /// Has what encoders get wrong: letters of two to four bytes, quotes, a backslash, a line break.
  static let text = "Zürich \"amber\" \\ 日本 😀\nend"
  private static let formats = [
    "date": "2026-07-15", "date-time": "2026-07-15T08:30:00Z", "time": "08:30:00Z", "email": "amber@example.com",
    "uuid": "00000000-0000-4000-8000-000000000001", "uri": "https://example.com/amber", "ipv4": "192.0.2.1",
  ]

  private let root: JSONTree

  static func value(for schema: JSONTree) -> JSONTree {
    SchemaSample(root: schema).value(schema, depth: 0)
  }

  private func value(_ schema: JSONTree, depth: Int) -> JSONTree {
    guard depth < Self.depthLimit else { return .null }
    if let reference = schema["$ref"]?.string, let target = resolve(reference) {
      return value(target, depth: depth + 1)
    }
    if let constant = schema["const"] { return constant }
    if let first = schema["enum"]?.elements?.first { return first }
    for name in ["anyOf", "oneOf"] {
      if let first = schema[name]?.elements?.first { return value(first, depth: depth + 1) }
    }
    if let parts = schema["allOf"]?.elements { return merged(parts, depth: depth + 1) }
    switch type(of: schema) {
    case "object": return object(schema, depth: depth)
    case "array": return array(schema, depth: depth)
    case "integer": return integer(schema)
    case "number": return .number(schema["minimum"]?.number.map { String($0) } ?? "1.5")
    case "boolean": return .bool(true)
    case "null": return .null
    default: return .string(text(schema))
    }
  }

  private func type(of schema: JSONTree) -> String {
    let type = schema["type"]
    if let name = type?.string ?? type?.elements?.first?.string { return name }
    if schema["properties"] != nil { return "object" }
    return schema["items"] != nil ? "array" : "string"
  }

  /// The required properties; all of them when the schema requires none.
  private func object(_ schema: JSONTree, depth: Int) -> JSONTree {
    let properties = schema["properties"]?.members ?? []
    let required = schema["required"]?.elements?.compactMap(\.string) ?? []
    let names = required.isEmpty ? properties.map(\.name) : required
    return .object(
      names.map { name in
        let property = properties.first { $0.name == name }?.value ?? .object([])
        return JSONTree.Member(name: name, value: value(property, depth: depth + 1))
      })
  }

  private func array(_ schema: JSONTree, depth: Int) -> JSONTree {
    let count = min(max(schema["minItems"]?.integer ?? 1, 0), 100)
    let item = schema["items"] ?? .object([.init(name: "type", value: .string("string"))])
    return .array(Array(repeating: value(item, depth: depth + 1), count: count))
  }

  private func integer(_ schema: JSONTree) -> JSONTree {
    let least = schema["minimum"]?.integer ?? schema["exclusiveMinimum"]?.integer.map { $0 + 1 } ?? 7
    return .number(String(min(least, schema["maximum"]?.integer ?? least)))
  }

  private func text(_ schema: JSONTree) -> String {
    if let format = schema["format"]?.string, let sample = Self.formats[format] { return sample }
    var text = Self.text
    if let most = schema["maxLength"]?.integer { text = String(text.unicodeScalars.prefix(max(most, 0))) }
    let missing = min(schema["minLength"]?.integer ?? 0, 10_000) - text.unicodeScalars.count
    return missing > 0 ? text + String(repeating: "x", count: missing) : text
  }

  private func merged(_ parts: [JSONTree], depth: Int) -> JSONTree {
    let values = parts.map { value($0, depth: depth) }
    let members = values.compactMap(\.members)
    return members.isEmpty ? values.first ?? .null : .object(members.flatMap { $0 })
  }

  /// Follows a reference inside the schema: `#/$defs/name`.
  private func resolve(_ reference: String) -> JSONTree? {
    guard reference.hasPrefix("#") else { return nil }
    return reference.dropFirst().split(separator: "/").reduce(Optional(root)) { $0?[String($1)] }
  }
}
