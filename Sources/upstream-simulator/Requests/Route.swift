import Foundation
import NIOHTTP1

/// What a request asks for.
enum Route: Equatable {
  /// Whose way of speaking an answer follows.
  enum Dialect {
    case openAI, bedrock
  }

  case chat, embeddings, models
  case converse(model: String)
  case converseStream(model: String)
  case invoke(model: String)
  case ledger, ledgerSummary, clearLedger
  case behavior, changeBehavior, resetBehavior
  case unknown

  private static let modelPrefix = "/model/"

  init(_ method: HTTPMethod, _ path: some StringProtocol) {
    switch (method, path) {
    case (.POST, "/v1/chat/completions"): self = .chat
    case (.POST, "/v1/embeddings"): self = .embeddings
    case (.GET, "/v1/models"): self = .models
    case (.GET, "/ledger"): self = .ledger
    case (.GET, "/ledger/summary"): self = .ledgerSummary
    case (.DELETE, "/ledger"): self = .clearLedger
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
    default: return .unknown
    }
  }

  var dialect: Dialect {
    switch self {
    case .converse, .converseStream, .invoke: .bedrock
    default: .openAI
    }
  }

  /// True for calls whose answer is text.
  var generates: Bool {
    switch self {
    case .chat, .converse, .converseStream: true
    default: false
    }
  }

  /// The model that the path names.
  var modelInPath: String? {
    switch self {
    case .converse(let model), .converseStream(let model), .invoke(let model): model
    default: nil
    }
  }
}
