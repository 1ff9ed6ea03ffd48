public import Core
import Storage

/// Keys of resources, as people make and end them. Rules G-12, G-13, G-20, K-1.
public struct Keys: Sendable {
  static let longestDescription = 100
  /// Keys that one resource may have, revoked ones included.
  static let mostKeys = 1_000

  let context: PlatformContext

  init(_ context: PlatformContext) { self.context = context }

  /// Makes a key and shows it once. Needs ``Right/manageKeys``. Rule G-12.
  ///
  /// A repeat with the same `idempotencyKey` gives ``KeyCreation/shownBefore(_:)``.
  public func create(
    _ form: KeyForm, for resource: ResourceID, idempotencyKey: String, as caller: Caller
  ) async throws -> KeyCreation {
    guard PlatformContext.isIdempotencyKey(idempotencyKey) else {
      throw PlatformError.invalid("idempotencyKey", "Open the form again: it has no valid submit key.")
    }
    let (id, secret) = KeyFormat.random(context.random)
    let hash = Digest.sha256(secret)
    let clock = context.clock
    let scope = "key:\(resource):\(caller.id)"
    let made = try await context.write(locking: .resource(resource)) { transaction -> (KeyCreation?, Making?) in
      let now = clock.now()
      let authorized = try transaction.authorizedResource(resource, for: .manageKeys, as: caller, context)
      if case .done(let result) = try transaction.claim(scope: scope, key: idempotencyKey, at: now) {
        guard let before = try transaction.key(KeyID(result)) else { throw PlatformError.conflict(Self.shownSentence) }
        return (.shownBefore(before), nil)
      }
      try Self.check(authorized, keys: try transaction.keys(of: resource).count)
      let key = try KeyDraft(form, zone: authorized.zone, at: now).key(
        id: id, of: resource, hash: hash, by: caller.id, at: now)
      try transaction.insert(key)
      try transaction.recordResult(id.text, scope: scope, key: idempotencyKey)
      try context.appendActivity(
        [key.created(authorized.resource)], of: authorized.company.id, actor: .person(caller), at: authorized.now,
        transaction)
      return (nil, Making(key: key, resource: authorized.resource))
    }
    if let creation = made.0 { return creation }
    guard let making = made.1 else { throw PlatformError.conflict(Self.shownSentence) }
    return .created(created(making.key, of: making.resource, secret: secret))
  }

  /// The keys of a resource, newest first. Needs ``Right/manageKeys``. Rule G-13.
  public func list(of resource: ResourceID, as caller: Caller) async throws -> [KeyView] {
    let now = context.clock.now()
    return try await context.read { transaction in
      _ = try transaction.authorizedResource(resource, for: .manageKeys, as: caller, context)
      let lastUsed = try transaction.lastUsed(of: resource)
      var names: [UserID: String] = [:]
      return try transaction.keys(of: resource).map { key in
        if let creator = key.createdBy, names[creator] == nil { names[creator] = try transaction.user(creator)?.name }
        return KeyView(
          key: key, status: key.status(at: now), createdBy: key.createdBy.flatMap { names[$0] },
          lastUsed: lastUsed[key.id])
      }
    }
  }

  /// Ends a key; revoking a revoked one changes nothing. Needs ``Right/manageKeys``. Rule G-13.
  public func revoke(_ key: KeyID, of resource: ResourceID, as caller: Caller) async throws -> ResourceKey {
    let clock = context.clock
    return try await context.write(locking: .resource(resource)) { transaction in
      let now = clock.now()
      let authorized = try transaction.authorizedResource(resource, for: .manageKeys, as: caller, context)
      guard let found = try transaction.key(key), found.resourceID == resource else {
        throw PlatformError.notFound("There is no such key of this resource.")
      }
      guard found.companionOf == nil else {
        throw PlatformError.refused([
          "This key belongs to a knowledge base key and cannot be revoked alone. Revoke the knowledge base key instead."
        ])
      }
      if try transaction.revokeKey(key, at: now) {
        try context.appendActivity(
          [found.revoked(authorized.resource)], of: authorized.company.id, actor: .person(caller), at: authorized.now,
          transaction)
      }
      return try transaction.key(key) ?? found
    }
  }

  private struct Making: Sendable {
    let key: ResourceKey
    let resource: Resource
  }

  private static let shownSentence =
    "This key was created and shown before; it cannot be shown again. Create another one if it is lost."

  private static func check(_ authorized: AuthorizedResource, keys: Int) throws(PlatformError) {
    guard authorized.state.status.admitsCalls else {
      throw .refused(["The resource is \(authorized.state.status.rawValue.lowercased()): keys would not work."])
    }
    guard authorized.resource.type != .knowledgeBase else {
      throw .refused(["Keys of knowledge bases are not available yet in this version."])
    }
    guard keys < mostKeys else {
      throw .refused(["A resource has at most \(UnitsFormat.grouped(Int64(mostKeys))) keys, revoked ones included."])
    }
  }
}

extension ResourceKey {
  /// As activity has it; what the key is made of is no part of it. Rule G-20.
  func created(_ resource: Resource) -> ActivityDeed { deed("Created", resource) }
  func revoked(_ resource: Resource) -> ActivityDeed { deed("Revoked", resource) }

  private func deed(_ verb: String, _ resource: Resource) -> ActivityDeed {
    ActivityDeed(.key, resource: resource.id, "\(verb) the key “\(description)” (\(id)) of “\(resource.name)”")
  }

  /// What the list shows. Rule G-13.
  func status(at instant: Instant) -> KeyView.Status {
    if revokedAt != nil { return .revoked }
    if let expiresAt, expiresAt <= instant { return .expired }
    return .active
  }
}
