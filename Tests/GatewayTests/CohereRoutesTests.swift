import Core
import TestSupport
import Testing

@Suite("Cohere's routes")
struct CohereRoutesTests {
  static let prefixes = ["", "/cohere"]
  static let body = #"{"model":"embed","texts":["a","b"],"input_type":"search_document"}"#

  @Test("Texts are embedded by any provider, and metered as it reported (D-1, M-6)", arguments: prefixes)
  func embed(prefix: String) async throws {
    try await Installation.each { gateway in
      let second = try await gateway.post("\(prefix)/v2/embed", as: .embed, Self.body)
      #expect(second.status == 200, "\(second.text)")
      #expect(second.field("content-type") == "application/json")
      #expect(second.json("id") as? String == second.requestID.text)
      #expect(second.json("response_type") as? String == "embeddings_by_type")
      #expect(second.json("embeddings.float") as? [[Double]] == [[0, 0.5], [1, 0.5]])
      #expect(second.json("texts") as? [String] == ["a", "b"])
      #expect(second.json("meta.api_version.version") as? String == "2")
      #expect(second.json("meta.billed_units.input_tokens") as? Int == 4)
      let first = try await gateway.post("\(prefix)/v1/embed", as: .embed, Self.body)
      #expect(first.json("response_type") as? String == "embeddings_floats")
      #expect(first.json("embeddings") as? [[Double]] == [[0, 0.5], [1, 0.5]])
      #expect(first.json("meta.api_version.version") as? String == "1")
      #expect(gateway.upstream.arrivals.map(\.path) == ["/embeddings", "/embeddings"])
      let entries = try await gateway.entries(of: Installation.embedResource)
      #expect(Set(entries.map(\.call.requestID)) == [first.requestID, second.requestID])
      #expect(entries.allSatisfy { $0.call.dialect == .cohere && $0.usage == TokenUsage(input: 4) })
    }
  }

  @Test("Wrong requests are refused in Cohere's words, and nothing reaches the provider (F-3)")
  func refusals() async throws {
    try await Installation.each { gateway in
      for (body, start) in [
        (#"{"images":["x"],"model":"embed"}"#, "images is not supported"),
        (#"{"texts":["a","b","c","d"]}"#, "The request holds 4 texts; at most 3"),
        (#"{"texts":["a",""]}"#, "Text 2 is empty"),
      ] {
        let reply = try await gateway.post("/v2/embed", as: .embed, body)
        #expect(reply.status == 400)
        #expect((reply.json("message") as? String)?.hasPrefix(start) == true, "\(reply.text)")
        #expect(reply.json("id") as? String == reply.requestID.text)
      }
      let unknown = try await gateway.post("/v2/embed", as: .embed, #"{"model":"embed-v9","texts":["a"]}"#)
      #expect(unknown.status == 404)
      #expect((unknown.json("message") as? String)?.contains("Enabled are: cohere-embed-v4") == true)
      // What the provider of this model has no words for is named. Rule D-2.
      let form = try await gateway.post("/v2/embed", as: .embed, #"{"texts":["a"],"embedding_types":["int8"]}"#)
      #expect(form.status == 400)
      #expect(form.text.contains("int8"))
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("Exhausted is 402 with the refill, which the client does not repeat (U-6, F-1)")
  func exhausted() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer { .embeddings(input: 1_000, of: $0) }
      #expect(try await gateway.post("/v2/embed", as: .embed, Self.body).status == 200)
      let refill = Installation.months.month(containing: gateway.clock.now).end.millisecondsSince(gateway.clock.now)
      for path in ["/v2/embed", "/v1/embed"] {
        let refused = try await gateway.post(path, as: .embed, Self.body)
        #expect(refused.status == 402)
        #expect(refused.field("retry-after") == String(refill / 1_000))
        #expect((refused.json("message") as? String)?.contains("is exhausted") == true)
      }
      #expect(gateway.upstream.arrivals.count == 1)
    }
  }
}
