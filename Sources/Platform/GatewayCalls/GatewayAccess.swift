public import Core
public import Logging

/// Who calls: from the fields of a request to a key and its resource. Rules K-1, K-2.
public struct GatewayAccess: Sendable {
  /// Fields that may carry a key, in the order in which they are looked at. Rule K-1.
  private static let fields = ["x-api-key", "api-key", "x-amz-security-token"]

  private let keys: KeyDirectory
  private let resources: ResourceDirectory
  private let clock: WallClock
  private let logger: Logger

  public init(keys: KeyDirectory, resources: ResourceDirectory, clock: WallClock, logger: Logger) {
    self.keys = keys
    self.resources = resources
    self.clock = clock
    self.logger = logger
  }

  /// The caller whose key stands in `headers`; `resource` is the id in the path, where the path names one.
  ///
  /// Answers from memory where it can, and only then suspends.
  public func caller(
    presenting headers: [HTTPField], resource: String?
  ) async throws(GatewayFailure) -> GatewayCaller {
    guard let presented = Self.presentedKey(headers) else { throw Self.noKey(headers) }
    return try await caller(presenting: presented, resource: resource)
  }

  private func caller(presenting presented: String, resource: String?) async throws(GatewayFailure) -> GatewayCaller {
    let foundAt = clock.now()
    let key = try await verified(presented)
    // Another resource's path is as unknown to this key as one that does not exist. Rule K-2.
    if let resource, resource != key.resourceID.text {
      throw .notFound(message: "There is no resource \(resource.prefix(40)) for this key.")
    }
    let snapshot = try await snapshot(of: key.resourceID)
    guard snapshot.state.status.admitsCalls else {
      throw .forbidden(
        message: "The resource \"\(snapshot.resource.name)\" is \(snapshot.state.status.rawValue) and takes no calls. "
          + "Ask a company admin.")
    }
    return GatewayCaller(
      key: key, snapshot: snapshot, foundAt: foundAt,
      renewal: { () async throws(GatewayFailure) in try await caller(presenting: presented, resource: resource) })
  }

  private func verified(_ presented: String) async throws(GatewayFailure) -> ResourceKey {
    let found: Result<ResourceKey, KeyRefusal>
    switch keys.find(presented) {
    case .ready(let result): found = result
    case .needsStorage(let pending):
      do {
        found = try await keys.load(pending)
      } catch {
        throw unavailable(error)
      }
    }
    switch found {
    case .success(let key): return key
    case .failure(let refusal):
      throw refusal.isKnown ? .forbidden(message: refusal.sentence) : .unauthenticated(message: refusal.sentence)
    }
  }

  private func snapshot(of id: ResourceID) async throws(GatewayFailure) -> ResourceSnapshot {
    let now = clock.now()
    if let snapshot = resources.cached(id, at: now) { return snapshot }
    do {
      if let snapshot = try await resources.load(id, at: now) { return snapshot }
    } catch {
      throw unavailable(error)
    }
    throw .forbidden(message: "The resource of this key does not exist any more.")
  }

  private func unavailable(_ error: any Error) -> GatewayFailure {
    logger.error("keys or resources can't be read", metadata: ["error": "\(error)"])
    return .overloaded(message: "Keys can't be checked at the moment. Try again shortly.", retryAfter: 2)
  }

  /// What a caller without a key is told; one that signs for AWS, where its key goes instead. Rule K-1.
  private static func noKey(_ headers: [HTTPField]) -> GatewayFailure {
    let authorization = headers.value(of: "authorization") ?? ""
    if authorization.hasPrefix(KeyFormat.prefix) {
      return .unauthenticated(
        message: "The key stands in \"Authorization\" without its scheme. Send \"Authorization: Bearer phk_...\".")
    }
    let isSigned = authorization.hasPrefix("AWS4-")
    return .unauthenticated(
      message: isSigned
        ? "This request is signed for AWS but carries no key. Give the key as the session token "
          + "(AWS_SESSION_TOKEN), with any access key and secret, or over TLS as AWS_BEARER_TOKEN_BEDROCK."
        : "This request carries no key. Send it as \"Authorization: Bearer phk_...\" or as \"x-api-key\".")
  }

  private static func presentedKey(_ headers: [HTTPField]) -> String? {
    let scheme = "bearer "
    if let authorization = headers.value(of: "authorization"),
      authorization.prefix(scheme.count).lowercased() == scheme
    {
      return String(authorization.dropFirst(scheme.count).drop { $0 == " " })
    }
    for field in fields {
      if let key = headers.value(of: field), !key.isEmpty { return key }
    }
    return nil
  }
}
