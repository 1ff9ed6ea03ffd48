import Core
import HTTPTypes
import Platform
import Storage
import TestSupport
import Testing

@Suite("How a key travels")
struct AuthenticationTests {
  static let chat = #"{"messages":[{"role":"user","content":"Hello"}]}"#

  @Test(
    "A key is taken from each of its four places (K-1)",
    arguments: ["x-api-key", "api-key", "x-amz-security-token", "bearer", "Bearer in any case"])
  func places(place: String) async throws {
    try await Installation.each { gateway in
      let key = TestKey.text.plain
      let credential: Credential =
        switch place {
        case "bearer": .bearer(key)
        case "Bearer in any case": .field("Authorization", "bEARER   \(key)")
        default: .field(place, key)
        }
      let reply = try await gateway.send(.post, "/v1/chat/completions", as: credential, body: Self.chat)
      #expect(reply.status == 200)
    }
  }

  @Test("A signature beside the key is not looked at (K-1)")
  func signature() async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(
        .post, "/v1/chat/completions", as: .field("x-amz-security-token", TestKey.text.plain),
        headers: [("authorization", "AWS4-HMAC-SHA256 Credential=any/20260315/eu/bedrock/aws4_request, Signature=00")],
        body: Self.chat)
      #expect(reply.status == 200)
    }
  }

  @Test("A revocation is seen once the feed was read, and the cached key opens nothing more (K-2, G-13)")
  func revocation() async throws {
    try await Installation.each { gateway in
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200)
      let now = gateway.clock.now
      try await gateway.database.write { _ = try $0.revokeKey(TestKey.text.id, at: now) }
      await gateway.feed.poll()
      let reply = try await gateway.post("/v1/chat/completions", as: .text, Self.chat)
      #expect(reply.status == 403)
      #expect((reply.json("error.message") as? String)?.contains("revoked") == true)
    }
  }

  @Test("Where keys can't be checked the answer is 503, whatever is remembered (decision 7)")
  func databaseGone() async throws {
    try await Installation.each { gateway in
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200)
      await gateway.database.close()
      gateway.clock.advance(seconds: 2)
      let reply = try await gateway.post("/v1/chat/completions", as: .text, Self.chat)
      #expect(reply.status == 503)
      #expect(reply.field("retry-after") != nil)
      #expect(gateway.upstream.arrivals.count == 1)
    }
  }
}
