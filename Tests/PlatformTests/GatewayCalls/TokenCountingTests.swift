import Core
import Dialects
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("Counting the tokens of a call without making it (D-3, F-3)")
struct TokenCountingTests {
  private static let likely = InputEstimate.of(chat("Hello there"), limits: SmallCatalog.catalog.models[0].limits)

  @Test("A provider's counter is exact, and is asked by the model's name there")
  func exact() async throws {
    let counters = Counters(["one": .number(42)])
    #expect(try await counters.count() == InputCount(42, isEstimated: false))
    #expect(counters.asked == ["one: up-one Hello there"])
  }

  @Test("A model in this process counts exactly")
  func local() async throws {
    #expect(try await Counters(["one": .local]).count() == InputCount(7, isEstimated: false))
    let wrong = await #expect(throws: GatewayFailure.self) {
      try await Counters(["one": .local]).count(Self.chat("too long"))
    }
    #expect(wrong == .invalid(InvalidRequest("Too long.")))
  }

  @Test("Without a counter, or where its account is not there, the answer is what is likely, and says so")
  func estimate() async throws {
    for behavior in [Behavior.none, .absent] {
      let counters = Counters(["one": behavior])
      #expect(try await counters.count() == InputCount(Self.likely, isEstimated: true))
      #expect(counters.asked.isEmpty)
    }
  }

  @Test(
    "A counter that fails is no reason to refuse: what is likely is answered",
    arguments: [
      Behavior.failure(404, .misconfigured), .failure(429, .throttled), .failure(503, .unavailable), .text("<html>"),
      .text(String(repeating: "1", count: 70_000)), .closed, .cut,
    ])
  func fallback(_ behavior: Behavior) async throws {
    let counters = Counters(["one": behavior])
    #expect(try await counters.count() == InputCount(Self.likely, isEstimated: true))
    #expect(counters.asked.count == 1)
  }

  @Test("A call that the provider calls wrong is refused as the call itself would be")
  func rejected() async throws {
    let failure = await #expect(throws: GatewayFailure.self) {
      try await Counters(["one": .failure(400, .rejected)]).count()
    }
    #expect(failure == .upstream(UpstreamFailure(.rejected, "Status 400.")))
  }

  @Test("Another deployment is asked where one fails, but never more than two")
  func others() async throws {
    let second = Counters(["one": .failure(503, .unavailable), "two": .number(9), "three": .number(1)])
    #expect(try await second.count() == InputCount(9, isEstimated: false))
    #expect(second.asked.map { $0.prefix(3) } == ["one", "two"])
    let third = Counters(["one": .closed, "two": .closed, "three": .number(1)])
    #expect(try await third.count().isEstimated)
    #expect(third.asked.count == 2)
    let skipped = Counters(["one": .none, "two": .absent, "three": .number(3)])
    #expect(try await skipped.count() == InputCount(3, isEstimated: false))
  }

  @Test("A counter that never answers is waited for so long and no longer")
  func patience() async throws {
    let counters = Counters(["one": .silence])
    #expect(try await counters.count(patience: .milliseconds(20)) == InputCount(Self.likely, isEstimated: true))
    #expect(counters.asked.count == 1)
  }

  @Test("What only the caller's dialect can say is counted by those who speak it, or refused with its name (D-2)")
  func beyondNeutral() async throws {
    let beyond = InvalidRequest("container is not supported.", parameter: "container")
    let counted = CountedCall(Self.chat("Hello there"), original: Original(beyondNeutral: beyond))
    let speaks = Counters(["one": .local, "two": .number(1), "three": .passing(5)])
    #expect(try await speaks.count(counted) == InputCount(5, isEstimated: false))
    #expect(speaks.asked == ["three: as it came"])
    let silent = Counters(["one": .passing(nil)])
    #expect(try await silent.count(counted).isEstimated)
    let refused = await #expect(throws: GatewayFailure.self) {
      try await Counters(["one": .number(1), "two": .local]).count(counted)
    }
    #expect(refused == .invalid(beyond))
    // The same original with nothing beyond goes through where it can and is rewritten elsewhere.
    let plain = CountedCall(Self.chat("Hello there"), original: Original(beyondNeutral: nil))
    #expect(try await Counters(["one": .number(1)]).count(plain) == InputCount(1, isEstimated: false))
    #expect(try await Counters(["one": .passing(5)]).count(plain) == InputCount(5, isEstimated: false))
  }

  @Test("A call that would be refused before admission is not counted")
  func refused() async throws {
    let counters = Counters(["one": .number(1)])
    let unknown = await #expect(throws: GatewayFailure.self) {
      try await counters.count(Self.chat("Hello there", model: "gpt"))
    }
    guard case .notFound(let message)? = unknown else { throw Mismatch() }
    #expect(message.contains("not enabled"))
    let tools = (0..<2).map { _ in
      Tool(name: "f", description: nil, inputSchema: RawJSON(Array("{}".utf8)))
    }
    let twice = await #expect(throws: GatewayFailure.self) {
      try await counters.count(.chat(ChatRequest(messages: [], tools: tools)))
    }
    guard case .invalid(let problem)? = twice else { throw Mismatch() }
    #expect(problem.parameter == "tools")
    #expect(counters.asked.isEmpty)
  }

  @Test("A budget for reasoning is no reason to refuse where the answer's length is not said")
  func reasoning() async throws {
    let call = ModelCall.chat(
      ChatRequest(
        messages: [Message(role: .user, content: [.text(Sensitive("Hello there"))])],
        reasoning: ReasoningRequest(budget: 1_000_000)))
    #expect(try await Counters(["one": .number(3)]).count(call) == InputCount(3, isEstimated: false))
  }

  struct Mismatch: Error {}

  fileprivate static func chat(_ text: String, model: String? = nil) -> ModelCall {
    .chat(ChatRequest(model: model, messages: [Message(role: .user, content: [.text(Sensitive(text))])]))
  }
}

/// What the counter of one deployment does.
enum Behavior: Sendable {
  case number(Int)
  /// Speaks the caller's dialect; nil fails.
  case passing(Int?)
  case text(String)
  case failure(Int, UpstreamFailure.Kind)
  /// No connection.
  case closed
  /// The answer breaks off.
  case cut
  case silence
  /// A provider without a counter.
  case none
  /// No provider at all.
  case absent
  /// Runs in this process.
  case local
}

private struct Original: PassableRequest {
  let beyondNeutral: InvalidRequest?
  let uncountedBytes = 0
}

/// Deployments of one model, each with a counter of its own.
private final class Counters: Sendable {
  private let behaviors: KeyValuePairs<String, Behavior>
  private let questions = Mutex<[String]>([])

  init(_ behaviors: KeyValuePairs<String, Behavior>) { self.behaviors = behaviors }

  /// Account and question of every exchange.
  var asked: [String] { questions.withLock { $0 } }

  func count(_ call: ModelCall = TokenCountingTests.chat("Hello there")) async throws -> InputCount {
    try await count(CountedCall(call))
  }

  func count(patience: Duration) async throws -> InputCount {
    try await count(CountedCall(TokenCountingTests.chat("Hello there")), patience: patience)
  }

  func count(_ counted: CountedCall, patience: Duration = .seconds(3_600)) async throws -> InputCount {
    let policy = policy
    let target = CallTarget(resource: Sample.resource(), payer: .key(Sample.keyID))
    let counting = TokenCounting(
      policy: policy, clock: WallClock { Sample.start },
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), patience: patience)
    return try await counting.count(
      try CountPlan(counted, target: target, policy: policy), requestID: RequestID("req-1"))
  }

  private var policy: CallPolicy {
    CallPolicy(
      catalog: SmallCatalog.catalog,
      deployments: { [behaviors] model in
        behaviors.map { account, _ in
          Deployment(
            id: Identifier(account), model: model, provider: .openAICompatible, account: account,
            region: Sample.region, upstreamModel: "up-\(account)")
        }
      },
      provider: { [self] in provider($0) },
      checkLimits: { call, limits throws(InvalidRequest) in try RequestLimits.check(call, limits: limits) })
  }

  private func provider(_ deployment: Deployment) -> ModelProvider? {
    guard let behavior = behaviors.first(where: { $0.key == deployment.account })?.value else { return nil }
    switch behavior {
    case .absent: return nil
    case .local: return .local(LocalCounter())
    default: return .remote(RemoteCounter(account: deployment.account, behavior: behavior, counters: self))
    }
  }

  fileprivate func note(_ question: String) { questions.withLock { $0.append(question) } }
}

private struct LocalCounter: LocalProvider {
  func countInput(of call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> TokenCount {
    guard call == TokenCountingTests.chat("Hello there") else { throw InvalidRequest("Too long.") }
    return 7
  }

  func events(for call: ModelCall, upstreamModel: String) -> AsyncThrowingStream<ModelEvent, any Error> {
    AsyncThrowingStream { $0.finish() }
  }
}

private struct RemoteCounter: RemoteProvider, UpstreamTransport, TokenCountCodec {
  let account: String
  let behavior: Behavior
  let counters: Counters

  var transport: any UpstreamTransport { self }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { OpenAIChatOutbound() }

  func tokenCounter(for call: ModelCall) -> (any TokenCountCodec)? {
    if case .none = behavior { nil } else { self }
  }

  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call, case .text(let text)? = chat.messages.first?.content.first else {
      return question(upstreamModel)
    }
    return question("\(upstreamModel) \(text.reveal())")
  }

  func passing(_ original: any PassableRequest, upstreamModel: String) -> UpstreamRequest? {
    if case .passing = behavior { question("as it came") } else { nil }
  }

  private func question(_ text: String) -> UpstreamRequest {
    UpstreamRequest(path: "/count", headers: [], body: Sensitive(Array(text.utf8)))
  }

  func count(in body: [UInt8]) throws(UpstreamFailure) -> TokenCount {
    guard let number = Int(String(decoding: body, as: UTF8.self)) else {
      throw UpstreamFailure(.garbled, "No number.")
    }
    return TokenCount(number)
  }

  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    guard case .failure(_, let kind) = behavior else { return UpstreamFailure(.garbled, "Status \(status).") }
    return UpstreamFailure(kind, "Status \(status).")
  }

  func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
    counters.note("\(account): \(String(decoding: request.body.reveal(), as: UTF8.self))")
    switch behavior {
    case .number(let number), .passing(.some(let number)): return answer(200, "\(number)")
    case .text(let text): return answer(200, text)
    case .failure(let status, _): return answer(status, "")
    case .cut: return answer(200, "1", failure: UpstreamFailure(.connection, "Cut."))
    case .silence:
      // Ends when it is cancelled, as a connection does.
      try? await Task.sleep(for: .seconds(86_400))
      throw UpstreamFailure(.timeout, "Cancelled.")
    case .closed, .none, .absent, .local, .passing(nil): throw UpstreamFailure(.connection, "Closed.")
    }
  }

  private func answer(_ status: Int, _ text: String, failure: UpstreamFailure? = nil) -> UpstreamAnswer {
    UpstreamAnswer(
      status: status, headers: [],
      body: AsyncThrowingStream<[UInt8], any Error> { continuation in
        if !text.isEmpty { continuation.yield(Array(text.utf8)) }
        continuation.finish(throwing: failure)
      })
  }
}
