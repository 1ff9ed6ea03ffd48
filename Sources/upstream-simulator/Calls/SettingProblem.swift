/// Why a directive, a header or a behavior could not be understood.
enum SettingProblem: Error, Equatable, CustomStringConvertible {
  case unknownFault(String)
  case unknownName(String)
  case notANumber(name: String, value: String, limit: Int)
  case notKeyAndValue(String)
  case timesWithoutFault
  case notAnObject

  /// How much of a wrong value a message repeats.
  static let shownCharacters = 60

  var description: String {
    switch self {
    case .unknownFault(let text):
      "'\(text)' is no fault; use 400, 429, 429@SECONDS, 500, 503, timeout, close, cut@TOKENS, error@TOKENS, "
        + "garbage or no-usage."
    case .unknownName(let name):
      "'\(name)' is no setting; use \(CallSettings.Name.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(and, in a behavior, times)."
    case .notANumber(let name, let value, let limit):
      "'\(value)' is no value for \(name); use a whole number from 0 to \(limit)."
    case .notKeyAndValue(let text): "'\(text)' is no setting; write name=value."
    case .timesWithoutFault: "'times' needs a 'fault' beside it."
    case .notAnObject: "A behavior is a JSON object, for instance {\"latency\":20,\"fault\":\"500\",\"times\":3}."
    }
  }
}
