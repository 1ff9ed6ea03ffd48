public import Core
import Crypto
import Foundation

/// AWS Signature Version 4 of one request, after AWS's published description. Pure but for the instant it is given.
public struct SignatureV4: Sendable {
  public let accessKeyID: String
  public let secret: String
  public let sessionToken: String?
  public let region: String
  public let service: String

  public init(accessKeyID: String, secret: String, sessionToken: String?, region: String, service: String) {
    self.accessKeyID = accessKeyID
    self.secret = secret
    self.sessionToken = sessionToken
    self.region = region
    self.service = service
  }

  /// The fields to add to a request: `x-amz-date`, `x-amz-content-sha256`, the session token, `authorization`.
  ///
  /// `path` is as it goes over the wire (percent-encoded once, without query); `headers` are the fields that are
  /// signed beside those added; they must hold `host`.
  public func fields(
    method: String, path: String, headers: [HTTPField], body: [UInt8], at now: Instant
  ) -> [HTTPField] {
    let stamp = Self.timestamp(now)
    let day = String(stamp.prefix(8))
    let bodyHash = Self.hex(SHA256.hash(data: body))
    var added = [HTTPField("x-amz-date", stamp), HTTPField("x-amz-content-sha256", bodyHash)]
    if let sessionToken { added.append(HTTPField("x-amz-security-token", sessionToken)) }
    let signed = (headers + added).map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }
      .sorted { $0.name < $1.name }
    let names = signed.map(\.name).joined(separator: ";")
    let canonical = [
      method, Self.encodedAgain(path), "", signed.map { "\($0.name):\($0.value)\n" }.joined(), names, bodyHash,
    ].joined(separator: "\n")
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let toSign = [
      "AWS4-HMAC-SHA256", stamp, scope, Self.hex(SHA256.hash(data: Array(canonical.utf8))),
    ].joined(separator: "\n")
    let signature = Self.hex(Self.mac(toSign, key: signingKey(day: day)))
    added.append(
      HTTPField(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"))
    return added
  }

  private func signingKey(day: String) -> SymmetricKey {
    var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
    for part in [day, region, service, "aws4_request"] {
      key = SymmetricKey(data: Array(Self.mac(part, key: key)))
    }
    return key
  }

  private static func mac(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
  }

  private static let digits = Array("0123456789abcdef".utf8)
  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/".utf8)

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var out: [UInt8] = []
    for byte in bytes {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Every service but S3 signs the path with each segment encoded once more than it is sent.
  static func encodedAgain(_ path: String) -> String {
    var out: [UInt8] = []
    for byte in path.utf8 {
      if unreserved.contains(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "%"))
        out.append(contentsOf: Array(hex([byte]).uppercased().utf8))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func trimmed(_ value: String) -> String {
    value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }

  /// `20261121T065100Z`.
  static func timestamp(_ now: Instant) -> String {
    let seconds = now.milliseconds / 1_000
    let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let day = LocalDay(number: Int(days))
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = day.description.filter { $0 != "-" }
    return "\(date)T\(two(rest / 3_600))\(two(rest / 60 % 60))\(two(rest % 60))Z"
  }
}
