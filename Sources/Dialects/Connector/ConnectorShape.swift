import Core

/// The members that the connector's requests are known to have, by what holds them.
indirect enum ConnectorShape: Sendable {
  /// Whatever stands there is content.
  case content
  case object([String: ConnectorShape])
  case list(of: ConnectorShape)

  private static let mostNames = 20
  /// Elements of a list that are looked at: a shape repeats itself.
  private static let mostElements = 100

  /// The paths of the members of `body` that are not known; none where it is no JSON.
  func unrecognised(in body: Sensitive<[UInt8]>) -> [String] {
    guard let root = try? JSONDocument.request(body) else { return [] }
    var names: [String] = []
    collect(root, path: "", &names)
    return names
  }

  private func collect(_ node: JSONNode, path: String, _ names: inout [String]) {
    switch self {
    case .content: return
    case .list(let element):
      for child in node.elements.prefix(Self.mostElements) { element.collect(child, path: path + "[]", &names) }
    case .object(let known):
      for member in node.members {
        guard names.count < Self.mostNames else { return }
        let name = JSONNode.shown(member.name)
        let place = path.isEmpty ? name : "\(path).\(name)"
        if let shape = known[name] {
          shape.collect(member.value, path: place, &names)
        } else if !names.contains(place) {
          names.append(place)
        }
      }
    }
  }
}

extension ConnectorShape {
  static let converse = object([
    "modelId": .content, "model": .content, "system": .list(of: .object(["text": .content, "cachePoint": .content])),
    "messages": .list(of: .object(["role": .content, "toolCallId": .content, "content": .list(of: block)])),
    "inferenceConfig": .object([
      "maxTokens": .content, "temperature": .content, "topP": .content, "stopSequences": .content,
    ]),
    "toolConfig": .object([
      "tools": .list(
        of: .object([
          "toolSpec": .object(["name": .content, "description": .content, "inputSchema": .object(["json": .content])]),
          "cachePoint": .content,
        ])),
      "toolChoice": .object(["auto": .content, "any": .content, "tool": .object(["name": .content])]),
    ]),
    "additionalModelRequestFields": .content, "outputConfig": .content,
  ])

  static let invoke = object([
    "modelId": .content, "model": .content, "texts": .content, "input_type": .content, "truncate": .content,
    "embedding_types": .content, "output_dimension": .content,
  ])

  private static let source = object(["bytes": .content])
  private static let image = object(["format": .content, "source": source])
  private static let document = object(["format": .content, "name": .content, "source": source])
  private static let block = object([
    "text": .content, "image": image, "document": document,
    "toolUse": .object(["toolUseId": .content, "name": .content, "input": .content]),
    "toolResult": .object([
      "toolUseId": .content, "status": .content,
      "content": .list(of: .object(["json": .content, "text": .content, "image": image, "document": document])),
    ]),
    "reasoningContent": .content, "cachePoint": .content,
  ])
}
