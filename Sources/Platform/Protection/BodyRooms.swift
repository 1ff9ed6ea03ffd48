public import Core
import Synchronization

/// The memory that bodies of requests take together: each key and each resource has a share of it, so that one customer
/// keeps no other out. Rule L-1.
public final class BodyRooms: Sendable {
  private let limiter: Mutex<BodyLimiter>

  public init(_ limits: BodyLimits) { limiter = Mutex(BodyLimiter(limits)) }

  /// Bytes that are held.
  public var taken: Int { limiter.withLock(\.held) }

  /// Room for the body of one request of `caller`: none yet, because a length that was only announced takes no memory.
  public func enter(_ caller: GatewayCaller) -> BodyRoom {
    BodyRoom(in: self, key: caller.key.id, resource: caller.resource)
  }

  fileprivate func take(
    _ bytes: Int, beside already: Int, key: KeyID, of resource: Resource
  ) throws(GatewayFailure) {
    let refusal = limiter.withLock { limiter -> BodyLimitRefusal? in
      do throws(BodyLimitRefusal) {
        try limiter.take(bytes, beside: already, key: key, of: resource.id)
        return nil
      } catch {
        return error
      }
    }
    if let refusal { throw refusal.failure(resource: resource.name) }
  }

  fileprivate func giveBack(_ bytes: Int, key: KeyID, of resource: Resource) {
    limiter.withLock { $0.giveBack(bytes, key: key, of: resource.id) }
  }
}

/// The room of one body, given back once: when it is left, at the latest when nobody holds it any more.
public final class BodyRoom: Sendable {
  private struct State {
    var bytes = 0
    var isLeft = false
  }

  private let rooms: BodyRooms
  private let key: KeyID
  private let resource: Resource
  private let state = Mutex(State())

  fileprivate init(in rooms: BodyRooms, key: KeyID, resource: Resource) {
    self.rooms = rooms
    self.key = key
    self.resource = resource
  }

  /// Takes room for a piece that has arrived. Throws `contended` or `overloaded` where there is none. Rule F-1.
  public func grow(by count: Int) throws(GatewayFailure) {
    let (already, isLeft) = state.withLock { ($0.bytes, $0.isLeft) }
    precondition(!isLeft, "a body that grows after its room was left")
    try rooms.take(count, beside: already, key: key, of: resource)
    state.withLock { $0.bytes += count }
  }

  /// Gives the room back; a second time does nothing.
  public func leave() {
    let held = state.withLock { state in
      defer { state = State(bytes: 0, isLeft: true) }
      return state.bytes
    }
    rooms.giveBack(held, key: key, of: resource)
  }

  deinit { leave() }
}

extension BodyLimitRefusal {
  /// Seconds after which much of what is held now has been given back.
  private static let retrySeconds = 2

  /// What the application is told: which share is taken, how large it is, what to do. Rules L-1, F-1.
  fileprivate func failure(resource: String) -> GatewayFailure {
    switch self {
    case .key(let limit):
      .contended(
        message: "The running requests of this key hold \(limit >> 20) MB of request bodies, as much as a key's may at "
          + "a time. Wait until one has been answered, or send smaller ones.",
        retryAfter: Self.retrySeconds)
    case .resource(let limit):
      .contended(
        message: "The running requests of the resource \"\(resource)\" hold \(limit >> 20) MB of request bodies over "
          + "all its keys, as much as a resource's may at a time. Wait until one has been answered, or send smaller "
          + "ones.", retryAfter: Self.retrySeconds)
    case .everywhere:
      .overloaded(
        message: "The gateway is reading as many request bodies as it has memory for. Try again in a moment.",
        retryAfter: 1)
    }
  }
}
