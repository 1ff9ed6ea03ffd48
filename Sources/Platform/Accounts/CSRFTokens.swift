import Core
import Crypto

/// Proof that a form was made for the session that sends it: a keyed hash of the session's id. Needs no storage and ends
/// with the session.
struct CSRFTokens: Sendable {
  private let key: SymmetricKey

  init(_ masterKey: MasterKey) { key = masterKey.derived(for: .csrfTokens) }

  func token(for session: Identifier<Session>) -> String {
    URLSafeBase64.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(session.text.utf8), using: key)))
  }

  func isGenuine(_ token: String, for session: Identifier<Session>) -> Bool {
    KeyFormat.areEqual(Array(token.utf8), Array(self.token(for: session).utf8))
  }
}
