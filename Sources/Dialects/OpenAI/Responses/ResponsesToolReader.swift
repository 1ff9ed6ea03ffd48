import Core

/// Reads the tools of a request and which of them the model shall call.
enum ResponsesToolReader {
  /// Kinds of tools that run at OpenAI, or need a conversation that is kept there.
  private static let hosted = [
    "web_search", "web_search_preview", "file_search", "code_interpreter", "image_generation", "computer",
    "computer_use_preview", "mcp", "local_shell", "shell", "apply_patch", "custom", "namespace", "tool_search",
    "programmatic_tool_calling",
  ]

  static func tools(_ body: JSONNode) throws(InvalidRequest) -> [Tool] {
    guard let list = try body.optionalArray("tools") else { return [] }
    var tools: [Tool] = []
    for tool in list.elements { tools.append(try Self.tool(try tool.object())) }
    return tools
  }

  private static func tool(_ tool: JSONNode) throws(InvalidRequest) -> Tool {
    try checkIsFunction(tool)
    return Tool(
      name: try tool.requiredText("name"), description: try tool.optionalText("description").map(Sensitive.init),
      inputSchema: try tool["parameters"]?.rawObject() ?? RawJSON(ToolSchema.empty),
      isStrict: try tool.optionalBool("strict") ?? false)
  }

  /// `tool_choice`: nil where nothing was said, or there is nothing to choose from.
  static func choice(_ body: JSONNode, among tools: [Tool]) throws(InvalidRequest) -> ToolChoice? {
    guard let choice = body["tool_choice"] else { return nil }
    let wanted: ToolChoice
    switch choice.string {
    case "auto": wanted = .auto
    case "none": wanted = .none
    case "required": wanted = .any
    case .some: throw choice.problem("must be \"auto\", \"none\", \"required\" or name a function")
    case nil:
      if try choice.object()["type"]?.isString("allowed_tools") == true {
        throw choice.problem("type", "cannot be \"allowed_tools\"; send only the tools that may be called")
      }
      try checkIsFunction(choice)
      wanted = .tool(try choice.requiredText("name"))
    }
    if tools.isEmpty {
      switch wanted {
      case .auto, .none: return nil
      case .any, .tool: throw choice.problem("asks for a tool, but there are no tools")
      }
    }
    if case .tool(let name) = wanted, !tools.contains(where: { $0.name == name }) {
      throw choice.problem("names a function that is not among the tools")
    }
    return wanted
  }

  private static func checkIsFunction(_ tool: JSONNode) throws(InvalidRequest) {
    let type = try tool.required("type")
    guard !type.isString("function") else { return }
    // Other words than those that are known may be content.
    if let name = hosted.first(where: { type.isString($0) }) {
      throw type.problem("\"\(name)\" is not supported; only functions that the application runs itself are")
    }
    throw type.problem("must be \"function\"; other kinds of tools are not supported")
  }
}
