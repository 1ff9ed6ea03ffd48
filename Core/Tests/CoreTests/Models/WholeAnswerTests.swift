import Testing

@testable import Core

@Suite("An answer that is whole stays whole, however its connection ends (M-1, M-3, N-3)")
struct WholeAnswerTests {
  private static let broken = GatewayCallEvent.upstreamFailed(UpstreamFailure(.connection, "Broken."))
  private static let stalled = GatewayCallEvent.upstreamFailed(UpstreamFailure(.timeout, "Silent."))

  private static func call(_ kind: String, _ answer: String) -> MachineHarness {
    var call = MachineHarness()
    call.accept("|\(kind)|hello")
    call.admit()
    call.answer(answer)
    return call
  }

  @Test("A connection that breaks after the end changes nothing", arguments: ["plain", "stream"])
  func breaksAfterTheEnd(kind: String) {
    for ending in [Self.broken, Self.stalled, .deadline] {
      var usual = Self.call(kind, "hi.#")
      usual.handle(.upstreamEnd)
      var call = Self.call(kind, "hi.#")
      call.handle(ending)
      #expect(call.written == usual.written)
      #expect(call.written.hasSuffix("<end 7>"))
      #expect(call.head?.status == 200 && call.finished)
      #expect(call.settled == usual.settled)
      #expect(call.settled.map(\.status) == [.completed])
      #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
      #expect(call.settled.map(\.isEstimated) == [false])
      #expect(call.opened.count == 1)
      #expect(call.reports == usual.reports)
    }
  }

  @Test("One that breaks before the end is told as a failure", arguments: ["plain", "stream"])
  func breaksBeforeTheEnd(kind: String) {
    for ending in [Self.broken, Self.stalled, .deadline] {
      var call = Self.call(kind, "hi#")
      call.handle(ending)
      #expect(call.settled.map(\.status) == [.failed])
      #expect(!call.written.contains("<end"))
    }
  }

  @Test("A provider that has told all and holds the connection open is let go at the deadline")
  func holdsOn() {
    var call = Self.call("stream", "hi.#")
    call.handle(.deadline)
    #expect(call.cancellations == 1)
  }

  @Test("M-3: what a client left behind is charged as reported once it is whole, whatever ends the draining")
  func drained() {
    for ending in [Self.broken, .deadline] {
      var call = Self.call("stream", "hi")
      call.handle(.clientGone)
      call.handle(.upstreamBytes(Array(".#".utf8)))
      call.handle(ending)
      #expect(call.settled.map(\.status) == [.disconnected])
      #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
      #expect(call.settled.map(\.isEstimated) == [false])
    }
  }

  @Test("What broke inside the answer stays broken")
  func garbledInside() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.answer("hX.")
    #expect(call.settled.map(\.status) == [.failed])
    call.handle(Self.broken)
    #expect(call.settled.count == 1)
  }

  @Test("N-3: an error of the provider is no answer, however much of it has come")
  func rejections() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamHead(status: 503, headers: []))
    call.handle(.upstreamBytes(Array("hi.#".utf8)))
    call.handle(Self.broken)
    #expect(call.opened.count == 2 && call.settled.isEmpty)
  }
}
