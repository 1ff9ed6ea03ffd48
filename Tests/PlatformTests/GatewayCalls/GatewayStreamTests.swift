import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Streams of the gateway", .timeLimit(.minutes(2)))
struct GatewayStreamTests {
  private let allowance = Allowance.units(GenAIUnits(whole: 100))

  @Test("Pieces go out one by one, and the settlement is recorded before the last of them (M-1)")
  func order() async throws {
    try await withScene({ _ in .stream(["one ", "two ", "three"], input: 9, output: 3) }) { scene in
      let (head, stream) = try #require(await scene.chat("a", isStreaming: true).stream)
      #expect(head.headers.value(of: "x-request-id") == "a")
      var pieces: [(text: String, isOpen: Bool)] = []
      try await stream.run { bytes in
        pieces.append((String(decoding: bytes, as: UTF8.self), scene.metering.journal.openCount == 1))
      }
      let texts = pieces.map(\.text)
      #expect(texts.count >= 4)
      #expect(texts[0].contains("one "))
      #expect(texts[1].contains("two "))
      #expect(texts.last?.hasSuffix("data: [DONE]\n\n") == true)
      #expect(pieces.map(\.isOpen) == Array(repeating: true, count: pieces.count - 1) + [false])
    }
  }

  @Test("When the client goes, the rest is drained and its true usage is charged (M-3)")
  func clientGone() async throws {
    try await withScene({ _ in .stream(["one ", "two ", "three"], input: 9, output: 3) }) { scene in
      let (_, stream) = try #require(await scene.chat("a", isStreaming: true).stream)
      await #expect(throws: ClientLeft.self) { try await stream.run { _ in throw ClientLeft() } }
      let entry = try await onlyEntry(scene)
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
      #expect(entry.status == .disconnected)
      #expect(!entry.isEstimated)
      #expect(scene.standing.reserved == .zero)
    }
  }

  @Test("A drain ends after a minute, and what had arrived is charged as an estimate (M-3)")
  func drainEnds() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let begin = clock.now
      let endless = FakeTransport { _ async throws(UpstreamFailure) in
        var script = FakeTransport.Script.cutStream(Array(repeating: "abcdefg", count: 1_000), failure: nil)
        // Pieces come until the minute is over; then it takes for ever.
        script.pause = {
          if clock.now.millisecondsSince(begin) < 90_000 { return clock.advance(seconds: 7) }
          while !Task.isCancelled { await Task.yield() }
        }
        return script
      }
      let wait: @Sendable (Int64) async -> Void = { milliseconds in
        #expect(milliseconds == 60_000)
        while clock.now.millisecondsSince(begin) < 90_000 { await Task.yield() }
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: clock.wallClock, allowance: allowance, transport: endless, wait: wait)
      let (_, stream) = try #require(await scene.chat("a", isStreaming: true).stream)
      await #expect(throws: ClientLeft.self) { try await stream.run { _ in throw ClientLeft() } }
      let entry = try await onlyEntry(scene)
      #expect(entry.isEstimated)
      #expect(entry.status == .disconnected)
      // Two tokens for each piece, one every 7 s.
      #expect((2...28).contains(entry.usage.output.count))
      await scene.close()
    }
  }

  @Test("A stream runs once: a second run writes nothing")
  func runsOnce() async throws {
    try await withScene({ _ in .stream(["one"], input: 9, output: 3) }) { scene in
      let (_, stream) = try #require(await scene.chat("a", isStreaming: true).stream)
      try await stream.run { _ in }
      try await stream.run { _ in Issue.record("nothing is left to write") }
      #expect(try await onlyEntry(scene).status == .completed)
    }
  }

  @Test("An error after streaming began is told in the stream, and what was produced is charged (F-4)")
  func midStream() async throws {
    let cut = UpstreamFailure(.connection, "The connection to the provider failed.")
    try await withScene({ _ in .cutStream(["abcdefg", "abcdefg"], failure: cut) }) { scene in
      let text = try await scene.chat("a", isStreaming: true).body()
      #expect(text.contains("\"error\""))
      #expect(!text.contains("[DONE]"))
      let entry = try await onlyEntry(scene)
      // 14 characters at 3.5 each.
      #expect(entry.usage.output == 4)
      #expect(entry.usage.input > 0)
      #expect(entry.isEstimated)
      #expect(entry.status == .failed)
    }
  }

  @Test(
    "When the time of a stopping server is over a stream ends with an error, settled (L-2, F-4)",
    arguments: [true, false])
  func stopping(isCut: Bool) async throws {
    try await withSampleCompany { database, folder in
      let notice = StopNotice()
      let gone = UpstreamFailure(.connection, "The connection to the provider failed.")
      let transport = FakeTransport { _ async throws(UpstreamFailure) in
        // With its connection cut, or with more to come.
        isCut ? .cutStream(["abcdefg"], failure: gone) : .stream(["abcdefg", "abcdefg"], input: 9, output: 3)
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock(Sample.start.adding(seconds: 60)).wallClock, allowance: allowance,
        transport: transport, stop: notice)
      let (_, stream) = try #require(await scene.chat("a", isStreaming: true).stream)
      var text = ""
      try await stream.run { bytes in
        text += String(decoding: bytes, as: UTF8.self)
        notice.end()
      }
      #expect(text.contains("abcdefg") && text.contains("\"error\"") && text.contains("The server is stopping"))
      #expect(!text.contains("[DONE]"))
      let entry = try await onlyEntry(scene)
      #expect(entry.status == .failed && entry.isEstimated && entry.usage.output == 2 && entry.usage.input > 0)
      #expect(scene.standing.reserved == .zero)
      await scene.close()
    }
  }

  @Test("A long stream's progress survives a crash (M-2, M-3)")
  func progress() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let gate = Gate()
      let transport = FakeTransport { _ async throws(UpstreamFailure) in
        .stream(Array(repeating: String(repeating: "x", count: 500), count: 20), input: 9, output: 3_000)
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: clock.wallClock, allowance: allowance, transport: transport)
      let (_, stream) = try #require(await scene.chat("a", maxTokens: 4_000, isStreaming: true).stream)
      // The journal closes in the middle, as a dying process would leave it.
      var pieces = 0
      let running = Task {
        try? await stream.run { _ in
          pieces += 1
          if pieces == 10 { await scene.close() }
        }
        gate.open()
      }
      await gate.wait()
      await running.value
      let reopened = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      let entry = try await onlyEntry(scene)
      #expect(entry.status == .interrupted)
      // Nine pieces were received; progress is at most 256 tokens behind.
      #expect(entry.usage.output.count > 9 * 500 * 10 / 35 - 300)
      await reopened.journal.close()
    }
  }

  private func onlyEntry(_ scene: MeteringScene) async throws -> UsageEntry {
    _ = await scene.metering.applier.applyPending()
    let entries = try await scene.entries()
    #expect(entries.count == 1)
    return try #require(entries.first)
  }

  private func withScene(
    _ behaviour: @escaping @Sendable (FakeTransport.Call) async throws(UpstreamFailure) -> FakeTransport.Script,
    _ body: (MeteringScene) async throws -> Void
  ) async throws {
    try await withSampleCompany { database, folder in
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock(Sample.start.adding(seconds: 60)).wallClock,
        allowance: allowance, transport: FakeTransport(behaviour))
      try await body(scene)
      await scene.close()
    }
  }
}
