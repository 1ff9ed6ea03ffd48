public import Core

/// Makes request ids: `req_` and 128 random bits in hexadecimal. Rule F-5.
public struct RequestIDSource: Sendable {
  private static let digits = Array("0123456789abcdef".utf8)

  private let random: RandomSource

  public init(random: RandomSource) { self.random = random }

  public func next() -> RequestID {
    var text = Array("req_".utf8)
    text.reserveCapacity(36)
    for byte in random.bytes(16) {
      text.append(Self.digits[Int(byte >> 4)])
      text.append(Self.digits[Int(byte & 15)])
    }
    return RequestID(String(decoding: text, as: UTF8.self))
  }
}
