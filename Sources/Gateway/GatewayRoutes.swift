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
      router.post("\(prefix)/v1/chat/completions", use: calls.handler(OpenAIChatInbound()))
      router.post("\(prefix)/v1/embeddings", use: calls.handler(OpenAIEmbeddingsInbound()))
    }

    for prefix in ["", "/anthropic"] {
      router.post("\(prefix)/v1/messages", use: calls.handler(AnthropicMessagesInbound()))
    }

    // Below no prefix it is the client that says whose shape it reads.
    for prefix in ["", "/openai", "/anthropic"] {
      router.get("\(prefix)/v1/models", use: models.list)
      router.get("\(prefix)/v1/models/:model", use: models.show)
    }

    let details = ConnectorController(services: services)
    router.get("/resources/:resource", use: details.show)
    // The client appends its suffix to an address that may end in one already.
    for suffix in ["converse", "models/:modelId/converse", "converse/converse", "invoke/converse"] {
      router.post("/resources/:resource/\(suffix)", use: calls.handler(ConnectorConverseInbound(clock: services.clock)))
    }
    for suffix in ["invoke", "models/:modelId/invoke", "invoke/invoke", "converse/invoke"] {
      router.post("/resources/:resource/\(suffix)", use: calls.handler(ConnectorInvokeInbound()))
    }
    return router
  }
}
