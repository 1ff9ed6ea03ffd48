import Core
import TestSupport
import Testing

@Suite("A resource at its limit")
struct ExhaustionTests {
  static let base = "/resources/\(Installation.smallResource)"

  static func chat(maxTokens: Int) -> String {
    #"{"max_tokens":\#(maxTokens),"messages":[{"role":"user","content":"Hello"}]}"#
  }

  static func converse(maxTokens: Int) -> String {
    #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}],"inferenceConfig":{"maxTokens":\#(maxTokens)}}"#
  }

  @Test("Exhausted: 429 without a retry, until the refill; the provider is not asked (U-6, F-1)")
  func exhausted() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.chat("Hi", input: 9, output: 140))
      let first = try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 140))
      #expect(first.status == 200)
      let openAI = try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 50))
      let connector = try await gateway.post("\(Self.base)/converse", as: .small, Self.converse(maxTokens: 50))
      let refill = Installation.months.month(containing: gateway.clock.now).end.millisecondsSince(gateway.clock.now)
      for reply in [openAI, connector] {
        #expect(reply.status == 429)
        #expect(reply.field("x-should-retry") == "false")
        #expect(reply.field("retry-after") == String(refill / 1_000))
        #expect(reply.text.contains("Resource small00001"))
        #expect(reply.text.contains("140 used, 0 reserved, 150 allowed"))
        #expect(reply.text.contains("2026-04-15"))
      }
      #expect(openAI.json("error.code") as? String == "insufficient_quota")
      #expect(gateway.upstream.arrivals.map(\.requestID) == [first.requestID])
      #expect(try await gateway.entries(of: Installation.smallResource).count == 1)
    }
  }

  @Test("Contended: 429 with a retry in a few seconds (U-6, F-1)")
  func contended() async throws {
    try await Installation.each { gateway in
      let gate = Gate()
      gateway.upstream.answer { _ async throws(UpstreamFailure) in
        await gate.wait()
        return .chat("Hi", input: 9, output: 1)
      }
      async let first = gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 140))
      while gateway.upstream.arrivals.isEmpty { await Task.yield() }
      let ticking = Task {
        while !Task.isCancelled {
          gateway.clock.advance(milliseconds: 500)
          try await Task.sleep(for: .milliseconds(10))
        }
      }
      let openAI = try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 140))
      let connector = try await gateway.post("\(Self.base)/converse", as: .small, Self.converse(maxTokens: 140))
      ticking.cancel()
      for reply in [openAI, connector] {
        #expect(reply.status == 429)
        #expect(reply.field("x-should-retry") == "true")
        #expect((1...5).contains(Int(reply.field("retry-after") ?? "") ?? 0))
        #expect(reply.text.contains("140 reserved, 150 allowed"))
      }
      #expect(openAI.json("error.type") as? String == "rate_limit_error")
      #expect(gateway.upstream.arrivals.count == 1)
      gate.open()
      #expect(try await first.status == 200)
    }
  }

  @Test("Less room than asked for lowers the output, and the answer says so (U-5)")
  func lowered() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.chat("Hi", input: 9, output: 1))
      let whole = try await gateway.post("/v1/chat/completions", as: .text, Self.chat(maxTokens: 120))
      #expect(whole.field("x-packhouse-max-tokens") == nil)
      let small = try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 120))
      #expect(small.status == 200)
      #expect(small.field("x-packhouse-max-tokens") == nil)
      #expect(gateway.upstream.arrivals.last?.body.contains(#""max_tokens":120"#) == true)
      let limited = try await gateway.post("/v1/chat/completions", as: .limited, Self.chat(maxTokens: 2_000))
      #expect(limited.status == 200)
      let most = try #require(limited.field("x-packhouse-max-tokens").flatMap { Int($0) })
      #expect((256..<2_000).contains(most))
      #expect(gateway.upstream.arrivals.last?.body.contains("\"max_tokens\":\(most)") == true)
    }
  }

  @Test("A key's own limit refuses that key alone (U-8)")
  func keyLimit() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.chat("Hi", input: 9, output: 300))
      #expect(try await gateway.post("/v1/chat/completions", as: .limited, Self.chat(maxTokens: 300)).status == 200)
      let refused = try await gateway.post("/v1/chat/completions", as: .limited, Self.chat(maxTokens: 100))
      #expect(refused.status == 429)
      #expect(refused.text.contains("monthly limit of this key"))
      #expect(refused.field("x-should-retry") == "false")
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat(maxTokens: 100)).status == 200)
    }
  }

  @Test("After the refill calls are admitted again (B-3)")
  func refilled() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.chat("Hi", input: 9, output: 140))
      #expect(try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 140)).status == 200)
      let refused = try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 140))
      gateway.clock.advance(seconds: Int64(refused.field("retry-after") ?? "") ?? 0)
      #expect(try await gateway.post("/v1/chat/completions", as: .small, Self.chat(maxTokens: 140)).status == 200)
    }
  }
}
