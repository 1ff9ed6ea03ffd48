public import Core

/// What somebody enters for a new key. As typed. Rule G-12.
///
/// Field names of problems: `description`, `expiresOn`, `monthlyLimit`.
public struct KeyForm: Hashable, Sendable {
  /// 1 to 100 characters.
  public var description: String
  /// `2026-11-21`: the last day on which the key works, in the company's zone; empty for none.
  public var expiresOn: String
  /// GenAI Units a bundle month, such as `12.5`; empty for none. Rule U-8.
  public var monthlyLimit: String

  public init(description: String, expiresOn: String = "", monthlyLimit: String = "") {
    self.description = description
    self.expiresOn = expiresOn
    self.monthlyLimit = monthlyLimit
  }
}

/// A key in the moment of its making: the only time that its secret exists outside the owner's hands. Rule G-12.
public struct CreatedKey: Sendable {
  public let key: ResourceKey
  /// `phk_...`.
  public let plainKey: Sensitive<String>
  /// Base64, as ``ConfigurationKey`` writes it.
  public let configurationKey: Sensitive<String>
}

/// What creating a key came to.
public enum KeyCreation: Sendable {
  case created(CreatedKey)
  /// The same submit was carried out before; the key was shown then and cannot be shown again.
  case shownBefore(ResourceKey)
}

/// A row of the list of keys. Rule G-13.
public struct KeyView: Sendable {
  public enum Status: String, Hashable, Sendable, CaseIterable {
    case active = "ACTIVE"
    case expired = "EXPIRED"
    case revoked = "REVOKED"
  }

  public let key: ResourceKey
  public let status: Status
  /// Name of who created it; nil where it was made by the operator.
  public let createdBy: String?
  public let lastUsed: Instant?
}
