import Core
import Logging
import NIOCore
import Synchronization

/// Decides which connections of a listener stay, and tells in the log that some did not. Rule L-1.
final class ConnectionGate: Sendable {
  enum Verdict: Sendable {
    case taken
    /// `isTold` is false where it is to be closed without a word, because enough are being told already.
    case refused(ConnectionRefusal, isTold: Bool)
  }

  private struct State {
    var table: ConnectionTable<ObjectIdentifier>
    var channels: [ObjectIdentifier: any Channel] = [:]
    /// Refused connections that are being told so.
    var told = 0
    var report = RefusalReport()
  }

  let limits: ConnectionLimits
  private let name: String
  private let logger: Logger
  private let speaksForMany: @Sendable (String) -> Bool
  private let state: Mutex<State>

  /// - Parameter speaksForMany: whether the limit for one address does not hold for this one.
  init(
    _ name: String, limits: ConnectionLimits, speaksForMany: @escaping @Sendable (String) -> Bool, logger: Logger
  ) {
    self.name = name
    self.limits = limits
    self.logger = logger
    self.speaksForMany = speaksForMany
    state = Mutex(State(table: ConnectionTable(limits)))
  }

  /// Connections that have a place.
  var count: Int { state.withLock(\.table.count) }

  /// Decides about a new connection, and closes an idle one for it where that has to be.
  func open(_ channel: any Channel, at now: NIODeadline = .now()) -> Verdict {
    let id = ObjectIdentifier(channel)
    let peer = channel.remoteAddress
    let isMany = speaksForMany(peer?.ipAddress ?? "")
    var idle: (any Channel)?
    var line: RefusalReport.Line?
    let verdict = state.withLock { state -> Verdict in
      switch state.table.open(id, from: PeerAddress.text(peer), speaksForMany: isMany) {
      case .taken:
        state.channels[id] = channel
        return .taken
      case .takenFor(let other):
        idle = state.channels.removeValue(forKey: other)
        state.channels[id] = channel
        line = state.report.noteIdle(at: now)
        return .taken
      case .refused(let refusal):
        line = state.report.note(refusal, at: now)
        let isTold = state.told < limits.told
        if isTold { state.told += 1 }
        return .refused(refusal, isTold: isTold)
      }
    }
    idle?.close(promise: nil)
    if let line { log(line, peer: peer) }
    if case .refused(_, isTold: false) = verdict { return verdict }
    channel.closeFuture.whenComplete { [weak self] _ in self?.closed(id, verdict) }
    return verdict
  }

  /// A request of a connection began.
  func serves(_ channel: any Channel) { state.withLock { $0.table.serves(ObjectIdentifier(channel)) } }

  /// The last request of a connection was answered.
  func rests(_ channel: any Channel) { state.withLock { $0.table.rests(ObjectIdentifier(channel)) } }

  private func closed(_ id: ObjectIdentifier, _ verdict: Verdict) {
    state.withLock { state in
      if case .refused = verdict {
        state.told -= 1
      } else {
        state.channels[id] = nil
        state.table.closed(id)
      }
    }
  }

  private func log(_ line: RefusalReport.Line, peer: SocketAddress?) {
    logger.warning(
      "connections were refused, or closed because they were idle and others came",
      metadata: [
        "listener": "\(name)", "perAddress": "\(line.perAddress)", "total": "\(line.total)", "idle": "\(line.idle)",
        "latest": "\(peer?.ipAddress ?? "unknown")",
      ])
  }
}

/// Counts what did not stay, for one line a minute.
struct RefusalReport: Sendable {
  struct Line: Hashable, Sendable {
    var perAddress = 0
    var total = 0
    var idle = 0
  }

  static let interval: TimeAmount = .minutes(1)

  private var counted = Line()
  private var quietUntil: NIODeadline?

  mutating func note(_ refusal: ConnectionRefusal, at now: NIODeadline) -> Line? {
    switch refusal {
    case .address: counted.perAddress += 1
    case .total: counted.total += 1
    }
    return line(at: now)
  }

  mutating func noteIdle(at now: NIODeadline) -> Line? {
    counted.idle += 1
    return line(at: now)
  }

  private mutating func line(at now: NIODeadline) -> Line? {
    if let quietUntil, now < quietUntil { return nil }
    quietUntil = now + Self.interval
    defer { counted = Line() }
    return counted
  }
}
