import Core

/// The places of a listener as the specification says them: a list of connections in the order in which they began to
/// wait, searched each time.
struct NaiveConnectionTable {
  /// What can be planted, to prove that the comparison sees it.
  enum Mistake: String, CaseIterable, Sendable {
    case none, youngestMakesRoom, servingMakesRoom, nextBeforeFirst, firstBeforeNext, restingKeepsItsTurn,
      closingKeepsItsAddress, oneMorePerAddress
    case proxiesAreBound, closingIsUnbounded
  }

  private struct Connection {
    let id: Int
    let address: String
    var isServing = false
    var hasServed = false
  }

  let limits: ConnectionLimits
  let mistake: Mistake
  /// Who began to wait first stands first; who serves, anywhere.
  private var connections: [Connection] = []
  private var closing: [Connection] = []

  init(_ limits: ConnectionLimits, mistake: Mistake) {
    self.limits = limits
    self.mistake = mistake
  }

  mutating func open(_ id: Int, _ address: String, speaksForMany: Bool) -> ConnectionTable<Int>.Verdict {
    if let limit = limits.perAddress, !speaksForMany || mistake == .proxiesAreBound {
      let counted = connections + (mistake == .closingKeepsItsAddress ? closing : [])
      let same = counted.filter { $0.address == address }.count
      if same >= limit + (mistake == .oneMorePerAddress ? 1 : 0) { return .refused(.address) }
    }
    guard connections.count >= limits.total else {
      connections.append(Connection(id: id, address: address))
      return .taken
    }
    if closing.count >= limits.closing, mistake != .closingIsUnbounded { return .refused(.total) }
    guard let index = idle else { return .refused(.total) }
    let removed = connections.remove(at: index)
    closing.append(removed)
    connections.append(Connection(id: id, address: address))
    return .takenFor(idle: removed.id)
  }

  private var idle: Int? {
    let waits: (Connection) -> Bool = { !$0.isServing }
    let isFirst: (Connection) -> Bool = { !$0.isServing && !$0.hasServed }
    let isNext: (Connection) -> Bool = { !$0.isServing && $0.hasServed }
    switch mistake {
    case .youngestMakesRoom: return connections.lastIndex(where: waits)
    case .servingMakesRoom: return connections.indices.first
    case .nextBeforeFirst: return connections.firstIndex(where: isNext) ?? connections.firstIndex(where: isFirst)
    case .firstBeforeNext: return connections.firstIndex(where: isFirst) ?? connections.firstIndex(where: isNext)
    default: return connections.firstIndex(where: waits)
    }
  }

  mutating func serves(_ id: Int) {
    guard let index = connections.firstIndex(where: { $0.id == id }) else { return }
    connections[index].isServing = true
  }

  mutating func rests(_ id: Int) {
    guard let index = connections.firstIndex(where: { $0.id == id && $0.isServing }) else { return }
    (connections[index].isServing, connections[index].hasServed) = (false, true)
    if mistake != .restingKeepsItsTurn { connections.append(connections.remove(at: index)) }
  }

  mutating func closed(_ id: Int) {
    connections.removeAll { $0.id == id }
    closing.removeAll { $0.id == id }
  }

  var count: Int { connections.count }
}
