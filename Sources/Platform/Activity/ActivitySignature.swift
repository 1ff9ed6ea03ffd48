import Core
import Crypto

extension MasterKey {
  /// Signs heads of activity, with a key that nothing else is used for. Rule G-20.
  var activitySignature: SignatureFunction {
    let key = derived(for: .activityHeads)
    return { bytes in Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key)) }
  }
}
