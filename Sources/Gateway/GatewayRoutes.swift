import Core
import Dialects
public import Hummingbird

/// Every route of the gateway's listener, on one page.
public enum GatewayRoutes {
  public static func router(_ services: GatewayServices) -> Router<GatewayRequestContext> {
    let router = Router(context: GatewayRequestContext.self)
    router.addMiddleware {
      GatewayRequestIDs(source: services.requestIDs)
      GatewayFaults(logger: services.logger)
    }
    let calls = CallController(services: services)

    let models = ModelsController(services: services)
    for prefix in ["", "/openai"] {
      router.post("\(prefix)/v1/chat/completions", use: calls.handler(OpenAIChatInbound(), for: .text))
      router.post("\(prefix)/v1/responses", use: calls.handler(OpenAIResponsesInbound(), for: .text))
      router.post("\(prefix)/v1/embeddings", use: calls.handler(OpenAIEmbeddingsInbound(), for: .embeddings))
    }

    for prefix in ["", "/anthropic"] {
      router.post("\(prefix)/v1/messages", use: calls.handler(AnthropicMessagesInbound(), for: .text))
      router.post("\(prefix)/v1/messages/count_tokens", use: calls.counter(AnthropicTokenCountInbound(), for: .text))
    }

    for prefix in ["", "/cohere"] {
      router.post("\(prefix)/v2/embed", use: calls.handler(CohereEmbedInbound(.v2), for: .embeddings))
      router.post("\(prefix)/v1/embed", use: calls.handler(CohereEmbedInbound(.v1), for: .embeddings))
    }

    // Below no prefix it is the client that says whose shape it reads.
    for prefix in ["", "/openai", "/anthropic"] {
      router.get("\(prefix)/v1/models", use: models.list)
      router.get("\(prefix)/v1/models/:model", use: models.show)
    }

    addBedrock(to: router, calls, services)
    addConnector(to: router, calls, services)
    return router
  }

  private static func addBedrock(
    to router: Router<GatewayRequestContext>, _ calls: CallController, _ services: GatewayServices
  ) {
    for prefix in ["", "/bedrock"] {
      // Some clients leave the slash of an ARN as it is, which makes two parts of the model's name.
      for model in ["\(prefix)/model/:modelId", "\(prefix)/model/:modelId/:profile"] {
        for (action, isStreaming) in [("converse", false), ("converse-stream", true)] {
          let codec = BedrockConverseInbound(isStreaming: isStreaming, clock: services.clock)
          router.post("\(model)/\(action)", use: calls.handler(codec, for: .text))
        }
        for (action, isStreaming) in [("invoke", false), ("invoke-with-response-stream", true)] {
          let codec = BedrockInvokeInbound(isStreaming: isStreaming, clock: services.clock)
          // What is invoked may be either; only the body tells.
          router.post("\(model)/\(action)", use: calls.handler(codec, for: nil))
        }
        // So may what is counted.
        router.post("\(model)/count-tokens", use: calls.counter(BedrockTokenCountInbound(), for: nil))
      }
    }
  }

  private static func addConnector(
    to router: Router<GatewayRequestContext>, _ calls: CallController, _ services: GatewayServices
  ) {
    let details = ConnectorController(services: services)
    router.get("/resources/:resource", use: details.show)
    // The client appends its suffix to an address that may end in one already.
    for suffix in ["converse", "models/:modelId/converse", "converse/converse", "invoke/converse"] {
      let codec = ConnectorConverseInbound(clock: services.clock)
      router.post("/resources/:resource/\(suffix)", use: calls.handler(codec, for: .text))
    }
    for suffix in [
      "converse-stream", "models/:modelId/converse-stream", "converse/converse-stream", "invoke/converse-stream",
      "converse-stream/converse-stream",
    ] {
      let codec = ConnectorConverseInbound(isStreaming: true, clock: services.clock)
      router.post("/resources/:resource/\(suffix)", use: calls.handler(codec, for: .text))
    }
    for suffix in ["invoke", "models/:modelId/invoke", "invoke/invoke", "converse/invoke"] {
      router.post("/resources/:resource/\(suffix)", use: calls.handler(ConnectorInvokeInbound(), for: .embeddings))
    }
  }
}
