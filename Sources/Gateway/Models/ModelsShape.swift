import Core
import Dialects
import Hummingbird

/// Whose shape a list of models is asked for in.
enum ModelsShape: Sendable {
  case openAI
  case anthropic

  /// Anthropic's below its prefix, and where the client names a version of Anthropic's service.
  init(_ request: Request) {
    let path = request.uri.path
    let saysVersion = request.fields.value(of: "anthropic-version") != nil
    self = path.hasPrefix("/anthropic/") || (saysVersion && !path.hasPrefix("/openai/")) ? .anthropic : .openAI
  }

  func list(_ models: [ModelEntry]) -> [UInt8] {
    switch self {
    case .openAI: OpenAIModels.list(models)
    case .anthropic: AnthropicModels.list(models)
    }
  }

  func single(_ model: ModelEntry) -> [UInt8] {
    switch self {
    case .openAI: OpenAIModels.single(model)
    case .anthropic: AnthropicModels.single(model)
    }
  }

  func answer(_ body: [UInt8], requestID: Core.RequestID) -> WholeAnswer {
    var headers = [
      Core.HTTPField("content-type", "application/json"), Core.HTTPField("x-request-id", requestID.text),
    ]
    if self == .anthropic { headers.append(Core.HTTPField("request-id", requestID.text)) }
    return WholeAnswer(status: 200, headers: headers, body: body)
  }

  func encode(_ failure: GatewayFailure, requestID: Core.RequestID) -> WholeAnswer {
    switch self {
    case .openAI: OpenAIChatInbound().encode(failure, requestID: requestID)
    case .anthropic: AnthropicMessagesInbound().encode(failure, requestID: requestID)
    }
  }
}
