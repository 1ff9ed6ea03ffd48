/// A key of one resource. The secret itself is never kept: only its SHA-256. Rules K-1, G-12.
public struct ResourceKey: Hashable, Sendable {
  public let id: KeyID
  public let resourceID: ResourceID
  /// 1 to 100 characters.
  public let description: String
  /// SHA-256 of the secret, 32 bytes.
  public let secretHash: [UInt8]
  public let createdBy: UserID?
  public let createdAt: Instant
  public let expiresAt: Instant?
  /// Rule U-8.
  public let monthlyLimit: GenAIUnits?
  public var revokedAt: Instant?
  /// The knowledge base key whose companion this is. Rule G-15.
  public let companionOf: KeyID?

  public init(
    id: KeyID, resourceID: ResourceID, description: String, secretHash: [UInt8], createdBy: UserID?,
    createdAt: Instant, expiresAt: Instant? = nil, monthlyLimit: GenAIUnits? = nil, revokedAt: Instant? = nil,
    companionOf: KeyID? = nil
  ) {
    self.id = id
    self.resourceID = resourceID
    self.description = description
    self.secretHash = secretHash
    self.createdBy = createdBy
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.monthlyLimit = monthlyLimit
    self.revokedAt = revokedAt
    self.companionOf = companionOf
  }
}
