import Foundation
import NIOCore
import NIOHTTP1

/// Decides the answer to every request.
final class Simulator: Sendable {
  let ledger: Ledger
  let behavior: Behavior

  init(settings: CallSettings, ledger: Ledger) {
    behavior = Behavior(settings)
    self.ledger = ledger
  }

  func reply(to request: CallRequest) -> Reply {
    let uri = request.head.uri
    let path = uri.firstIndex(of: "?").map { uri[..<$0] } ?? uri[...]
    let route = Route(request.head.method, path)
    switch route {
    case .chat, .embeddings, .converse, .converseStream, .invoke: return call(route, path, request)
    case .models: return whole(OpenAIChat.models())
    case .ledger: return whole(ledgerPage(uri[path.endIndex...]))
    case .ledgerSummary: return whole(Answer(body: ledger.summary))
    case .clearLedger:
      ledger.clear()
      return whole(Answer(body: ledger.summary))
    case .behavior: return whole(Answer(body: ByteBuffer(string: behavior.json)))
    case .changeBehavior: return whole(changeBehavior(request.body))
    case .resetBehavior:
      behavior.reset()
      return whole(Answer(body: ByteBuffer(string: behavior.json)))
    case .unknown:
      let message =
        "The simulator does not serve \(request.head.method) \(path.prefix(200)). It serves POST /v1/chat/completions, "
        + "/v1/embeddings, /model/{id}/converse, /model/{id}/converse-stream and /model/{id}/invoke, GET /v1/models, "
        + "GET and DELETE /ledger, GET /ledger/summary, GET, PUT and DELETE /behavior."
      return whole(.error(404, message, dialect: path.hasPrefix("/model/") ? .bedrock : .openAI))
    }
  }

  private func whole(_ answer: Answer) -> Reply {
    Reply(delivery: .whole(answer, tokens: 0))
  }

  private func ledgerPage(_ query: Substring) -> Answer {
    let items = URLComponents(string: String(query))?.queryItems ?? []
    func number(_ name: String) -> Int? { items.first { $0.name == name }?.value.flatMap(Int.init) }
    let (json, next) = ledger.page(from: number("from") ?? 1, limit: number("limit") ?? Ledger.pageLimit)
    return Answer(headers: next.map { [("x-ledger-next", String($0))] } ?? [], body: json)
  }

  private func changeBehavior(_ body: ByteBuffer) -> Answer {
    do throws(SettingProblem) {
      try behavior.change(Data(body.readableBytesView))
      return Answer(body: ByteBuffer(string: behavior.json))
    } catch {
      return .error(400, error.description, dialect: .openAI)
    }
  }
}
