import NIOCore
import NIOHTTP1

extension Simulator {
  /// Answers a call of a model and opens its entry in the ledger.
  func call(_ route: Route, _ path: Substring, _ request: CallRequest, region: String) -> Reply {
    var entry = LedgerEntry(path: String(path), model: route.modelInPath ?? "")
    entry.region = region
    entry.dialect = route.dialect
    var (settings, rejectedKey) = behaviors.behavior(of: region).next()
    do throws(CallProblem) {
      try apply(request, to: &settings, &entry)
      if let rejectedKey { try check(request, route, rejectedKey) }
      let prepared = try prepare(route, request, settings, &entry)
      return reply(route, prepared, entry)
    } catch {
      entry.status = error.status
      let number = ledger.open(entry)
      let answer = Answer.error(error.status, error.message, dialect: route.dialect, call: number)
      return Reply(call: number, delivery: .whole(answer, tokens: 0))
    }
  }

  private func apply(
    _ request: CallRequest, to settings: inout CallSettings, _ entry: inout LedgerEntry
  ) throws(CallProblem) {
    do throws(SettingProblem) {
      for (name, value) in request.head.headers where name.utf8.count > 2 && name.utf8.first.map({ $0 | 0x20 }) == 0x78
      {
        let name = name.lowercased()
        if name == "x-request-id" { entry.requestID = String(value.prefix(200)) }
        if let setting = CallSettings.name(ofHeader: name) { try settings.set(setting, to: value) }
        if name == "x-sim-script" { try settings.apply(directive: value) }
      }
    } catch {
      throw CallProblem(error.description)
    }
  }

  private static let keyHeaders = ["authorization", "x-api-key", "api-key", "x-amz-security-token"]

  private func check(_ request: CallRequest, _ route: Route, _ rejectedKey: String) throws(CallProblem) {
    for name in Self.keyHeaders where request.head.headers[name].contains(where: { $0.contains(rejectedKey) }) {
      throw CallProblem("The key of this call is not accepted.", status: route.dialect == .bedrock ? 403 : 401)
    }
  }

  private func reply(_ route: Route, _ prepared: PreparedAnswer, _ entry: LedgerEntry) -> Reply {
    var (prepared, entry) = (prepared, entry)
    let settings = prepared.plan.settings
    entry.streamed = prepared.streams
    prepared.echo = entry.echo
    entry.fault = settings.fault
    if settings.fault?.refuses != true { entry.tokens = prepared.billed }
    prepared.plan.number = ledger.open(entry)
    let delivery =
      refusal(route, prepared.plan) ?? (prepared.streams ? Self.streamed(prepared) : Self.whole(prepared))
    return Reply(call: prepared.plan.number, latency: settings.latency, delivery: delivery)
  }

  /// The delivery of a fault that leaves nothing of the answer.
  private func refusal(_ route: Route, _ plan: CallPlan) -> Reply.Delivery? {
    switch plan.settings.fault {
    case .timeout: return .silence
    case .close: return .close
    case .empty: return .whole(Answer(body: ByteBuffer()), tokens: 0)
    case .status(let status, let hint):
      let message = "The simulator was asked to answer \(status)."
      let answer = Answer.error(status, message, dialect: route.dialect, hint: hint, call: plan.number)
      return .whole(answer, tokens: 0)
    default: return nil
    }
  }

  private static func whole(_ prepared: PreparedAnswer) -> Reply.Delivery {
    let answer = prepared.echoed(prepared.answer())
    let output = prepared.plan.tokens.output
    func part(_ limit: Int, hangs: Bool) -> Reply.Delivery {
      let tokens = min(limit, output)
      // Without plain text, as in embeddings, half of the body is a part as good as any.
      let bytes = answer.textStart.map { $0 + OutputText.length(ofFirst: tokens) } ?? answer.body.readableBytes / 2
      return .part(answer, bytes: bytes, tokens: tokens, hangs: hangs)
    }
    switch prepared.plan.settings.fault {
    case .cut(let limit), .tear(let limit), .errorEvent(_, let limit): return part(limit, hangs: false)
    case .stall(let limit): return part(limit, hangs: true)
    case .headOnly(let hangs): return .part(answer, bytes: 0, tokens: 0, hangs: hangs)
    case .unclosed:
      let schedule = StreamSchedule(tokens: output, total: output, interval: 0, ending: .unclosed)
      return .stream(BodyStream(answer: answer), schedule)
    case .garbage:
      var garbage = answer
      garbage.body = ByteBuffer(string: "{\"this is\": not JSON")
      return .whole(garbage, tokens: 0)
    case .drip(let milliseconds): return .drip(.answer(answer), interval: milliseconds, tokens: output)
    default: return .whole(answer, tokens: output)
    }
  }

  private static func streamed(_ prepared: PreparedAnswer) -> Reply.Delivery {
    let stream = prepared.echoed(prepared.stream())
    let all = prepared.plan.tokens.output
    var schedule = StreamSchedule(tokens: all, total: all, interval: prepared.plan.settings.interval, ending: .complete)
    switch prepared.plan.settings.fault {
    case .cut(let limit): (schedule.tokens, schedule.ending) = (min(limit, all), .cut)
    case .tear(let limit): (schedule.tokens, schedule.ending) = (min(limit, all), .tear)
    case .unclosed: schedule.ending = .unclosed
    case .stall(let limit): (schedule.tokens, schedule.ending) = (min(limit, all), .stall)
    case .errorEvent(let status, let limit):
      (schedule.tokens, schedule.ending) = (min(limit, all), .error(status: status))
    case .garbage(let limit):
      (schedule.tokens, schedule.ending, schedule.opens) = (min(limit ?? 0, all), .garbage, limit != nil)
    case .headOnly(let hangs):
      var head = Answer(headers: stream.headers, body: ByteBuffer())
      head.contentType = stream.contentType
      head.isStream = true
      return .part(head, bytes: 0, tokens: 0, hangs: hangs)
    case .drip(let milliseconds): return .drip(.stream(stream), interval: milliseconds, tokens: all)
    default: break
    }
    return .stream(stream, schedule)
  }
}
