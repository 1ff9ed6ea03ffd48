public import Core

/// One model that a key reaches, for lists of models.
public struct ModelEntry: Sendable, Hashable {
  public let id: String
  public let displayName: String
  public let createdAt: Instant
  /// The vendor in small letters.
  public let ownedBy: String

  public init(id: String, displayName: String, createdAt: Instant, ownedBy: String) {
    self.id = id
    self.displayName = displayName
    self.createdAt = createdAt
    self.ownedBy = ownedBy
  }
}
