import Core
import Dialects
import Providers
import Testing

@Suite("Cohere's service as a provider, and who counts tokens (N-1)")
struct CohereProviderTests {
  private static let chat = ModelCall.chat(ChatRequest(messages: []))
  private static let embed = ModelCall.embed(EmbedRequest(inputs: [Sensitive("a")]))

  @Test("Its address needs no setting")
  func endpoint() throws {
    let endpoint = try UpstreamEndpoint.cohere(name: "c")
    #expect(endpoint.origin == "https://api.cohere.com")
    #expect(endpoint.pathPrefix.isEmpty)
  }

  @Test("It embeds, and refuses chats with a sentence")
  func codecs() throws {
    let provider = CohereProvider(transport: NoTransport())
    #expect(try provider.codec(for: Self.embed) is CohereEmbedOutbound)
    let problem = #expect(throws: InvalidRequest.self) { try provider.codec(for: Self.chat) }
    #expect(problem?.message.hasSuffix("has embeddings only.") == true)
  }

  @Test("Anthropic and Bedrock count the tokens of chats; nobody else counts")
  func counters() {
    let transport = NoTransport()
    #expect(AnthropicProvider(transport: transport).tokenCounter(for: Self.chat) is AnthropicTokenCountOutbound)
    #expect(BedrockProvider(transport: transport).tokenCounter(for: Self.chat) is BedrockTokenCountOutbound)
    #expect(OpenAICompatibleProvider(transport: transport).tokenCounter(for: Self.chat) == nil)
    for provider in [
      AnthropicProvider(transport: transport), BedrockProvider(transport: transport),
      CohereProvider(transport: transport), OpenAICompatibleProvider(transport: transport),
    ] as [any RemoteProvider] {
      #expect(provider.tokenCounter(for: Self.embed) == nil)
    }
  }

  private struct NoTransport: UpstreamTransport {
    func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
      throw UpstreamFailure(.connection, "There is no connection.")
    }
  }
}
