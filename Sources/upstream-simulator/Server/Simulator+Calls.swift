import NIOCore
import NIOHTTP1

extension Simulator {
  /// Answers a call of a model and opens its entry in the ledger.
  func call(_ route: Route, _ path: Substring, _ request: CallRequest) -> Reply {
    var entry = LedgerEntry(path: String(path), model: route.modelInPath ?? "")
    var settings = behavior.next()
    do throws(CallProblem) {
      let facts = try self.facts(request.body)
      entry.model = route.modelInPath ?? facts.model ?? ""
      try apply(request, facts, to: &settings, &entry)
      try check(route, facts, entry.model)
      return answer(route, request, facts, settings, entry)
    } catch {
      entry.status = 400
      let number = ledger.open(entry)
      return Reply(call: number, delivery: .whole(.error(400, error.message, dialect: route.dialect), tokens: 0))
    }
  }

  private func facts(_ body: ByteBuffer) throws(CallProblem) -> RequestFacts {
    do throws(ScanProblem) { return try RequestScanner.scan(body) } catch { throw CallProblem(error.description) }
  }

  private func apply(
    _ request: CallRequest, _ facts: RequestFacts, to settings: inout CallSettings, _ entry: inout LedgerEntry
  ) throws(CallProblem) {
    do throws(SettingProblem) {
      for (name, value) in request.head.headers where name.utf8.count > 2 && name.utf8.first.map({ $0 | 0x20 }) == 0x78
      {
        let name = name.lowercased()
        if name == "x-request-id" { entry.requestID = String(value.prefix(200)) }
        if let setting = CallSettings.name(ofHeader: name) { try settings.set(setting, to: value) }
      }
      if let directive = facts.directive { try settings.apply(directive: directive) }
    } catch {
      throw CallProblem(error.description)
    }
  }

  private func check(_ route: Route, _ facts: RequestFacts, _ model: String) throws(CallProblem) {
    if model.isEmpty { throw CallProblem("'model' is missing.") }
    switch route {
    case .chat, .converse, .converseStream:
      if facts.messages == 0 { throw CallProblem("'messages' is missing or empty.") }
    default:
      let member = route == .embeddings ? "input" : "texts"
      if facts.inputs.isEmpty { throw CallProblem("'\(member)' is missing or empty.") }
      if let dimensions = facts.dimensions, dimensions > SimulatedVector.maximumDimensions {
        throw CallProblem("At most \(SimulatedVector.maximumDimensions) dimensions are possible.")
      }
      if let type = facts.embeddingTypes?.first(where: { !CohereEmbeddings.types.contains($0) }) {
        throw CallProblem("'\(type.prefix(40))' is none of the embedding types \(CohereEmbeddings.types).")
      }
    }
  }

  private func answer(
    _ route: Route, _ request: CallRequest, _ facts: RequestFacts, _ settings: CallSettings, _ entry: LedgerEntry
  ) -> Reply {
    var entry = entry
    var plan = CallPlan(number: 0, model: entry.model, facts: facts, settings: settings, generates: route.generates)
    let streams = route == .chat ? facts.streams : route == .converseStream(model: entry.model)
    entry.streamed = streams
    entry.maxTokens = facts.maxTokens
    entry.record(plan)
    plan.number = ledger.open(entry)

    let delivery =
      faultyDelivery(route, settings.fault)
      ?? {
        if streams { return streamDelivery(route, plan) }
        let answer =
          switch route {
          case .chat: OpenAIChat(plan: plan).answer()
          case .embeddings: OpenAIEmbeddings(plan: plan, facts: facts).answer()
          case .invoke: CohereEmbeddings(plan: plan, facts: facts, texts: request.texts(facts)).answer()
          default: BedrockConverse(plan: plan).answer()
          }
        return wholeDelivery(answer, plan)
      }()
    return Reply(call: plan.number, latency: settings.latency, delivery: delivery)
  }

  /// The delivery of a fault that leaves nothing of the answer.
  private func faultyDelivery(_ route: Route, _ fault: Fault?) -> Reply.Delivery? {
    switch fault {
    case .timeout: .silence
    case .close: .close
    case .status(let status, let retryAfter):
      .whole(
        .error(
          status, "The simulator was asked to answer \(status).", dialect: route.dialect, retryAfter: retryAfter),
        tokens: 0)
    default: nil
    }
  }

  private func wholeDelivery(_ answer: Answer, _ plan: CallPlan) -> Reply.Delivery {
    switch plan.settings.fault {
    case .cut(let limit), .errorEvent(let limit):
      let tokens = min(limit, plan.outputTokens)
      // Without text, as in embeddings, half of the body is a part as good as any.
      let bytes = answer.textStart.map { $0 + OutputText.length(ofFirst: tokens) } ?? answer.body.readableBytes / 2
      return .part(answer, bytes: bytes, tokens: tokens)
    case .garbage:
      var garbage = answer
      garbage.body = ByteBuffer(string: "{\"this is\": not JSON")
      return .whole(garbage, tokens: 0)
    default: return .whole(answer, tokens: plan.outputTokens)
    }
  }

  private func streamDelivery(_ route: Route, _ plan: CallPlan) -> Reply.Delivery {
    let stream: any AnswerStream =
      route == .chat ? OpenAIChat(plan: plan).stream() : BedrockConverse(plan: plan).stream()
    var schedule = StreamSchedule(tokens: plan.outputTokens, interval: plan.settings.interval, ending: .complete)
    switch plan.settings.fault {
    case .cut(let limit): (schedule.tokens, schedule.ending) = (min(limit, plan.outputTokens), .cut)
    case .errorEvent(let limit): (schedule.tokens, schedule.ending) = (min(limit, plan.outputTokens), .error)
    case .garbage: (schedule.tokens, schedule.ending) = (0, .garbage)
    default: break
    }
    return .stream(stream, schedule)
  }
}

/// Why a call is refused, in a sentence for its caller.
private struct CallProblem: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

extension LedgerEntry {
  /// Takes over what the answer will report. A refused or dropped call costs nothing.
  fileprivate mutating func record(_ plan: CallPlan) {
    switch plan.settings.fault {
    case .status, .close: break
    default:
      inputTokens = plan.inputTokens
      cacheReadTokens = plan.cacheReadTokens
      cacheWriteTokens = plan.cacheWriteTokens
      outputTokens = plan.outputTokens
    }
  }
}

extension CallRequest {
  fileprivate func texts(_ facts: RequestFacts) -> ByteBuffer {
    let range = facts.inputsRange ?? 0..<0
    return body.getSlice(at: body.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
  }
}
