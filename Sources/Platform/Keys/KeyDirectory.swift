public import Core
public import Storage
import Synchronization

/// Finds out whose key a call carries, from memory where possible. Rules K-1, G-13; decisions 7, 11.
///
/// What is cached is dropped by the change feed; when the feed lags behind, cached keys are not trusted.
public final class KeyDirectory: Sendable {
  /// Keys that are kept at most; beyond it the cache starts anew.
  static let mostCached = 100_000

  private let database: Database
  private let feed: ChangeFeed
  private let clock: WallClock
  private let cache = Mutex(Cache())

  private struct Cache {
    var keys: [KeyID: ResourceKey] = [:]
    /// Counts what the feed dropped, so that a key that was read before a change is not kept after it.
    var drops: Int64 = 0
  }

  public init(database: Database, feed: ChangeFeed, clock: WallClock) {
    self.database = database
    self.feed = feed
    self.clock = clock
    feed.listen { [weak self] changes in self?.drop(changes) }
  }

  /// What `presented`, the text that came as a key, is. Never suspends.
  public func find(_ presented: String) -> KeyLookup {
    let now = clock.now()
    switch KeyFormat.parse(presented, sha256: Digest.sha256) {
    case .notAKey:
      return .ready(.failure(presented.hasPrefix(KeyRefusal.configurationKeyStart) ? .configurationKey : .malformed))
    case .typo: return .ready(.failure(.typo))
    case .valid(let id, let secret):
      let pending = PendingKeyLookup(id: id, secretHash: Digest.sha256(secret))
      guard feed.isFresh(at: now), let key = cache.withLock({ $0.keys[id] }) else { return .needsStorage(pending) }
      return .ready(Self.judge(key, pending, at: now))
    }
  }

  /// The same with the database's help. Throws ``PlatformError/unavailable(_:)`` where that does not answer.
  public func load(_ pending: PendingKeyLookup) async throws -> Result<ResourceKey, KeyRefusal> {
    // A feed that was not read yet will never tell of changes from before its first reading.
    let isFollowed = feed.isFresh(at: clock.now())
    let before = cache.withLock { $0.drops }
    let key: ResourceKey?
    do {
      key = try await database.read { try $0.key(pending.id) }
    } catch is DatabaseProblem {
      throw PlatformError.unavailable("Keys cannot be checked just now. Try again shortly.")
    }
    guard let key else { return .failure(.unknown) }
    cache.withLock { cache in
      guard isFollowed, cache.drops == before else { return }
      if cache.keys.count >= Self.mostCached { cache.keys.removeAll() }
      cache.keys[pending.id] = key
    }
    return Self.judge(key, pending, at: clock.now())
  }

  /// The secret first: only its owner learns that a key is revoked or expired.
  private static func judge(
    _ key: ResourceKey, _ pending: PendingKeyLookup, at now: Instant
  ) -> Result<ResourceKey, KeyRefusal> {
    guard KeyFormat.areEqual(key.secretHash, pending.secretHash) else { return .failure(.unknown) }
    if let revokedAt = key.revokedAt { return .failure(.revoked(revokedAt)) }
    if let expiresAt = key.expiresAt, expiresAt <= now { return .failure(.expired(expiresAt)) }
    return .success(key)
  }

  private func drop(_ changes: [Change]) {
    let ids = changes.filter { $0.kind == .key }.map { KeyID($0.id) }
    guard !ids.isEmpty else { return }
    cache.withLock { cache in
      cache.drops += 1
      for id in ids { cache.keys[id] = nil }
    }
  }
}

/// What is known of a key without waiting. Decision 11.
public enum KeyLookup: Sendable {
  case ready(Result<ResourceKey, KeyRefusal>)
  /// To be passed to ``KeyDirectory/load(_:)``.
  case needsStorage(PendingKeyLookup)
}

/// A well-formed key that memory knows nothing of.
public struct PendingKeyLookup: Sendable {
  let id: KeyID
  let secretHash: [UInt8]
}

/// Why a key opens nothing. Rule K-2.
public enum KeyRefusal: Error, Hashable, Sendable {
  /// Not one of our keys at all.
  case malformed
  /// What an application imports rather than what it sends.
  case configurationKey
  /// One of ours, but mistyped or cut off.
  case typo
  /// Well-formed, but there is no such key or its secret is another.
  case unknown
  case revoked(Instant)
  case expired(Instant)

  /// True where the caller is known and refused (403) rather than unknown (401).
  public var isKnown: Bool {
    switch self {
    case .malformed, .configurationKey, .typo, .unknown: false
    case .revoked, .expired: true
    }
  }

  /// How Base64 of a JSON object with a first member begins.
  static let configurationKeyStart = "eyJ"

  public var sentence: String {
    switch self {
    case .configurationKey:
      "This is a configuration key, which Mendix applications import. Send the plain key from within, which begins with "
        + "\"\(KeyFormat.prefix)\"."
    case .malformed: "This is not a key of this installation. Keys begin with \"\(KeyFormat.prefix)\"."
    case .typo: "The key is mistyped or cut off: its checksum does not fit. Copy it again."
    case .unknown: "The key is not known."
    case .revoked: "The key was revoked. Create another one on the resource's Keys page."
    case .expired: "The key has expired. Create another one on the resource's Keys page."
    }
  }
}
