import Core

/// The settings of a request as its answer repeats them, which the official client's types demand.
struct ResponsesEcho: Sendable, Redacted {
  /// JSON members without the braces around them and without a line end.
  let members: [UInt8]

  init() { members = [] }

  /// Throws where a setting that has no other reader is of a wrong kind.
  init(_ body: JSONNode) throws(InvalidRequest) {
    let instructions = try body.optionalText("instructions")
    let metadata = try body.optionalObject("metadata")
    let allowsParallel = try body.optionalBool("parallel_tool_calls") ?? true
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("background", false)
      writer.name("instructions")
      if let instructions { writer.string(instructions) } else { writer.null() }
      for name in ["max_output_tokens", "temperature", "top_p"] { Self.write(body, name, to: &writer) }
      writer.name("metadata")
      writer.value(metadata.map(JSONValue.init) ?? .object([]))
      writer.member("parallel_tool_calls", allowsParallel)
      writer.nullMember("previous_response_id")
      writer.object("reasoning") { reasoning in
        for name in ["effort", "summary"] { Self.write(body["reasoning"], name, to: &reasoning) }
      }
      writer.member("store", false)
      writer.object("text") { text in
        text.name("format")
        text.value(
          body["text"]?["format"].map(JSONValue.init) ?? .object([JSONValue.Member("type", .string("text"))]))
      }
      writer.name("tool_choice")
      writer.value(body["tool_choice"].map(JSONValue.init) ?? .string("auto"))
      writer.array("tools") { tools in for tool in body.elements(of: "tools") { Self.write(tool: tool, to: &tools) } }
      writer.member("truncation", "disabled")
    }
    members = Array(writer.bytes.dropFirst().dropLast())
  }

  /// A member as it was given, or null. Written anew, because what was given may hold line ends.
  private static func write(_ node: JSONNode?, _ name: String, to writer: inout JSONWriter) {
    writer.name(name)
    writer.value(node?[name].map(JSONValue.init) ?? .null)
  }

  private static func write(tool: JSONNode, to writer: inout JSONWriter) {
    writer.object { entry in
      entry.member("type", "function")
      for name in ["name", "description", "parameters", "strict"] { write(tool, name, to: &entry) }
    }
  }
}
