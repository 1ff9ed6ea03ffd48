/// Counts the bytes of request bodies that are held, for each key, each resource and all together. Pure. Rule L-1.
///
/// Only what has arrived counts: a length that was announced takes no memory. What was taken is given back once.
public struct BodyLimiter: Sendable {
  private let limits: BodyLimits
  private var keys: [KeyID: Int] = [:]
  private var resources: [ResourceID: Int] = [:]
  /// Bytes that are held, over all resources.
  public private(set) var held = 0

  public init(_ limits: BodyLimits) { self.limits = limits }

  /// Keys and resources that hold something.
  public var remembered: Int { keys.count + resources.count }

  /// Takes room for `bytes` more of a body that holds `already`, or says why not. What is refused counts for nothing.
  public mutating func take(
    _ bytes: Int, beside already: Int, key: KeyID, of resource: ResourceID
  ) throws(BodyLimitRefusal) {
    precondition(bytes >= 0 && already >= 0)
    guard bytes > 0 else { return }
    let ofKey = keys[key, default: 0] + bytes
    let ofResource = resources[resource, default: 0] + bytes
    guard ofKey <= limits.perKey else { throw .key(limit: limits.perKey) }
    guard ofResource <= limits.perResource else { throw .resource(limit: limits.perResource) }
    let most = already + bytes <= limits.small ? limits.total : limits.total - limits.reserve
    guard held + bytes <= most else { throw .everywhere }
    keys[key] = ofKey
    resources[resource] = ofResource
    held += bytes
  }

  /// Gives back what was taken.
  public mutating func giveBack(_ bytes: Int, key: KeyID, of resource: ResourceID) {
    guard bytes > 0 else { return }
    let ofKey = keys[key, default: 0] - bytes
    let ofResource = resources[resource, default: 0] - bytes
    precondition(ofKey >= 0 && ofResource >= 0 && held >= bytes, "more was given back than was taken")
    keys[key] = ofKey == 0 ? nil : ofKey
    resources[resource] = ofResource == 0 ? nil : ofResource
    held -= bytes
  }
}
