import Testing

@testable import Core

@Suite("The machine of a gateway call")
struct GatewayCallMachineTests {
  @Test("M-1: a whole answer is settled before any of its bytes leaves")
  func settlesBeforeWholeAnswer() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.answer("hi.#")
    #expect(call.written.isEmpty)
    call.handle(.upstreamEnd)
    #expect(call.written == "|settle|hi.<end 7>")
    #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
    #expect(call.settled.map(\.status) == [.completed])
    #expect(call.finished)
  }

  @Test("M-1: a stream flows at once, but its end waits for the settlement")
  func settlesBeforeEndOfStream() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.answer("hi.#")
    #expect(call.written == "hi.")
    call.handle(.upstreamEnd)
    #expect(call.written == "hi.|settle|<end 7>")
  }

  @Test("U-5: the provider is asked for no more output than was reserved, and the caller is told of a lower bound")
  func clampsMaxTokens() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit(maxTokens: 300, isLowered: true)
    #expect(call.opened.map(\.request.path) == ["/up-eu-a/300"])
    call.answer(".")
    call.handle(.upstreamEnd)
    #expect(call.head?.headers.value(of: "x-packhouse-max-tokens") == "300")
  }

  @Test("F-3: a request that is wrong is refused before admission and costs nothing")
  func refusesBeforeAdmission() {
    var call = MachineHarness()
    call.accept("nonsense")
    #expect(call.head?.status == 400)
    #expect(call.admissions.isEmpty && call.settled.isEmpty && call.finished)
  }

  @Test("D-3: a model that is not enabled is refused with those that are")
  func listsEnabledModels() {
    var call = MachineHarness()
    call.accept("gpt-9|plain|hello")
    #expect(call.head?.status == 404)
    #expect(call.written.contains("m-1"))
  }

  @Test("D-3: a model may be named by its alias")
  func findsAlias() {
    var call = MachineHarness()
    call.accept("one|plain|hello")
    #expect(call.admissions.map(\.model.id) == [MachineHarness.model.id])
  }

  @Test("K-2: a key of another type is told which route is its own")
  func refusesWrongType() {
    var call = MachineHarness()
    call.accept("|plain|hello", resource: MachineHarness.resource(type: .embeddings))
    #expect(call.head?.status == 404)
    #expect(call.written.contains("embeddings resource"))
    #expect(call.written.contains("/v1/embeddings"))
  }

  @Test("U-6: a refused call opens nothing")
  func refusedCallOpensNothing() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.handle(.refused(.exhausted(message: "Nothing is left.", retryAfter: 60)))
    #expect(call.head?.status == 429)
    #expect(call.opened.isEmpty && call.settled.isEmpty && call.finished)
  }

  @Test("N-3: before the first byte the next deployment is asked; the entry tells both attempts")
  func failsOver() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamHead(status: 503, headers: []))
    call.handle(.upstreamEnd)
    #expect(call.opened.map(\.deployment.account) == ["eu-a", "eu-b"])
    call.answer("ok.#")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.attempts) == [2])
    #expect(call.settled.map(\.servedRegion.text) == ["eu-b"])
    #expect(call.written == "|settle|ok.<end 7>")
  }

  @Test("N-2: without cross-region inference no other region is asked, whatever fails")
  func staysInItsRegion() {
    var call = MachineHarness()
    call.accept("|plain|hello", resource: MachineHarness.resource(isCrossRegion: false))
    call.admit()
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "No connection.")))
    #expect(call.opened.map(\.deployment.account) == ["eu-a"])
    #expect(call.settled.map(\.status) == [.failed])
  }

  @Test("N-2: a deployment outside the model's inference regions is never asked")
  func neverLeavesTheArea() {
    var call = MachineHarness(deployments: [MachineHarness.deployment("us-1")])
    call.accept("|plain|hello")
    #expect(call.admissions.isEmpty)
    #expect(call.head?.status == 502)
  }

  @Test("M-4: a provider that refuses without having worked costs nothing")
  func failureCostsNothing() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamHead(status: 400, headers: []))
    call.handle(.upstreamEnd)
    #expect(call.opened.count == 1)
    #expect(call.settled.map(\.usage) == [.zero])
    #expect(call.settled.map(\.isEstimated) == [false])
  }

  @Test("M-4: a time-out after the body was sent costs the counted input, estimated")
  func timeoutCostsInput() {
    var call = MachineHarness(deployments: [MachineHarness.deployment("eu-a")])
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamFailed(UpstreamFailure(.timeout, "Too slow.")))
    #expect(call.opened.count == 1)
    #expect(call.settled.map(\.usage.input) == call.admissions.map(\.bounds.input))
    #expect(call.settled.map(\.isEstimated) == [true])
  }

  @Test("N-3, F-4: after the first byte nothing is replayed; the stream ends with the dialect's error")
  func neverReplays() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.answer("12345")
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "Broken.")))
    #expect(call.opened.count == 1)
    #expect(call.written == "12345|settle|!failed")
    // 5 characters at 4 a token are 2 tokens.
    #expect(call.settled.map(\.usage.output) == [2])
    #expect(call.settled.map(\.isEstimated) == [true])
  }

  @Test("M-3: when the client goes, the rest is metered from the provider's own report")
  func drainsAfterDisconnect() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.answer("he")
    call.handle(.clientGone)
    call.handle(.upstreamBytes(Array("llo.#".utf8)))
    call.handle(.upstreamEnd)
    #expect(call.written == "he|settle|")
    #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
    #expect(call.settled.map(\.status) == [.disconnected])
  }

  @Test("M-3: a drain that takes too long is settled from what was received")
  func drainDeadline() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.answer("12345678")
    call.handle(.clientGone)
    call.handle(.deadline)
    #expect(call.settled.map(\.usage.output) == [2])
    #expect(call.settled.map(\.isEstimated) == [true])
    #expect(call.finished)
  }

  @Test("U-2: an answer without a usage report is estimated, never free")
  func estimatesWithoutReport() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.admit()
    call.answer("1234567.")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.usage.output) == [2])
    #expect(call.settled.map(\.isEstimated) == [true])
    #expect(call.settled.allSatisfy { $0.usage.input > 0 })
  }

  @Test("M-1: a call whose client went while it waited for admission opens nothing and is settled all the same")
  func settlesAdmissionWithoutClient() {
    var call = MachineHarness()
    call.accept("|plain|hello")
    call.handle(.clientGone)
    #expect(!call.machine.isOver)
    call.admit()
    #expect(call.opened.isEmpty)
    #expect(call.settled.map(\.status) == [.disconnected])
    #expect(call.settled.map(\.usage) == [.zero])
    #expect(call.finished && call.machine.isOver)
  }

  @Test("Exactly one settlement for each admitted call, whatever happens in which order", arguments: 0..<20)
  func settlesExactlyOnce(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<500 {
      var call = MachineHarness()
      call.accept(random.next() % 2 == 0 ? "|plain|hello" : "|stream|hello")
      call.admit()
      var steps = 0
      while !call.finished, steps < 30 {
        call.handle(Self.event(random.next()))
        steps += 1
      }
      call.handle(.deadline)
      #expect(call.settled.count == 1, "seed \(seed)")
      #expect(call.machine.isOver && call.finished, "seed \(seed)")
      let begun = call.reports.count { $0.event == .begun }
      let ended = call.reports.count { if case .ended = $0.event { true } else { false } }
      #expect(begun == call.opened.count && ended == begun, "seed \(seed)")
      #expect(call.settled.map(\.attempts) == [begun], "seed \(seed)")
    }
  }

  private static func event(_ number: UInt64) -> GatewayCallEvent {
    switch number % 16 {
    case 0: .upstreamHead(status: 200, headers: [])
    case 1: .upstreamHead(status: 503, headers: [])
    case 2, 3, 4: .upstreamBytes(Array("text".utf8))
    case 5: .upstreamBytes(Array("#.".utf8))
    case 6: .upstreamEnd
    case 7: .upstreamFailed(UpstreamFailure(.connection, "Broken."))
    case 8: .clientGone
    case 9: .upstreamBytes(Array("X".utf8))
    case 10: .upstreamFailed(UpstreamFailure(.throttled, "Busy."))
    case 11: .upstreamFailed(UpstreamFailure(.timeout, "Too slow."))
    case 12: .waitedLong
    case 13:
      .reserved(Reservation(requestID: RequestID("req_1"), consumption: .zero, maxTokens: 500, isLowered: true))
    case 14: .notReserved
    default: .refused(.unexpected)
    }
  }
}
