import Core
import Dialects
import Providers
import Testing

@Suite("Anthropic's service as a provider (N-1)")
struct AnthropicProviderTests {
  @Test("Its address needs no setting")
  func endpoint() throws {
    let endpoint = try UpstreamEndpoint.anthropic(name: "a")
    #expect(endpoint.origin == "https://api.anthropic.com")
    #expect(endpoint.pathPrefix.isEmpty)
  }

  @Test("The key travels as x-api-key, and is not printed")
  func authorization() {
    let authorizer = APIKeyAuthorization(key: "sesame")
    #expect(
      authorizer.fields(method: "POST", path: "/v1/messages", headers: [], body: [])
        == [HTTPField("x-api-key", "sesame")])
    #expect(!String(reflecting: authorizer).contains("sesame"))
  }

  @Test("It chats, and refuses embeddings with a sentence")
  func codecs() throws {
    let provider = AnthropicProvider(transport: NoTransport())
    #expect(try provider.codec(for: .chat(ChatRequest(messages: []))) is AnthropicMessagesOutbound)
    let problem = #expect(throws: InvalidRequest.self) {
      try provider.codec(for: .embed(EmbedRequest(inputs: [Sensitive("a")])))
    }
    #expect(problem?.message.hasSuffix("has no embeddings.") == true)
  }

  private struct NoTransport: UpstreamTransport {
    func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
      throw UpstreamFailure(.connection, "There is no connection.")
    }
  }
}
