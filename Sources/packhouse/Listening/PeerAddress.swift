import Glibc
import NIOCore

/// What counts as one address. Rule L-1.
enum PeerAddress {
  static func text(_ address: SocketAddress?) -> String { text(address?.ipAddress ?? "unknown") }

  /// An IPv4 address, also inside an IPv6 one; the first 64 bits of any other, because a household has all the rest.
  static func text(_ address: String) -> String {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
    if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      return bytes.suffix(4).map(String.init).joined(separator: ".")
    }
    // This machine itself is one address, not a network.
    if bytes.prefix(15).allSatisfy({ $0 == 0 }) { return address }
    return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
  }
}
