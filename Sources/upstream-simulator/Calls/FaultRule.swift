import Dispatch

/// A fault and the calls that it strikes.
struct FaultRule: Sendable {
  /// The members that may stand beside a `fault`.
  static let names = ["times", "probability", "seed", "every", "after", "for"]

  private static let timeLimit = 24 * 3_600_000

  let fault: Fault
  /// Calls that it still strikes; nil for all.
  private(set) var left: Int?
  private let probability: Double?
  private var random: UInt64
  /// It strikes each call whose number is a multiple of this.
  private let every: Int?
  private var seen = 0
  /// When an outage begins and ends, in nanoseconds of the machine's uptime.
  private let start: UInt64?
  private let end: UInt64?

  /// - Parameter members: of the JSON object in which the fault stands; times are milliseconds from now.
  init(_ fault: Fault, _ members: [String: Any]) throws(SettingProblem) {
    func number(_ name: String, from least: Int, limit: Int) throws(SettingProblem) -> Int? {
      guard let value = members[name] else { return nil }
      guard let number = value as? Int, (least...limit).contains(number) else {
        throw .notANumber(name: name, value: "\(value)", limit: limit)
      }
      return number
    }
    self.fault = fault
    left = try number("times", from: 1, limit: CallSettings.maximumTokens)
    every = try number("every", from: 1, limit: CallSettings.maximumTokens)
    random = UInt64(try number("seed", from: 0, limit: Int.max) ?? 1)
    let now = DispatchTime.now().uptimeNanoseconds
    let after = try number("after", from: 0, limit: Self.timeLimit)
    let lasting = try number("for", from: 0, limit: Self.timeLimit)
    start = after.map { now + UInt64($0) * 1_000_000 }
    end = lasting.map { (after ?? 0) + $0 }.map { now + UInt64($0) * 1_000_000 }
    probability = try members["probability"].map { value throws(SettingProblem) in
      guard let share = value as? Double, (0...1).contains(share) else {
        throw SettingProblem.notAWord(name: "probability", value: "\(value)", words: "a number from 0 to 1")
      }
      return share
    }
  }

  /// True when it strikes the call that comes now; counts it.
  mutating func strikes() -> Bool {
    if start != nil || end != nil {
      let now = DispatchTime.now().uptimeNanoseconds
      if let start, now < start { return false }
      if let end, now >= end { return false }
    }
    seen += 1
    if let every, seen % every != 0 { return false }
    if let probability, nextShare() >= probability { return false }
    left = left.map { $0 - 1 }
    return true
  }

  /// True when it never strikes again.
  var isSpent: Bool { left == 0 }

  var json: String {
    var members = ["\"fault\":\"\(fault.text)\""]
    if let left { members.append("\"times\":\(left)") }
    if let probability { members.append("\"probability\":\(probability)") }
    if let every { members.append("\"every\":\(every)") }
    return "{\(members.joined(separator: ","))}"
  }

  /// The next share of 1, from SplitMix64: the same seed gives the same shares.
  private mutating func nextShare() -> Double {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Double(mixed >> 11) / Double(1 << 53)
  }
}
