public import Core
import Synchronization

/// The places of running calls: how many a key, a resource and the gateway have, and how often a key calls. Rule L-1.
public final class CallPlaces: Sendable {
  private let limiter: Mutex<CallLimiter>
  private let clock: WallClock

  public init(_ limits: CallLimits, clock: WallClock) {
    limiter = Mutex(CallLimiter(limits))
    self.clock = clock
  }

  /// Calls that have a place.
  public var taken: Int { limiter.withLock(\.running) }

  /// A place for a call of `caller`. Throws `contended` or `overloaded` where there is none. Rule F-1.
  public func enter(_ caller: GatewayCaller) throws(GatewayFailure) -> CallPlace {
    let (key, resource) = (caller.key.id, caller.resource.id)
    let now = clock.now()
    let outcome = limiter.withLock { limiter -> Result<Void, CallLimitRefusal> in
      do throws(CallLimitRefusal) {
        return .success(try limiter.enter(key: key, of: resource, at: now))
      } catch {
        return .failure(error)
      }
    }
    if case .failure(let refusal) = outcome {
      throw CallLimitSentence(refusal, resource: caller.resource.name).failure
    }
    return CallPlace(in: self, key: key, resource: resource)
  }

  fileprivate func leave(key: KeyID, resource: ResourceID) {
    limiter.withLock { $0.leave(key: key, of: resource) }
  }
}

/// The place of one call, given back once: when it is left, at the latest when nobody holds it any more.
public final class CallPlace: Sendable {
  private let places: CallPlaces
  private let key: KeyID
  private let resource: ResourceID
  private let isLeft = Mutex(false)

  fileprivate init(in places: CallPlaces, key: KeyID, resource: ResourceID) {
    self.places = places
    self.key = key
    self.resource = resource
  }

  /// Gives the place back; a second time does nothing.
  public func leave() {
    let wasLeft = isLeft.withLock { isLeft in
      defer { isLeft = true }
      return isLeft
    }
    if !wasLeft { places.leave(key: key, resource: resource) }
  }

  deinit { leave() }
}
