import Dialects

/// Reads a streamed answer of Converse event by event and tells what no client expects.
struct ConverseOrder {
  /// The connector's numbers: tool calls from 1, all else 0.
  let isConnector: Bool
  private(set) var violations: [String] = []
  private var counts: [String: Int] = [:]
  private var open: [Int64: Bool] = [:]
  private var begun: Int64 = 0

  init(isConnector: Bool) { self.isConnector = isConnector }

  /// What is wrong with `lines`, each an event's name and its payload.
  static func violations(_ lines: [String], isConnector: Bool) throws -> [String] {
    var order = ConverseOrder(isConnector: isConnector)
    for line in lines {
      let space = line.firstIndex(of: " ") ?? line.endIndex
      let payload = try JSONDocument(Array(line[space...].utf8)).root
      order.read(String(line[..<space]), payload)
    }
    if lines.last?.hasPrefix("metadata ") != true { order.violations.append("the end is not metadata") }
    for once in ["messageStart", "messageStop", "metadata"] where order.counts[once] != 1 {
      order.violations.append("\(once) comes \(order.counts[once] ?? 0) times")
    }
    return order.violations
  }

  private mutating func read(_ name: String, _ payload: JSONNode) {
    if counts.isEmpty, name != "messageStart" { violations.append("it begins with \(name)") }
    counts[name, default: 0] += 1
    if name != "metadata", counts["messageStop"] != nil, name != "messageStop" {
      violations.append("\(name) after messageStop")
    }
    switch name {
    case "messageStart": break
    case "messageStop": if !open.isEmpty { violations.append("messageStop while a block is open") }
    case "metadata": if payload["usage"]?["totalTokens"]?.integer == nil { violations.append("metadata without usage") }
    default:
      guard let number = payload["contentBlockIndex"]?.integer else {
        return violations.append("\(name) without a number")
      }
      readBlock(name, number, payload)
    }
  }

  private mutating func readBlock(_ name: String, _ number: Int64, _ payload: JSONNode) {
    switch name {
    case "contentBlockStart":
      if payload["start"]?["toolUse"]?["toolUseId"] == nil { violations.append("a start that is no tool call") }
      begin(number, isTool: true)
    case "contentBlockDelta":
      let isInput = payload["delta"]?["toolUse"]?["input"] != nil
      if open[number] == nil { begin(number, isTool: false) }
      if open[number] != isInput { violations.append("a piece of another kind in block \(number)") }
      for text in [payload["delta"]?["text"], payload["delta"]?["toolUse"]?["input"]] where text?.isString("") == true {
        violations.append("an empty piece")
      }
    case "contentBlockStop":
      if open.removeValue(forKey: number) == nil { violations.append("block \(number) ends and was not open") }
    default: violations.append("unknown event \(name)")
    }
  }

  private mutating func begin(_ number: Int64, isTool: Bool) {
    if open[number] != nil { violations.append("block \(number) begins twice") }
    if isConnector, !isTool {
      if number != 0 { violations.append("a text in block \(number)") }
    } else {
      let expected = isConnector ? begun + 1 : begun
      begun += 1
      if number != expected { violations.append("block \(number) begins in place of \(expected)") }
    }
    open[number] = isTool
  }
}
