import Core
import Crypto

/// The links of invitations. A token is derived from the master key, the invitation's id and its expiry, and only its hash
/// is stored: a link can be shown again for as long as it works, and whoever reads the database learns none. Rule G-9.
struct InvitationLinks: Sendable {
  private let key: SymmetricKey
  private let addresses: PublicAddresses

  init(_ context: PlatformContext) {
    key = context.masterKey.derived(for: .invitationLinks)
    addresses = context.addresses
  }

  /// Each renewal gives another expiry, and so another token.
  func token(_ id: InvitationID, expiresAt: Instant) -> String {
    let text = "\(id.text) \(expiresAt.milliseconds)"
    return URLSafeBase64.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)))
  }

  /// What is stored of it.
  func hash(_ id: InvitationID, expiresAt: Instant) -> [UInt8] {
    Digest.ofToken(token(id, expiresAt: expiresAt))
  }

  /// Nil where the master key has changed since: then "Resend" gives a link that works.
  func link(of invitation: Invitation) -> String? {
    let token = token(invitation.id, expiresAt: invitation.expiresAt)
    guard KeyFormat.areEqual(Digest.ofToken(token), invitation.tokenHash) else { return nil }
    return "\(addresses.portal)/invitations/\(token)"
  }
}

/// What an invitation needs from outside of the transaction, which may run twice.
struct InvitationDraft: Sendable {
  let id: InvitationID

  init(_ context: PlatformContext) { id = context.random.identifier() }
}
