import Testing

@testable import Core

@Suite("What broken answers are charged (M-3, M-4, U-5)")
struct BrokenAnswerTests {
  @Test("M-3: a whole answer that breaks off after the provider took the call on is not free, nor repeated")
  func brokenWholeAnswerCosts() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamHead(status: 200, headers: []))
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "Broken.")))
    #expect(call.opened.count == 1)
    #expect(call.settled.map(\.usage.input) == call.admissions.map(\.bounds.input))
    #expect(call.settled.map(\.isEstimated) == [true])
    #expect(call.head?.status == 502)
  }

  @Test(
    "M-3: of a whole answer that breaks off the bytes are what was received", arguments: [("plain", 2), ("stream", 0)])
  func brokenWholeAnswerCostsItsBytes(kind: String, tokens: Int64) {
    var call = MachineHarness()
    call.accept("|\(kind)|hello")
    call.admit()
    // 8 bytes at 4 characters a token. In a stream they are framing, because what can be read comes as events.
    call.answer("~~~~~~~~")
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "Broken.")))
    #expect(call.settled.map(\.usage.output) == [TokenCount(tokens)])
  }

  @Test("M-3: reasoning that nobody can read counts by its bytes, a seal on reasoning that was shown does not")
  func unreadableReasoning() {
    func characters(_ deltas: BlockDelta...) -> Int64 {
      var meter = UsageMeter(startedAt: Instant(milliseconds: 0), milliCharactersPerToken: 4_000)
      meter.observe(.chat(.blockStarted(index: 0, kind: .reasoning)), at: Instant(milliseconds: 1))
      for delta in deltas { meter.observe(.chat(.delta(index: 0, delta)), at: Instant(milliseconds: 2)) }
      return meter.outputCharacters
    }
    #expect(characters(.signature("12345678")) == 8)
    #expect(characters(.reasoning(Sensitive("why")), .signature("12345678")) == 3)
    #expect(characters(.redactedReasoning(Sensitive([1, 2, 3, 4, 5]))) == 5)
  }

  @Test("N-3: an answer that is refused before the provider took it on is still asked for elsewhere")
  func refusalIsAskedElsewhere() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamHead(status: 503, headers: []))
    call.handle(.upstreamEnd)
    #expect(call.opened.count == 2)
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "No connection.")))
    #expect(call.settled.map(\.usage) == [.zero])
  }

  @Test("U-5: an estimate never exceeds the output that was reserved", arguments: ["plain", "stream"])
  func estimateStaysWithinTheReservation(kind: String) {
    var call = MachineHarness()
    call.accept("|\(kind)|hello")
    call.admit(maxTokens: 1)
    // 12 characters at 4 a token would be 3 tokens, but the provider was told to give 1.
    call.answer("12345678901.")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.usage.output) == [1])
    #expect(call.settled.map(\.isEstimated) == [true])
  }

  @Test("M-3: a report that more of the answer followed tells of the input, and the output is estimated")
  func earlyReportIsProvisional() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    // 40 characters after the report are 10 tokens; the report knew of 7.
    call.answer("#" + String(repeating: "x", count: 39) + ".")
    call.handle(.upstreamEnd)
    var expected = PlainDecoder.reported
    expected.output = 10
    #expect(call.settled.map(\.usage) == [expected])
    #expect(call.settled.map(\.isEstimated) == [true])
  }

  @Test("U-5: what a provider reports is the truth, also where it exceeds the reservation")
  func reportMayExceedTheReservation() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit(maxTokens: 1)
    call.answer("12#")
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "Broken.")))
    #expect(call.settled.map(\.usage.output) == [PlainDecoder.reported.output])
  }
}
