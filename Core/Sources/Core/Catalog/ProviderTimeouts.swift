/// How long a provider account may keep a call waiting, in milliseconds. Rule N-4.
public struct ProviderTimeouts: Hashable, Sendable {
  /// Until the connection stands.
  public var connect: Int64
  /// From then until the head of the answer.
  public var firstByte: Int64
  /// Between two pieces of the answer.
  public var idle: Int64
  /// For the whole call, from its first attempt at any account to the last byte.
  public var total: Int64

  public init(connect: Int64 = 5_000, firstByte: Int64 = 60_000, idle: Int64 = 60_000, total: Int64 = 300_000) {
    self.connect = connect
    self.firstByte = firstByte
    self.idle = idle
    self.total = total
  }

  /// 5 s, 60 s, 60 s, 300 s.
  public static let standard = ProviderTimeouts()
}

extension ProviderTimeouts {
  /// Longest that any of them may be: an hour.
  static let longest: Int64 = 3_600_000
  private static let shortest: Int64 = 100

  /// Reads the member `timeouts` of an account, in seconds with up to three decimals; what is not there is standard.
  static func read(_ account: DocumentReader) -> ProviderTimeouts {
    var timeouts = ProviderTimeouts.standard
    guard let value = account.value("timeouts"),
      let reader = DocumentReader(
        value, path: account.place("timeouts"), log: account.log, known: ["connect", "firstByte", "idle", "total"])
    else { return timeouts }
    func seconds(_ name: String) -> Int64? { reader.optionalThousandths(name, in: shortest...longest) }
    timeouts.connect = seconds("connect") ?? timeouts.connect
    timeouts.firstByte = seconds("firstByte") ?? timeouts.firstByte
    timeouts.idle = seconds("idle") ?? timeouts.idle
    let usual = max(timeouts.total, timeouts.connect + timeouts.firstByte)
    guard let total = seconds("total") else {
      if !reader.has("total") { timeouts.total = min(usual, longest) }
      return timeouts
    }
    timeouts.total = total
    for (name, part) in [("connect", timeouts.connect), ("firstByte", timeouts.firstByte), ("idle", timeouts.idle)]
    where part > total {
      reader.problem(
        reader.has(name) ? name : "total",
        "\(name) is longer than the whole exchange may take. Make total longer, or \(name) shorter.")
    }
    return timeouts
  }
}
