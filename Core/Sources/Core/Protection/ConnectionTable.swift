/// The connections of one listener, and which of them may stay. Pure. Rule L-1.
///
/// Where all places are taken, the connection that has said nothing for longest makes room for a new one. So connections
/// that only lie there keep nobody out, not even where they asked for something first; those that serve a request are
/// never closed for another.
public struct ConnectionTable<ID: Hashable & Sendable>: Sendable {
  /// What becomes of a new connection.
  public enum Verdict: Hashable, Sendable {
    case taken
    /// Taken, and `idle` is to be closed for it.
    case takenFor(idle: ID)
    case refused(ConnectionRefusal)
  }

  private struct Connection: Sendable {
    let address: String
    /// Where it stands among those that wait for a request; nil while it serves one.
    var ticket: UInt64?
  }

  private let limits: ConnectionLimits
  private var connections: [ID: Connection] = [:]
  private var perAddress: [String: Int] = [:]
  /// Told to close, and not closed yet.
  private var closing: Set<ID> = []
  private var line = WaitingLine()
  private var lastTicket: UInt64 = 0

  public init(_ limits: ConnectionLimits) { self.limits = limits }

  /// Connections that have a place.
  public var count: Int { connections.count }

  /// Decides about a new connection from `address`. The limit for one address does not hold where it `speaksForMany`.
  public mutating func open(_ id: ID, from address: String, speaksForMany: Bool = false) -> Verdict {
    if let limit = limits.perAddress, !speaksForMany, perAddress[address, default: 0] >= limit {
      return .refused(.address)
    }
    guard connections.count >= limits.total else {
      add(id, address)
      return .taken
    }
    guard closing.count < limits.closing, let idle = line.pop(among: connections) else {
      return .refused(.total)
    }
    remove(idle)
    closing.insert(idle)
    add(id, address)
    return .takenFor(idle: idle)
  }

  /// A request began.
  public mutating func serves(_ id: ID) { connections[id]?.ticket = nil }

  /// The last request was answered; the connection waits for another.
  public mutating func rests(_ id: ID) {
    guard let connection = connections[id], connection.ticket == nil else { return }
    wait(id, connection.address)
  }

  /// The connection is closed. Of one that was refused nothing is known, and nothing happens.
  public mutating func closed(_ id: ID) {
    if closing.remove(id) == nil { remove(id) }
  }

  private mutating func add(_ id: ID, _ address: String) {
    perAddress[address, default: 0] += 1
    wait(id, address)
  }

  private mutating func wait(_ id: ID, _ address: String) {
    lastTicket += 1
    connections[id] = Connection(address: address, ticket: lastTicket)
    line.append(id, lastTicket, among: connections)
  }

  private mutating func remove(_ id: ID) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    let left = (perAddress[connection.address] ?? 0) - 1
    perAddress[connection.address] = left > 0 ? left : nil
  }

  /// Who waits, oldest first. Who no longer does is found out when it is looked at, and swept out where such entries
  /// outnumber the connections.
  private struct WaitingLine: Sendable {
    private var entries: [(id: ID, ticket: UInt64)] = []
    private var start = 0

    mutating func append(_ id: ID, _ ticket: UInt64, among connections: [ID: Connection]) {
      if entries.count > 2 * connections.count + 64 {
        entries = entries[start...].filter { connections[$0.id]?.ticket == $0.ticket }
        start = 0
      }
      entries.append((id, ticket))
    }

    mutating func pop(among connections: [ID: Connection]) -> ID? {
      while start < entries.count {
        let entry = entries[start]
        start += 1
        if connections[entry.id]?.ticket == entry.ticket { return entry.id }
      }
      entries = []
      start = 0
      return nil
    }
  }
}
