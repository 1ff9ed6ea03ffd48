import Core
import HTTPTypes
import TestSupport
import Testing

@Suite("When providers fail")
struct UpstreamFailureTests {
  static let chat = #"{"messages":[{"role":"user","content":"Hello"}]}"#

  struct Case: Sendable, CustomTestStringConvertible {
    let upstream: Int
    let expected: Int
    /// How many of the two deployments are asked.
    let attempts: Int

    var testDescription: String { "\(upstream) becomes \(expected)" }
  }

  @Test(
    "A provider's status becomes the caller's, without cost; its words only where it refused the request (F-2, M-4, N-3)",
    arguments: [
      Case(upstream: 400, expected: 400, attempts: 1), Case(upstream: 401, expected: 502, attempts: 2),
      Case(upstream: 404, expected: 502, attempts: 2), Case(upstream: 422, expected: 400, attempts: 1),
      Case(upstream: 429, expected: 429, attempts: 2), Case(upstream: 500, expected: 503, attempts: 2),
      Case(upstream: 503, expected: 503, attempts: 2), Case(upstream: 302, expected: 502, attempts: 1),
    ])
  func statuses(of example: Case) async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.refusal(example.upstream, headers: [HTTPField("retry-after", "7")]))
      for body in [Self.chat, Self.chat.dropLast() + #","stream":true}"#] {
        let reply = try await gateway.post("/v1/chat/completions", as: .text, String(body))
        #expect(reply.status == example.expected)
        #expect(reply.text.contains("secret words") == (example.expected == 400))
        if example.expected == 429 || example.expected == 503 { #expect(reply.field("retry-after") == "7") }
      }
      #expect(gateway.upstream.arrivals.count == 2 * example.attempts)
      let entries = try await gateway.entries()
      #expect(entries.count == 2)
      #expect(entries.allSatisfy { $0.status == .failed && $0.attempts == example.attempts })
      #expect(entries.allSatisfy { $0.units == .zero })
      #expect(gateway.reserved() == .zero)
    }
  }

  @Test("Another region of the area answers where the first fails (N-2, N-3)")
  func failover() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer { arrival async throws(UpstreamFailure) in
        guard arrival.region == TestModels.ireland else {
          throw UpstreamFailure(.connection, "The provider could not be reached.")
        }
        return .chat("From Ireland", input: 9, output: 3)
      }
      let reply = try await gateway.post("/v1/chat/completions", as: .text, Self.chat)
      #expect(reply.json("choices.0.message.content") as? String == "From Ireland")
      let entries = try await gateway.entries()
      #expect(entries.count == 1)
      #expect(entries.first?.servedRegion == TestModels.ireland)
      #expect(entries.first?.attempts == 2)
      #expect(entries.first?.usage == TokenUsage(input: 9, output: 3))
    }
  }

  @Test("Without cross-region inference no other region is asked (N-2)")
  func ownRegionOnly() async throws {
    try await Installation.each { gateway in
      gateway.upstream.fail(UpstreamFailure(.connection, "The provider could not be reached."))
      let reply = try await gateway.post("/v1/chat/completions", as: .small, Self.chat)
      #expect(reply.status == 429 || reply.status == 502)
      let small = try await gateway.post(
        "/v1/chat/completions", as: .small, ExhaustionTests.chat(maxTokens: 20))
      #expect(small.status == 502)
      #expect(Set(gateway.upstream.arrivals.map(\.region)) == [TestModels.frankfurt])
    }
  }

  @Test("A time-out costs the counted input as an estimate, each attempt of it (M-4, N-3)")
  func timeout() async throws {
    try await Installation.each { gateway in
      gateway.upstream.fail(UpstreamFailure(.timeout, "The provider did not answer in time."))
      let reply = try await gateway.post("/v1/chat/completions", as: .text, Self.chat)
      #expect(reply.status == 504)
      #expect(gateway.upstream.arrivals.map(\.region) == [TestModels.frankfurt, TestModels.ireland])
      let entries = try await gateway.entries()
      let entry = try #require(entries.first)
      #expect(entries.count == 1 && entry.attempts == 2)
      #expect(entry.usage == TokenUsage(input: entry.call.countedInput + entry.call.countedInput))
      #expect(entry.isEstimated)
      #expect(gateway.reserved() == .zero)
    }
  }

  @Test("A stream that breaks off ends with an error in the stream and without [DONE] (F-4)")
  func midStream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(
        .stream(["abcdefg"], usage: nil, failure: UpstreamFailure(.connection, "The connection failed.")))
      let reply = try await gateway.post("/v1/chat/completions", as: .text, Self.chat.dropLast() + #","stream":true}"#)
      #expect(reply.status == 200)
      #expect(reply.events.count >= 2)
      #expect(reply.events.last?.contains("\"error\":{\"message\":\"The connection failed.\"") == true)
      #expect(!reply.text.contains("[DONE]"))
      #expect(gateway.upstream.arrivals.count == 1)
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.usage.output == 2)
      #expect(entry.isEstimated)
      #expect(entry.status == .failed)
    }
  }

  @Test("An answer that can't be read is 502, and not free (M-3)")
  func garbled() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(UpstreamScript(pieces: ["<html>secret words</html>"]))
      let reply = try await gateway.post("/v1/chat/completions", as: .text, Self.chat)
      #expect(reply.status == 502)
      #expect(!reply.text.contains("secret"))
      #expect(try await gateway.entries().first?.units.nano ?? 0 > 0)
    }
  }

  @Test("The connector is told in plain text")
  func connector() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.refusal(503))
      let reply = try await gateway.post(
        "\(ConnectorRoutesTests.text)/converse", as: .text, ConnectorRoutesTests.chat)
      #expect(reply.status == 503)
      #expect(reply.text.hasPrefix("The provider is not available"))
    }
  }

  @Test("When the client goes, the answer is drained for its usage and the connection closed (M-3)")
  func clientGone() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One ", "two ", "three ", "four"], usage: (input: 9, output: 4)))
      let reply = try await gateway.send(
        .post, "/v1/chat/completions", as: .bearer(TestKey.text.plain),
        body: Self.chat.dropLast() + #","stream":true}"#,
        takes: 2)
      #expect(reply.pieces.count == 2)
      #expect(reply.brokeOff is ClientLeft)
      let entries = try await gateway.entries()
      #expect(entries.count == 1)
      #expect(entries.first?.call.requestID == reply.requestID)
      #expect(entries.first?.usage == TokenUsage(input: 9, output: 4))
      #expect(entries.first?.status == .disconnected)
      #expect(gateway.reserved() == .zero)
    }
  }

  @Test("A client that takes all but the last piece is charged in full (M-1)")
  func clientMissesTheEnd() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One"], usage: (input: 9, output: 1)))
      let reply = try await gateway.send(
        .post, "/v1/chat/completions", as: .bearer(TestKey.text.plain),
        body: Self.chat.dropLast() + #","stream":true}"#,
        takes: 1)
      #expect(reply.brokeOff is ClientLeft)
      #expect(try await gateway.entries().map(\.usage) == [TokenUsage(input: 9, output: 1)])
    }
  }
}
