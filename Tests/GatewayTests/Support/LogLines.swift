import Logging
import Synchronization

/// Keeps what is logged at a level and above.
final class LogLines: Sendable {
  private let level: Logger.Level
  private let kept = Mutex<[(message: String, metadata: [String: String])]>([])

  init(level: Logger.Level) { self.level = level }

  var logger: Logger { Logger(label: "test", factory: { _ in Handler(lines: self, logLevel: self.level) }) }

  /// The `names` that lines tell.
  var names: [String] { kept.withLock { $0.compactMap { $0.metadata["names"] } } }

  var everything: String { kept.withLock { $0.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n") } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
      lines.kept.withLock { $0.append(("\(event.message)", metadata)) }
    }
  }
}
