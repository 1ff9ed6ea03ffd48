import Core

/// The schemas of tools' inputs.
enum ToolSchema {
  /// Of a tool without parameters.
  static let empty = Array(#"{"type":"object","properties":{}}"#.utf8)

  /// `schema` with `"type":"string"` wherever a property has an `enum` and no `type`, which some providers insist on.
  /// The Mendix connector leaves it out. Properties inside properties and lists are mended too.
  static func typingEnums(of schema: JSONNode) -> RawJSON {
    guard needsTypes(schema) else { return RawJSON(Array(schema.raw)) }
    return RawJSON(mended(JSONValue(schema)).bytes)
  }

  private static func needsTypes(_ schema: JSONNode) -> Bool {
    guard schema.kind == .object else { return false }
    if let properties = schema["properties"] {
      for property in properties.members where lacksType(property.value) || needsTypes(property.value) { return true }
    }
    return schema["items"].map { lacksType($0) || needsTypes($0) } ?? false
  }

  private static func lacksType(_ schema: JSONNode) -> Bool {
    schema["enum"]?.kind == .array && schema["type"] == nil
      && schema["enum"]?.elements.allSatisfy { $0.kind == .string } == true
  }

  private static func mended(_ schema: JSONValue) -> JSONValue {
    guard case .object(var members) = schema else { return schema }
    for index in members.indices {
      switch (members[index].name, members[index].value) {
      case ("properties", .object(var properties)):
        for property in properties.indices { properties[property].value = typed(properties[property].value) }
        members[index].value = .object(properties)
      case ("items", let items): members[index].value = typed(items)
      default: break
      }
    }
    return .object(members)
  }

  private static func typed(_ schema: JSONValue) -> JSONValue {
    guard case .object(var members) = mended(schema) else { return schema }
    let isStringEnum =
      if case .array(let choices)? = schema["enum"] {
        choices.allSatisfy { if case .string = $0 { true } else { false } }
      } else {
        false
      }
    if isStringEnum, schema["type"] == nil { members.insert(.init("type", .string("string")), at: 0) }
    return .object(members)
  }
}
