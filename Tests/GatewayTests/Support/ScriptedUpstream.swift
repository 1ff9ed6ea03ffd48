import Core
import Dialects
import Synchronization

/// The providers of an installation, made up by a test: two regions of one that speaks OpenAI's language, and one that
/// runs in the process.
final class ScriptedUpstream: Sendable {
  /// What reached a provider.
  struct Arrival: Sendable {
    let region: RegionID
    let requestID: RequestID
    let path: String
    let body: String
  }

  private struct State {
    var arrivals: [Arrival] = []
    var script: @Sendable (Arrival) async throws(UpstreamFailure) -> UpstreamScript
    var localEvents: [ModelEvent] = []
    var localFailure: (any Error)?
    var countsTokens = false
  }

  private let state: Mutex<State>

  init() {
    state = Mutex(
      State(script: { arrival in
        if arrival.path == "/embeddings" { return .embeddings(input: 4, of: arrival) }
        return arrival.body.contains(#""stream":true"#)
          ? .stream(["Hello ", "back"], usage: (input: 9, output: 3)) : .chat("Hello back", input: 9, output: 3)
      }))
  }

  var arrivals: [Arrival] { state.withLock { $0.arrivals } }

  /// What providers do from now on.
  func answer(_ script: @escaping @Sendable (Arrival) async throws(UpstreamFailure) -> UpstreamScript) {
    state.withLock { $0.script = script }
  }

  func answer(_ script: UpstreamScript) { answer { _ in script } }

  func fail(_ failure: UpstreamFailure) { answer { _ async throws(UpstreamFailure) in throw failure } }

  /// What the model in the process says from now on.
  func answerLocally(_ events: [ModelEvent], failure: (any Error)? = nil) {
    state.withLock { ($0.localEvents, $0.localFailure) = (events, failure) }
  }

  /// Providers have Anthropic's counter from now on, which is scripted like everything else.
  func countTokens() { state.withLock { $0.countsTokens = true } }

  func provider(_ deployment: Deployment) -> ModelProvider {
    deployment.provider == .offline
      ? .local(Local(upstream: self))
      : .remote(
        Remote(
          transport: Transport(upstream: self, region: deployment.region),
          countsTokens: state.withLock { $0.countsTokens }))
  }

  private func arrive(_ arrival: Arrival) async throws(UpstreamFailure) -> UpstreamScript {
    let script = state.withLock { state in
      state.arrivals.append(arrival)
      return state.script
    }
    return try await script(arrival)
  }

  private struct Transport: UpstreamTransport {
    let upstream: ScriptedUpstream
    let region: RegionID

    func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
      let script = try await upstream.arrive(
        Arrival(
          region: region, requestID: requestID, path: request.path,
          body: String(decoding: request.body.reveal(), as: UTF8.self)))
      return UpstreamAnswer(status: script.status, headers: script.headers, body: script.body)
    }
  }

  private struct Remote: RemoteProvider {
    let transport: any UpstreamTransport
    let countsTokens: Bool

    func tokenCounter(for call: ModelCall) -> (any TokenCountCodec)? {
      countsTokens ? AnthropicTokenCountOutbound() : nil
    }

    func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec {
      switch call {
      case .chat: OpenAIChatOutbound()
      case .embed: OpenAIEmbeddingsOutbound()
      }
    }
  }

  private struct Local: LocalProvider {
    let upstream: ScriptedUpstream

    func countInput(of call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> TokenCount {
      guard case .chat(let chat) = call else { throw InvalidRequest("This model only chats.") }
      let texts = chat.messages.flatMap(\.content).map { block in
        if case .text(let text) = block { text.reveal() } else { "" }
      }
      return TokenCount(texts.joined(separator: " ").split(separator: " ").count)
    }

    func events(for call: ModelCall, upstreamModel: String) -> AsyncThrowingStream<ModelEvent, any Error> {
      let (events, failure) = upstream.state.withLock { ($0.localEvents, $0.localFailure) }
      return AsyncThrowingStream { continuation in
        for event in events { continuation.yield(event) }
        continuation.finish(throwing: failure)
      }
    }
  }
}

/// One answer of a provider.
struct UpstreamScript: Sendable {
  var status = 200
  var headers: [HTTPField] = []
  var pieces: [String]
  /// How the body breaks off, where it does.
  var failure: UpstreamFailure?
  /// Awaited before every piece.
  var pause: @Sendable () async -> Void = {}

  var body: AsyncThrowingStream<[UInt8], any Error> {
    let rest = Rest(pieces[...])
    return AsyncThrowingStream {
      await pause()
      if let piece = rest.next() { return Array(piece.utf8) }
      if let failure { throw failure }
      return nil
    }
  }

  private final class Rest: Sendable {
    private let pieces: Mutex<ArraySlice<String>>

    init(_ pieces: ArraySlice<String>) { self.pieces = Mutex(pieces) }

    func next() -> String? { pieces.withLock { $0.popFirst() } }
  }
}

extension UpstreamScript {
  static func chat(_ text: String, input: Int, output: Int) -> Self {
    Self(pieces: [
      #"{"id":"u","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
        + #""usage":\#(usage(input, output))}"#
    ])
  }

  /// A stream of texts; without usage it breaks off with `failure`.
  static func stream(_ texts: [String], usage tokens: (input: Int, output: Int)?, failure: UpstreamFailure? = nil)
    -> Self
  {
    var pieces = texts.map {
      "data: {\"id\":\"u\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\($0)\"},\"finish_reason\":null}]}\n\n"
    }
    if let tokens {
      pieces += [
        "data: {\"id\":\"u\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
        "data: {\"id\":\"u\",\"choices\":[],\"usage\":\(usage(tokens.input, tokens.output))}\n\ndata: [DONE]\n\n",
      ]
    }
    return Self(pieces: pieces, failure: failure)
  }

  /// The vector (n, 0.5) for input n, in the opposite order.
  static func embeddings(input: Int, of arrival: ScriptedUpstream.Arrival) -> Self {
    let list = arrival.body.firstRange(of: "\"input\":[").map { arrival.body[$0.upperBound...] }
    // One text may stand there alone.
    let count = list?.prefix { $0 != "]" }.split(separator: ",").count ?? 1
    let data = (0..<count).reversed().map { #"{"object":"embedding","index":\#($0),"embedding":[\#($0),0.5]}"# }
    return Self(pieces: [
      #"{"object":"list","data":[\#(data.joined(separator: ","))],"usage":{"prompt_tokens":\#(input),"total_tokens":4}}"#
    ])
  }

  static func refusal(_ status: Int, headers: [HTTPField] = [], code: String = "some_code") -> Self {
    Self(status: status, headers: headers, pieces: [#"{"error":{"message":"secret words","code":"\#(code)"}}"#])
  }

  private static func usage(_ input: Int, _ output: Int) -> String {
    #"{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(input + output)}"#
  }
}
