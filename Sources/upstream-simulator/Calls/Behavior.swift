import Foundation
import NIOCore
import Synchronization

/// The settings that hold for every call, changeable while the simulator runs.
final class Behavior: Sendable {
  private struct State {
    var settings: CallSettings
    var rules: [FaultRule] = []
    var rejectedKey: String?
  }

  static let ruleLimit = 64

  private let initial: State
  private let state: Mutex<State>

  /// - Parameter rejectedKey: calls that carry it are refused.
  init(_ settings: CallSettings, rejectedKey: String?) {
    initial = State(settings: settings, rejectedKey: rejectedKey)
    state = Mutex(initial)
  }

  /// The settings for the next call with the fault that strikes it, and the key that it must not have.
  func next() -> (settings: CallSettings, rejectedKey: String?) {
    state.withLock { state in
      var settings = state.settings
      for index in state.rules.indices where state.rules[index].strikes() {
        settings.fault = state.rules[index].fault
        if state.rules[index].isSpent { state.rules.remove(at: index) }
        break
      }
      return (settings, state.rejectedKey)
    }
  }

  /// Changes the members that the object names and leaves the others. All or nothing.
  func change(_ json: Data) throws(SettingProblem) {
    guard let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any] else { throw .notAnObject }
    var changed = state.withLock { $0 }
    for (key, value) in object where !FaultRule.names.contains(key) {
      switch key {
      case "fault": changed.rules = value is NSNull ? [] : [try Self.rule(object, value)]
      case "faults": changed.rules = try Self.rules(value)
      case "rejected_key": changed.rejectedKey = (value as? String).flatMap { $0.isEmpty ? nil : $0 }
      default: try Self.set(key, to: value, in: &changed.settings)
      }
    }
    if FaultRule.names.contains(where: { object[$0] != nil }), object["fault"] == nil || changed.rules.isEmpty {
      throw .timesWithoutFault
    }
    let state = changed
    self.state.withLock { $0 = state }
  }

  private static func set(_ key: String, to value: Any, in settings: inout CallSettings) throws(SettingProblem) {
    guard let name = CallSettings.Name(rawValue: key) else { throw .unknownName(key) }
    guard value is NSNull else { return try settings.set(name, to: "\(value)") }
    switch name {
    case .input: settings.inputTokens = nil
    case .tools: settings.tools = nil
    case .reasoning: settings.reasoning = nil
    case .ending: settings.ending = nil
    case .say: settings.say = nil
    default: try settings.set(name, to: "null")
    }
  }

  private static func rules(_ value: Any) throws(SettingProblem) -> [FaultRule] {
    guard let objects = value as? [[String: Any]] else { throw .notAnObject }
    guard objects.count <= ruleLimit else { throw .tooManyRules }
    return try objects.map { object throws(SettingProblem) in
      for key in object.keys where key != "fault" && !FaultRule.names.contains(key) { throw .unknownName(key) }
      return try rule(object, object["fault"] ?? "")
    }
  }

  private static func rule(_ object: [String: Any], _ fault: Any) throws(SettingProblem) -> FaultRule {
    try FaultRule(try Fault(parsing: "\(fault)"), object)
  }

  /// Goes back to what the options said.
  func reset() {
    state.withLock { $0 = initial }
  }

  /// The settings in force as a JSON object with the names that `change` reads.
  var json: ByteBuffer {
    let state = state.withLock { $0 }
    let settings = state.settings
    var json = ByteBuffer()
    json.writeString(
      "{\"input\":\(settings.inputTokens.map(String.init) ?? "null"),\"output\":\(settings.outputTokens),"
        + "\"cache_read\":\(settings.cacheReadTokens),\"cache_write\":\(settings.cacheWriteTokens),"
        + "\"cache_write_1h\":\(settings.cacheWriteHourTokens),\"latency\":\(settings.latency),"
        + "\"interval\":\(settings.interval),\"rounds\":\(settings.rounds),\"preamble\":\(settings.preamble),"
        + "\"reasoning\":\(settings.reasoning.map(String.init) ?? "null"),\"redacted\":\(settings.redacted),"
        + "\"usage\":\"\(settings.usage.rawValue)\"")
    let texts = [
      ("tools", settings.tools?.text), ("ending", settings.ending?.rawValue), ("say", settings.say),
      ("rejected_key", state.rejectedKey), ("fault", state.rules.first?.fault.text),
    ]
    for (name, text) in texts {
      json.writeString(",\"\(name)\":")
      if let text { json.writeJSONString(text) } else { json.writeString("null") }
    }
    if let left = state.rules.first?.left { json.writeString(",\"times\":\(left)") }
    json.writeString(",\"faults\":[\(state.rules.map(\.json).joined(separator: ","))]}")
    return json
  }
}
