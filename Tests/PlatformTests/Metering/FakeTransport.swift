import Core
import Synchronization

/// A provider's network made up by a test: answers what `behaviour` says, and counts who came.
final class FakeTransport: UpstreamTransport {
  /// What is asked of the provider.
  struct Call: Sendable {
    let requestID: RequestID
    let maxTokens: Int
    let isStreaming: Bool
  }

  /// How it answers: the pieces of a body with status 200, and how it breaks off where it does.
  struct Script: Sendable {
    var pieces: [String]
    var failure: UpstreamFailure?
    /// Awaited before every piece.
    var pause: @Sendable () async -> Void = {}
  }

  private let behaviour: @Sendable (Call) async throws(UpstreamFailure) -> Script
  private let opened = Mutex<[RequestID]>([])

  init(_ behaviour: @escaping @Sendable (Call) async throws(UpstreamFailure) -> Script) { self.behaviour = behaviour }

  /// The requests that reached the provider.
  var requests: [RequestID] { opened.withLock { $0 } }

  func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
    opened.withLock { $0.append(requestID) }
    let text = String(decoding: request.body.reveal(), as: UTF8.self)
    let script = try await behaviour(
      Call(
        requestID: requestID, maxTokens: Self.number(after: "\"max_tokens\":", in: text) ?? 0,
        isStreaming: text.contains("\"stream\":true")))
    return UpstreamAnswer(status: 200, headers: [], body: Self.body(script))
  }

  private static func body(_ script: Script) -> AsyncThrowingStream<[UInt8], any Error> {
    let rest = Mutex(script.pieces[...])
    return AsyncThrowingStream {
      await script.pause()
      if let piece = rest.withLock({ $0.popFirst() }) { return Array(piece.utf8) }
      if let failure = script.failure { throw failure }
      return nil
    }
  }

  private static func number(after mark: String, in text: String) -> Int? {
    guard let range = text.firstRange(of: mark) else { return nil }
    return Int(text[range.upperBound...].prefix { $0.isNumber })
  }
}

extension FakeTransport.Script {
  /// A whole chat answer that reports such usage.
  static func whole(input: Int, output: Int, text: String = "Hi") -> Self {
    Self(pieces: [
      #"{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
        + #""usage":\#(usage(input: input, output: output))}"#
    ])
  }

  /// A streamed chat answer that reports such usage at its end.
  static func stream(_ texts: [String], input: Int, output: Int) -> Self {
    var script = cutStream(texts, failure: nil)
    script.pieces += [
      "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
      "data: {\"id\":\"a\",\"choices\":[],\"usage\":\(usage(input: input, output: output))}\n\ndata: [DONE]\n\n",
    ]
    return script
  }

  /// A streamed answer that breaks off before its usage.
  static func cutStream(_ texts: [String], failure: UpstreamFailure?) -> Self {
    Self(
      pieces: texts.map {
        "data: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\($0)\"},\"finish_reason\":null}]}\n\n"
      }, failure: failure)
  }

  private static func usage(input: Int, output: Int) -> String {
    #"{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(input + output)}"#
  }
}
