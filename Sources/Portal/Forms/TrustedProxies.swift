import Foundation
import Hummingbird
import NIOCore
import Platform

/// The proxies that are believed when they say whom they speak for.
struct TrustedProxies: Sendable {
  /// What was given and could not be read.
  let unreadable: [String]
  private let networks: [Network]

  private struct Network {
    let bytes: [UInt8]
    let bits: Int
  }

  init(_ texts: [String]) {
    var networks: [Network] = []
    var unreadable: [String] = []
    for text in texts {
      if let network = Self.network(text) { networks.append(network) } else { unreadable.append(text) }
    }
    self.networks = networks
    self.unreadable = unreadable
  }

  func contains(_ address: String) -> Bool {
    guard let bytes = Self.bytes(address) else { return false }
    return networks.contains { network in
      network.bytes.count == bytes.count
        && (0..<network.bits).allSatisfy { bit in
          (network.bytes[bit / 8] ^ bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
  }

  /// The address that a request came from: the last one that no trusted proxy added.
  func origin(of request: Request, peer: SocketAddress?) -> ClientOrigin {
    let userAgent = request.headers[.userAgent] ?? ""
    var address = peer?.ipAddress ?? "unknown"
    let named = request.headers[values: Self.forwardedFor].flatMap { $0.split(separator: ",") }
    for hop in named.reversed() {
      guard contains(address) else { break }
      let candidate = hop.trimmingCharacters(in: .whitespaces)
      guard Self.bytes(candidate) != nil else { break }
      address = candidate
    }
    return ClientOrigin(address: address, userAgent: userAgent)
  }

  private static func network(_ text: String) -> Network? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let bytes = bytes(parts[0]) else { return nil }
    guard parts.count == 2 else { return Network(bytes: bytes, bits: bytes.count * 8) }
    guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return nil }
    return Network(bytes: bytes, bits: bits)
  }

  /// Four bytes, or sixteen; an IPv4 address inside an IPv6 one counts as the former.
  private static func bytes(_ text: String) -> [UInt8]? {
    var four = [UInt8](repeating: 0, count: 4)
    if inet_pton(AF_INET, text, &four) == 1 { return four }
    var sixteen = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
    let isMapped = sixteen.prefix(10).allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
    return isMapped ? Array(sixteen.suffix(4)) : sixteen
  }

  private static let forwardedFor = HTTPFieldName.forwardedFor
}
