extension Instant {
  /// `2026-11-21T07:16:46.120Z`: the instant in UTC, for messages and exports.
  public var utcText: String {
    let day = CompanyZone.utc.day(of: self)
    let ofDay = milliseconds - Int64(day.number) * 86_400_000
    let fields = [(ofDay / 3_600_000, 2), (ofDay / 60_000 % 60, 2), (ofDay / 1_000 % 60, 2), (ofDay % 1_000, 3)]
    let text = fields.map { value, width in
      String(repeating: "0", count: width - String(value).count) + String(value)
    }
    return "\(day)T\(text[0]):\(text[1]):\(text[2]).\(text[3])Z"
  }
}
