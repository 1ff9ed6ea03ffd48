import Testing

@testable import Core

@Suite("How a call ends that would not end by itself (L-2, M-3, F-4)")
struct EndOfCallTests {
  private static func call(_ kind: String = "stream", _ answer: String = "") -> MachineHarness {
    var call = MachineHarness()
    call.accept("|\(kind)|hello")
    call.admit()
    if !answer.isEmpty { call.answer(answer) }
    return call
  }

  @Test(
    "L-2, F-4: when a stopping server's time is over a stream ends with an error in its dialect, and is settled first")
  func stream() {
    var call = Self.call("stream", "hi")
    call.handle(.stopping)
    #expect(call.written == "hi|settle|!failed" && call.finished && call.cancellations == 1)
    #expect(call.settled.map(\.status) == [.failed] && call.settled.map(\.isEstimated) == [true])
    #expect(call.settled.allSatisfy { $0.usage.input > 0 && $0.usage.output > 0 })
    #expect(call.reports.last?.event == .ended(.nothing) && call.opened.count == 1)
    call.handle(.upstreamEnd)
    call.handle(.stopping)
    #expect(call.settled.count == 1 && call.written.hasSuffix("!failed"))
  }

  @Test("L-2: of a call whose head is not written the caller is told why, and nobody else is asked")
  func head() {
    for answer in ["", "hi"] {
      var call = Self.call("plain", answer)
      call.handle(.stopping)
      #expect(call.written.hasPrefix("|settle|The server is stopping"))
      #expect(call.head != nil && call.finished && call.opened.count == 1)
    }
  }

  @Test("L-2: an answer that is whole is given all the same; a client that has left is told nothing")
  func wholeOrLeft() {
    var whole = Self.call("stream", "hi.#")
    whole.handle(.stopping)
    #expect(whole.written == "hi.|settle|<end 7>" && whole.settled.map(\.status) == [.completed])
    var left = Self.call("stream", "hi")
    left.handle(.clientGone)
    left.handle(.stopping)
    #expect(left.written == "hi|settle|" && left.settled.map(\.status) == [.disconnected] && left.finished)
  }

  @Test("M-3: once all of an answer has come its connection has a second to end, and no more is told of that")
  func expectsEnd() {
    for kind in ["plain", "stream"] {
      var call = Self.call(kind, "hi")
      #expect(call.ends.isEmpty)
      call.handle(.upstreamBytes(Array(".".utf8)))
      #expect(call.ends == [1_000])
      call.handle(.upstreamBytes(Array("#".utf8)))
      #expect(call.ends == [1_000])
      // What its pieces say when the second is over.
      call.handle(.upstreamFailed(UpstreamFailure(.timeout, "Too slow.")))
      #expect(call.settled.map(\.status) == [.completed] && call.written.hasSuffix("<end 7>"))
    }
  }
}
