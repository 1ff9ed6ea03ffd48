import Core
import Foundation
import Testing

@testable import Providers

@Suite("Signature Version 4 (N-1)")
struct SignatureV4Tests {
  /// What botocore made of the same requests; see Golden/make_signatures.py.
  struct Golden: Decodable {
    struct Request: Decodable, Sendable, CustomTestStringConvertible {
      let name: String
      let method: String
      let path: String
      let body: String
      let sessionToken: String?
      let region: String
      let milliseconds: Int64
      let headers: [[String]]
      let added: [String: String]

      var testDescription: String { name }
    }

    let accessKey: String
    let secret: String
    let host: String
    let service: String
    let requests: [Request]

    static func read() throws -> Golden {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      let url = folder.appending(path: "Golden/signatures.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }
  }

  @Test("Requests are signed as botocore signs them", arguments: try Golden.read().requests)
  func golden(request: Golden.Request) throws {
    let added = try sign(request)
    #expect(Dictionary(uniqueKeysWithValues: added.map { ($0.name, $0.value) }) == request.added)
  }

  @Test("The golden requests hold a session token, a colon, a percent sign and an empty body")
  func coverage() throws {
    let requests = try Golden.read().requests
    #expect(requests.contains { $0.sessionToken != nil })
    #expect(requests.contains { $0.path.contains(":") })
    #expect(requests.contains { $0.path.contains("%3A") })
    #expect(requests.contains { $0.body.isEmpty })
  }

  @Test("Any other request has another signature", arguments: ["path", "body", "header", "time", "secret", "region"])
  func sensitivity(part: String) throws {
    let golden = try Golden.read()
    let request = try #require(golden.requests.first)
    func signature(changing part: String) throws -> String {
      let signature = SignatureV4(
        accessKeyID: golden.accessKey, secret: golden.secret + (part == "secret" ? "x" : ""), sessionToken: nil,
        region: part == "region" ? "eu-west-3" : request.region, service: golden.service)
      let fields = signature.fields(
        method: request.method, path: request.path + (part == "path" ? "x" : ""),
        headers: [HTTPField("host", golden.host + (part == "header" ? "x" : ""))],
        body: Array((request.body + (part == "body" ? "x" : "")).utf8),
        at: Instant(milliseconds: request.milliseconds + (part == "time" ? 1_000 : 0)))
      return try #require(fields.value(of: "authorization")?.components(separatedBy: "Signature=").last)
    }
    let unchanged = try signature(changing: "")
    let changed = try signature(changing: part)
    #expect(unchanged != changed)
    #expect(changed.count == 64)
  }

  @Test(
    "The date is that of the instant, in UTC",
    arguments: [
      (1_795_243_916_000 as Int64, "20261121T065156Z"), (0, "19700101T000000Z"), (951_782_399_999, "20000228T235959Z"),
      (951_782_400_000, "20000229T000000Z"), (4_102_444_799_000, "20991231T235959Z"),
    ])
  func dates(milliseconds: Int64, stamp: String) {
    #expect(SignatureV4.timestamp(Instant(milliseconds: milliseconds)) == stamp)
  }

  @Test("Secrets do not stand in what is printed of an authorizer (V-2)")
  func redacted() {
    let clock = WallClock { Instant(milliseconds: 0) }
    let credentials = AWSCredentials.accessKey(id: "id", secret: "open sesame", sessionToken: "token words")
    let shown = String(reflecting: credentials.authorizer(region: "eu-central-1", clock: clock))
    #expect(!shown.contains("sesame"))
    #expect(!shown.contains("token words"))
    #expect(!String(reflecting: BearerAuthorization(token: "open sesame")).contains("sesame"))
  }

  private func sign(_ request: Golden.Request) throws -> [HTTPField] {
    let golden = try Golden.read()
    let signature = SignatureV4(
      accessKeyID: golden.accessKey, secret: golden.secret, sessionToken: request.sessionToken, region: request.region,
      service: golden.service)
    return signature.fields(
      method: request.method, path: request.path,
      headers: request.headers.map { HTTPField($0[0], $0[1]) } + [HTTPField("host", golden.host)],
      body: Array(request.body.utf8), at: Instant(milliseconds: request.milliseconds))
  }
}
