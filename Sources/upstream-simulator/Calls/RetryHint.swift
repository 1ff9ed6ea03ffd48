import Foundation

/// When a refused caller is told to come again, and in which of the ways that are in use.
enum RetryHint: Equatable, Sendable {
  /// `30`: the header `retry-after` in seconds.
  case seconds(Int)
  /// `250ms`: the headers `retry-after-ms` and `x-amz-retry-after`, both in milliseconds.
  case milliseconds(Int)
  /// `date30`: the header `retry-after` with the date that comes in so many seconds.
  case date(Int)

  init?(parsing text: String) {
    if let seconds = Int(text), seconds >= 0 {
      self = .seconds(seconds)
    } else if text.hasSuffix("ms"), let milliseconds = Int(text.dropLast(2)), milliseconds >= 0 {
      self = .milliseconds(milliseconds)
    } else if text.hasPrefix("date"), let seconds = Int(text.dropFirst(4)), seconds >= 0 {
      self = .date(seconds)
    } else {
      return nil
    }
  }

  var text: String {
    switch self {
    case .seconds(let count): "\(count)"
    case .milliseconds(let count): "\(count)ms"
    case .date(let count): "date\(count)"
    }
  }

  var headers: [(name: String, value: String)] {
    switch self {
    case .seconds(let count): [("retry-after", String(count))]
    case .milliseconds(let count): [("retry-after-ms", String(count)), ("x-amz-retry-after", String(count))]
    case .date(let count): [("retry-after", Self.httpDate(Date(timeIntervalSinceNow: TimeInterval(count))))]
    }
  }

  private static func httpDate(_ date: Date) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: date)
  }
}
