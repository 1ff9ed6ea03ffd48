import Foundation
import NIOCore
import NIOHTTP1

/// Decides the answer to every request.
final class Simulator: Sendable {
  let ledger: Ledger
  let behaviors: RegionalBehaviors
  let promptCache = PromptCache()

  init(settings: CallSettings, rejectedKey: String?, ledger: Ledger) {
    behaviors = RegionalBehaviors(settings, rejectedKey: rejectedKey)
    self.ledger = ledger
  }

  /// - Parameter region: of the port; a region in the path goes before it. Empty for none.
  func reply(to request: CallRequest, region: String) -> Reply {
    let uri = request.head.uri
    let whole = uri.firstIndex(of: "?").map { uri[..<$0] } ?? uri[...]
    let (name, path) = Region.split(whole)
    let region = name.map { String($0) } ?? region
    let route = Route(request.head.method, path)
    switch route {
    case .chat, .embeddings, .messages, .countMessages, .cohereEmbed, .converse, .converseStream, .invoke,
      .invokeStream, .countTokens:
      return call(route, path, request, region: region)
    default: return Reply(delivery: .whole(control(route, request, path, region: region), tokens: 0))
    }
  }

  /// Answers what is no call of a model.
  private func control(_ route: Route, _ request: CallRequest, _ path: Substring, region: String) -> Answer {
    switch route {
    case .models: return models(request)
    case .ledger: return ledgerPage(request.head.uri[path.endIndex...])
    case .clearLedger:
      ledger.clear()
      return Answer(body: ledger.summary)
    case .ledgerSummary: return Answer(body: ledger.summary)
    case .clearCache:
      promptCache.clear()
      return Answer(body: ByteBuffer(string: "{}"))
    case .behavior: return Answer(body: behaviors.behavior(of: region).json)
    case .changeBehavior: return changeBehavior(request.body, region: region)
    case .resetBehavior:
      behaviors.reset(region)
      return Answer(body: behaviors.behavior(of: region).json)
    default:
      let message = "The simulator does not serve \(request.head.method) \(path.prefix(200)). It serves \(Route.list)."
      return .error(404, message, dialect: Route.dialect(ofUnknown: path))
    }
  }

  /// OpenAI's list, or Anthropic's for its clients.
  private func models(_ request: CallRequest) -> Answer {
    request.head.headers.first(name: "anthropic-version") == nil ? OpenAIChat.models() : AnthropicMessage.models()
  }

  private func ledgerPage(_ query: Substring) -> Answer {
    let items = URLComponents(string: String(query))?.queryItems ?? []
    func number(_ name: String) -> Int? { items.first { $0.name == name }?.value.flatMap(Int.init) }
    let (json, next) = ledger.page(from: number("from") ?? 1, limit: number("limit") ?? Ledger.pageLimit)
    return Answer(headers: next.map { [("x-ledger-next", String($0))] } ?? [], body: json)
  }

  private func changeBehavior(_ body: ByteBuffer, region: String) -> Answer {
    do throws(SettingProblem) {
      let behavior = try behaviors.ownBehavior(of: region)
      try behavior.change(Data(body.readableBytesView))
      return Answer(body: behavior.json)
    } catch {
      return .error(400, error.description, dialect: .openAI)
    }
  }
}
