/// Counts the running calls of keys and resources, and how often keys call. Pure: it reads no clock. Rule L-1.
///
/// Each call that was let in by ``enter(key:of:at:)`` leaves exactly once.
public struct CallLimiter: Sendable {
  private struct Key: Sendable {
    var running = 0
    var rate: CallRate?
  }

  private let limits: CallLimits
  private var keys: [KeyID: Key] = [:]
  private var resources: [ResourceID: Int] = [:]
  /// Calls that run, over all resources.
  public private(set) var running = 0

  public init(_ limits: CallLimits) { self.limits = limits }

  /// Keys that are remembered; at most the limit, and those with running calls.
  public var rememberedKeys: Int { keys.count }

  /// Lets a call begin, or says why not. A refused call counts for nothing.
  public mutating func enter(
    key: KeyID, of resource: ResourceID, at now: Instant
  ) throws(CallLimitRefusal) {
    guard running < limits.total else { throw .everywhere }
    if let limit = limits.perResource, resources[resource, default: 0] >= limit { throw .resource(limit: limit) }
    if keys[key] == nil { makeRoom(at: now) }
    var entry = keys[key] ?? Key(rate: limits.perMinute.map { CallRate(perMinute: $0, at: now) })
    if let limit = limits.perKey, entry.running >= limit { throw .key(limit: limit) }
    if let perMinute = limits.perMinute, let wait = entry.rate?.wait(at: now) {
      guard wait == 0 else {
        keys[key] = entry
        throw .rate(perMinute: perMinute, wait: wait)
      }
      entry.rate?.take()
    }
    entry.running += 1
    keys[key] = entry
    resources[resource, default: 0] += 1
    running += 1
  }

  /// Ends a call that was let in.
  public mutating func leave(key: KeyID, of resource: ResourceID) {
    precondition(running > 0, "a call left that was never let in")
    running -= 1
    let left = (resources[resource] ?? 0) - 1
    resources[resource] = left > 0 ? left : nil
    guard var entry = keys[key] else { return }
    entry.running -= 1
    keys[key] = entry.running == 0 && entry.rate == nil ? nil : entry
  }

  /// Forgets keys that would be no different if they were new; where that is not enough, all without running calls.
  /// Those may then call a little more often than they should: better than to refuse keys that did nothing wrong.
  private mutating func makeRoom(at now: Instant) {
    guard keys.count >= limits.remembered else { return }
    for (key, entry) in keys where entry.running == 0 {
      var rate = entry.rate
      if rate?.isFull(at: now) ?? true { keys[key] = nil }
    }
    guard keys.count >= limits.remembered else { return }
    keys = keys.filter { $0.value.running > 0 }
  }
}
