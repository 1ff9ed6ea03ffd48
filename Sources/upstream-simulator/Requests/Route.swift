import Foundation
import NIOHTTP1

/// What a request asks for.
enum Route: Equatable {
  /// Whose way of speaking an answer follows.
  enum Dialect: String {
    case openAI = "openai"
    case anthropic, bedrock, cohere
  }

  case chat, embeddings, models
  case messages, countMessages
  case converse(model: String)
  case converseStream(model: String)
  case invoke(model: String)
  case invokeStream(model: String)
  case countTokens(model: String)
  case cohereEmbed(CohereEmbeddings.Service)
  case ledger, ledgerSummary, clearLedger, clearCache
  case behavior, changeBehavior, resetBehavior
  case unknown

  private static let modelPrefix = "/model/"

  /// What the simulator serves, for whoever asks for something else.
  static let list =
    "POST /v1/chat/completions, /v1/embeddings, /v1/messages, /v1/messages/count_tokens, /v2/embed, /v1/embed, "
    + "/model/{id}/converse, converse-stream, invoke, invoke-with-response-stream and count-tokens, GET /v1/models, "
    + "GET and DELETE /ledger, GET /ledger/summary, DELETE /cache, GET, PUT and DELETE /behavior; "
    + "each also under /region/NAME"

  init(_ method: HTTPMethod, _ path: some StringProtocol) {
    switch (method, path) {
    case (.POST, "/v1/chat/completions"): self = .chat
    case (.POST, "/v1/embeddings"): self = .embeddings
    case (.POST, "/v1/messages"): self = .messages
    case (.POST, "/v1/messages/count_tokens"): self = .countMessages
    case (.POST, "/v1/embed"): self = .cohereEmbed(.version1)
    case (.POST, "/v2/embed"): self = .cohereEmbed(.version2)
    case (.GET, "/v1/models"): self = .models
    case (.GET, "/ledger"): self = .ledger
    case (.GET, "/ledger/summary"): self = .ledgerSummary
    case (.DELETE, "/ledger"): self = .clearLedger
    case (.DELETE, "/cache"): self = .clearCache
    case (.GET, "/behavior"): self = .behavior
    case (.PUT, "/behavior"): self = .changeBehavior
    case (.DELETE, "/behavior"): self = .resetBehavior
    case (.POST, _): self = Self.bedrock(path)
    default: self = .unknown
    }
  }

  /// Model ids are percent-encoded by clients, and some senders leave the slashes of an ARN as they are.
  private static func bedrock(_ path: some StringProtocol) -> Route {
    guard path.hasPrefix(modelPrefix), let slash = path.lastIndex(of: "/") else { return .unknown }
    let start = path.index(path.startIndex, offsetBy: modelPrefix.count)
    guard start < slash, let model = String(path[start..<slash]).removingPercentEncoding else { return .unknown }
    switch path[path.index(after: slash)...] {
    case "converse": return .converse(model: model)
    case "converse-stream": return .converseStream(model: model)
    case "invoke": return .invoke(model: model)
    case "invoke-with-response-stream": return .invokeStream(model: model)
    case "count-tokens": return .countTokens(model: model)
    default: return .unknown
    }
  }

  var dialect: Dialect {
    switch self {
    case .converse, .converseStream, .invoke, .invokeStream, .countTokens: .bedrock
    case .messages, .countMessages: .anthropic
    case .cohereEmbed: .cohere
    default: .openAI
    }
  }

  /// The form of the chat bodies that come here; nil where none do.
  var chatFormat: ChatFormat? {
    switch self {
    case .chat: .openAI
    case .converse, .converseStream: .converse
    case .messages, .countMessages, .invoke, .invokeStream: .anthropic
    default: nil
    }
  }

  /// The model that the path names.
  var modelInPath: String? {
    switch self {
    case .converse(let model), .converseStream(let model), .invoke(let model), .invokeStream(let model),
      .countTokens(let model):
      model
    default: nil
    }
  }

  /// Who made the model in the path, as the ids of Bedrock's models and inference profiles tell; nil for ids that do not.
  var maker: Substring? {
    let name = modelInPath?.split(separator: "/").last
    return name?.split(separator: ".").dropLast().last
  }

  /// True where the path alone asks for a stream.
  var alwaysStreams: Bool {
    switch self {
    case .converseStream, .invokeStream: true
    default: false
    }
  }

  /// The dialect of an address that is not served, for the error's form.
  static func dialect(ofUnknown path: Substring) -> Dialect {
    if path.hasPrefix(modelPrefix) { return .bedrock }
    return path.hasPrefix("/v1/messages") ? .anthropic : .openAI
  }
}
