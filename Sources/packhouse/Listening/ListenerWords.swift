import Core

/// What a listener says where no route can: to connections that it does not take and to what is not HTTP. Rules F-3,
/// L-1.
struct ListenerWords: Sendable {
  typealias Shape = @Sendable (_ status: Int, _ sentence: String, _ retryAfter: Int) -> WholeAnswer

  /// Seconds after which a connection may be tried again.
  private static let retrySeconds = 2

  private let shape: Shape

  /// - Parameter shape: puts a sentence in the form that the listener's clients read.
  init(_ shape: @escaping Shape) { self.shape = shape }

  /// For people, and whoever has no form of its own.
  static let plain = ListenerWords { status, sentence, retryAfter in
    var fields = [HTTPField("content-type", "text/plain; charset=utf-8"), HTTPField("cache-control", "no-store")]
    if status == 429 || status == 503 { fields.append(HTTPField("retry-after", String(retryAfter))) }
    return WholeAnswer(status: status, headers: fields, body: Array("\(sentence)\n".utf8))
  }

  func answer(to refusal: ConnectionRefusal, limits: ConnectionLimits) -> WholeAnswer {
    switch refusal {
    case .address:
      shape(
        429,
        "This address has \(limits.perAddress ?? limits.total) connections open, as many as one may have. Close some, or "
          + "ask the operator to raise protection.connectionsPerAddress.", Self.retrySeconds)
    case .total:
      shape(
        503, "The server has as many connections as it can serve at a time. Try again in a moment.", Self.retrySeconds)
    }
  }

  func answer(to breakage: ConnectionWatch.Breakage) -> WholeAnswer {
    switch breakage {
    case .malformed:
      shape(400, "What arrived is not a request in HTTP/1.1: look at its first line and its header fields.", 0)
    case .headTooLarge:
      shape(
        431,
        "The header fields of the request are larger than \(ListenerLimits.headerBytes / 1_024) KB, or too many. Send "
          + "fewer or shorter ones.", 0)
    }
  }
}

/// Named limits of every listener. Rule L-1.
enum ListenerLimits {
  /// Bytes of a request's header fields together.
  static let headerBytes = 65_536
  static let headerFields = 1_000
  /// Seconds between two requests of a connection.
  static let idleSeconds: Int64 = 60
}
