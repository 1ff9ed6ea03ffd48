import Core
import TestSupport

@testable import Platform

/// The keys of an installation, by what they are good for.
enum TestKey: String, CaseIterable, Sendable {
  case text, embed, small, local
  /// Of the text resource, with a small limit of its own.
  case limited
  case revoked, expired
  /// Well-formed, but never made.
  case unknown
  /// The text key with its last character changed.
  case typo
  /// The text key's id with another secret.
  case guessed
  /// Of somebody else altogether.
  case foreign

  var id: KeyID { KeyID("key\(rawValue)") }

  /// What an application sends.
  var plain: String {
    switch self {
    case .foreign: "sk-proj-1234567890"
    case .typo: String(TestKey.text.plain.dropLast()) + (TestKey.text.plain.hasSuffix("a") ? "b" : "a")
    case .guessed: KeyFormat.make(id: TestKey.text.id, secret: secret, sha256: Digest.sha256)
    default: KeyFormat.make(id: id, secret: secret, sha256: Digest.sha256)
    }
  }

  private var secret: [UInt8] { Digest.sha256(Array("secret of \(rawValue)".utf8)) }

  private var resource: ResourceID? {
    switch self {
    case .text, .limited, .revoked, .expired: Installation.textResource
    case .embed: Installation.embedResource
    case .small: Installation.smallResource
    case .local: Installation.localResource
    case .unknown, .typo, .guessed, .foreign: nil
    }
  }

  /// The key as the database has it; nil for those that it does not have.
  func inserted(at now: Instant) -> ResourceKey? {
    resource.map { resource in
      ResourceKey(
        id: id, resourceID: resource, description: rawValue, secretHash: Digest.sha256(secret),
        createdBy: Sample.userID, createdAt: Sample.start, expiresAt: self == .expired ? now : nil,
        monthlyLimit: self == .limited ? GenAIUnits(nano: 200_000_000) : nil)
    }
  }
}
