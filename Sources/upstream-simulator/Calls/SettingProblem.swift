/// Why a directive, a header or a behavior could not be understood.
enum SettingProblem: Error, Equatable, CustomStringConvertible {
  case unknownFault(String)
  case unknownName(String)
  case notANumber(name: String, value: String, limit: Int)
  case notAWord(name: String, value: String, words: String)
  case notKeyAndValue(String)
  case timesWithoutFault
  case tooManyRules
  case badRegion
  case notAnObject

  /// How much of a wrong value a message repeats.
  static let shownCharacters = 60

  /// How faults are written.
  static let faults =
    "\(Fault.statuses.map(String.init).joined(separator: ", ")) (each with @SECONDS, @MILLISECONDSms or @dateSECONDS "
    + "to send a retry hint), timeout, close, head, head-hang, empty, stall@TOKENS, cut@TOKENS, tear@TOKENS, "
    + "unclosed (whole, but the connection ends badly), error@TOKENS, error-STATUS@TOKENS, garbage, garbage@TOKENS, "
    + "drip@MILLISECONDS, huge@BYTES and no-usage"

  var description: String {
    switch self {
    case .unknownFault(let text): "'\(text)' is no fault; use one of \(Self.faults)."
    case .unknownName(let name):
      "'\(name)' is no setting; use \(CallSettings.Name.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(and, in a behavior, \(FaultRule.names.joined(separator: ", ")), faults, rejected_key)."
    case .notANumber(let name, let value, let limit):
      "'\(value)' is no value for \(name); use a whole number from 0 to \(limit)."
    case .notAWord(let name, let value, let words): "'\(value)' is no value for \(name); use \(words)."
    case .notKeyAndValue(let text): "'\(text)' is no setting; write name=value."
    case .timesWithoutFault: "\(FaultRule.names.joined(separator: ", ")) need a 'fault' beside them."
    case .tooManyRules: "At most \(Behavior.ruleLimit) faults can be in force."
    case .badRegion:
      "A region's name has 1 to \(Region.lengthLimit) letters, digits and hyphens, and there are at most "
        + "\(Region.limit) regions."
    case .notAnObject: "A behavior is a JSON object, for instance {\"latency\":20,\"fault\":\"500\",\"times\":3}."
    }
  }
}
