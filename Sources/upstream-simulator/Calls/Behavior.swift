import Foundation
import Synchronization

/// The settings that hold for every call, changeable while the simulator runs.
final class Behavior: Sendable {
  private struct State {
    var settings: CallSettings
    /// How many calls the fault still strikes; nil for all.
    var faultsLeft: Int?
  }

  private let initial: CallSettings
  private let state: Mutex<State>

  init(_ settings: CallSettings) {
    initial = settings
    state = Mutex(State(settings: settings, faultsLeft: nil))
  }

  /// The settings for the next call; a fault that strikes a limited number of calls is used up by one.
  func next() -> CallSettings {
    state.withLock { state in
      let settings = state.settings
      if settings.fault != nil, let left = state.faultsLeft {
        state.faultsLeft = left - 1
        if left <= 1 {
          state.settings.fault = nil
          state.faultsLeft = nil
        }
      }
      return settings
    }
  }

  /// Changes the members that the object names and leaves the others. All or nothing.
  func change(_ json: Data) throws(SettingProblem) {
    guard let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any] else { throw .notAnObject }
    var (settings, faultsLeft) = state.withLock { ($0.settings, $0.faultsLeft) }
    for (key, value) in object where key != "times" {
      guard let name = CallSettings.Name(rawValue: key) else { throw .unknownName(key) }
      if name == .fault { faultsLeft = nil }
      if value is NSNull, name == .fault || name == .input {
        if name == .fault { settings.fault = nil } else { settings.inputTokens = nil }
      } else {
        try settings.set(name, to: "\(value)")
      }
    }
    if let times = object["times"] {
      guard settings.fault != nil, object["fault"] != nil else { throw .timesWithoutFault }
      guard let count = times as? Int, (1...CallSettings.maximumTokens).contains(count) else {
        throw .notANumber(name: "times", value: "\(times)", limit: CallSettings.maximumTokens)
      }
      faultsLeft = count
    }
    let changed = State(settings: settings, faultsLeft: faultsLeft)
    state.withLock { $0 = changed }
  }

  /// Goes back to what the options said.
  func reset() {
    state.withLock { $0 = State(settings: initial, faultsLeft: nil) }
  }

  /// The settings in force as a JSON object with the names that `change` reads.
  var json: String {
    let (settings, times) = state.withLock { ($0.settings, $0.faultsLeft) }
    let input = settings.inputTokens.map(String.init) ?? "null"
    let fault = settings.fault.map { "\"\($0.text)\"" } ?? "null"
    let left = times.map { ",\"times\":\($0)" } ?? ""
    return "{\"input\":\(input),\"output\":\(settings.outputTokens),\"cache_read\":\(settings.cacheReadTokens),"
      + "\"cache_write\":\(settings.cacheWriteTokens),\"latency\":\(settings.latency),"
      + "\"interval\":\(settings.interval),\"fault\":\(fault)\(left)}"
  }
}
