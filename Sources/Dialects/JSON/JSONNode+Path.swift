import Core

extension JSONNode {
  /// Names that are longer, or hold anything but letters, digits, `_` and `-`, are shown as `?`: a path never quotes
  /// content.
  private static let longestNameInPath = 40

  /// Where the value stands, as `messages[2].content[0].text`; empty for the outermost value. Found by descending from
  /// the root, so that only failures pay for it.
  public var path: String {
    var path = ""
    var current = document.root
    while current.index != index {
      guard let (step, child) = Self.step(from: current, towards: index) else { break }
      path += path.isEmpty && step.hasPrefix(".") ? String(step.dropFirst()) : step
      current = child
    }
    return path
  }

  private static func step(from parent: JSONNode, towards index: Int) -> (String, JSONNode)? {
    func holds(_ node: JSONNode) -> Bool { node.index <= index && index < Int(node.token.next) }
    switch parent.kind {
    case .array:
      for (position, element) in parent.elements.enumerated() where holds(element) { return ("[\(position)]", element) }
    case .object:
      for member in parent.members where holds(member.value) { return ("." + shown(member.name), member.value) }
    case .null, .bool, .number, .string: break
    }
    return nil
  }

  /// A member's name as it may be told.
  static func shown(_ name: JSONNode) -> String {
    let text = name.string ?? ""
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && !text.isEmpty && text.utf8.count <= longestNameInPath ? text : "?"
  }

  /// The path of the member `name`, which need not exist.
  func path(of name: String) -> String {
    let own = path
    return own.isEmpty ? name : "\(own).\(name)"
  }

  /// A refusal that says of this value what `clause` says: "must be a string".
  func problem(_ clause: String) -> InvalidRequest {
    let path = path
    return InvalidRequest("\(path.isEmpty ? "The body" : path) \(clause).", parameter: path.isEmpty ? nil : path)
  }

  /// A refusal about the member `name`, which may be absent.
  func problem(_ name: String, _ clause: String) -> InvalidRequest {
    let path = path(of: name)
    return InvalidRequest("\(path) \(clause).", parameter: path)
  }
}
