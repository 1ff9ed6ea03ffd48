import Core
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("Answers that no request waits for (M-1, M-3, L-2)", .timeLimit(.minutes(2)))
struct AnswerDrainTests {
  /// What a provider reports in the end, and what is known of it before: the input alone, as it was counted.
  private static let reported = TokenUsage(input: 9, output: 3)

  @Test("They are drained for their true usage by a service, which ends when it is told to and nothing is left")
  func drained() async throws {
    try await withScene { scene, gate in
      let (service, drain) = await running(scene)
      await leave("a", scene)
      #expect(drain.count == 1 && scene.metering.journal.openCount == 1)
      gate.open()
      drain.close()
      await service.value
      let entry = try await onlyEntry(scene)
      #expect(entry.usage == Self.reported && !entry.isEstimated && entry.status == .disconnected)
      #expect(drain.count == 0 && scene.standing.reserved == .zero)
    }
  }

  @Test("Each is read on for as long as was set, and settled then as far as it came (M-3)")
  func patience() async throws {
    try await withScene(patience: 1) { scene, _ in
      let (service, drain) = await running(scene)
      await leave("a", scene)
      drain.close()
      // The provider says nothing more.
      await service.value
      #expect(scene.metering.journal.openCount == 0 && scene.standing.reserved == .zero)
      try await checkEstimates(scene, count: 1)
    }
  }

  @Test("A graceful stop waits for them (L-2)")
  func stop() async throws {
    try await withScene { scene, gate in
      let (service, drain) = await running(scene)
      await leave("a", scene)
      let hasEnded = Mutex(false)
      let watching = Task {
        await service.value
        hasEnded.withLock { $0 = true }
        return scene.metering.journal.openCount
      }
      #expect(drain.count == 1 && scene.metering.journal.openCount == 1)
      drain.close()
      // What was taken is still there after the stop began.
      #expect(drain.count == 1 && scene.metering.journal.openCount == 1 && !drain.isRunning)
      // One that does not wait would have ended by now; one that does never has.
      try await Task.sleep(for: .milliseconds(200))
      #expect(!hasEnded.withLock { $0 } && drain.count == 1)
      gate.open()
      #expect(await watching.value == 0)
      #expect(try await onlyEntry(scene).usage == Self.reported)
    }
  }

  @Test("When the time of the stop is over they are settled as far as they came (L-2)")
  func cancelled() async throws {
    try await withScene { scene, _ in
      let (service, _) = await running(scene)
      for id in ["a", "b", "c"] { await leave(id, scene) }
      service.cancel()
      await service.value
      #expect(scene.metering.journal.openCount == 0 && scene.standing.reserved == .zero)
      try await checkEstimates(scene, count: 3)
    }
  }

  @Test("One more than the drain takes is settled at once, neither for nothing nor in full (M-3)")
  func full() async throws {
    try await withScene(limit: 2) { scene, gate in
      let (service, drain) = await running(scene)
      for id in ["a", "b"] { await leave(id, scene) }
      #expect(drain.count == 2 && scene.metering.journal.openCount == 2)
      for id in ["c", "d"] {
        await leave(id, scene)
        // Before anything else runs.
        #expect(scene.metering.journal.openCount == 2)
      }
      try await checkEstimates(scene, count: 2)
      gate.open()
      drain.close()
      await service.value
      _ = await scene.metering.applier.applyPending()
      let drained = try await scene.entries().filter { !$0.isEstimated }
      #expect(drained.map(\.call.requestID.text).sorted() == ["a", "b"])
      #expect(drained.allSatisfy { $0.usage == Self.reported } && scene.standing.reserved == .zero)
    }
  }

  @Test("Room that was given back is taken again")
  func room() async throws {
    try await withScene(limit: 1) { scene, gate in
      gate.open()
      let (service, drain) = await running(scene)
      for number in 0..<20 {
        await leave("r\(number)", scene)
        while drain.count > 0 { await Task.yield() }
      }
      drain.close()
      await service.value
      _ = await scene.metering.applier.applyPending()
      let entries = try await scene.entries()
      #expect(entries.count == 20 && entries.allSatisfy { $0.usage == Self.reported && !$0.isEstimated })
    }
  }

  @Test("Before the service runs, and after it has ended, they are settled at once")
  func notRunning() async throws {
    try await withScene { scene, _ in
      await leave("a", scene)
      #expect(scene.metering.journal.openCount == 0)
      let (service, drain) = await running(scene)
      drain.close()
      await service.value
      await leave("b", scene)
      #expect(scene.metering.journal.openCount == 0 && scene.standing.reserved == .zero)
      try await checkEstimates(scene, count: 2)
    }
  }

  @Test("A provider that falls silent is waited for no longer than a minute after the client left, in all (M-3)")
  func silence() async throws {
    try await withSampleCompany { database, folder in
      let asked = Mutex<[Int64]>([])
      let minute = Gate()
      let wait: @Sendable (Int64) async -> Void = { milliseconds in
        asked.withLock { $0.append(milliseconds) }
        await minute.wait()
      }
      // It waits for nothing but its own, much later end.
      let silent = FakeTransport { _ async throws(UpstreamFailure) in
        var script = FakeTransport.Script.cutStream(["abcdefg", "abcdefg", "never"], failure: nil)
        script.pause = Hold(after: 2).pass
        return script
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock(Sample.start.adding(seconds: 60)).wallClock,
        allowance: .units(GenAIUnits(whole: 100)), transport: silent, wait: wait)
      let (_, stream) = try #require(await scene.chat("a", isStreaming: true).stream)
      let running = Task { try await stream.run { _ in throw ClientLeft() } }
      while asked.withLock(\.isEmpty) { await Task.yield() }
      minute.open()
      await #expect(throws: ClientLeft.self) { try await running.value }
      #expect(asked.withLock { $0 } == [60_000])
      #expect(scene.metering.journal.openCount == 0 && scene.standing.reserved == .zero)
      let entry = try await onlyEntry(scene)
      #expect(entry.isEstimated && entry.status == .disconnected && entry.usage.input > 0)
      await scene.close()
    }
  }

  // MARK: The scene

  /// Lets some pieces of an answer through, the others once it is opened or nobody waits any more.
  private final class Hold: Sendable {
    private let free: Int
    private let gate: OpenFlag
    private let passed = Mutex(0)

    init(after free: Int, _ gate: OpenFlag = OpenFlag()) {
      self.free = free
      self.gate = gate
    }

    @Sendable func pass() async {
      let number = passed.withLock { passed in
        passed += 1
        return passed
      }
      while number > free, !gate.isOpen, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    }
  }

  private final class OpenFlag: Sendable {
    private let state = Mutex(false)
    var isOpen: Bool { state.withLock { $0 } }
    func open() { state.withLock { $0 = true } }
  }

  /// A resource whose provider gives the first piece of each answer, and the rest once the gate is open.
  private func withScene(
    patience: Int64 = AnswerDrain.usualPatience, limit: Int = AnswerDrain.limit,
    _ body: (MeteringScene, OpenFlag) async throws -> Void
  ) async throws {
    try await withSampleCompany { database, folder in
      let gate = OpenFlag()
      let transport = FakeTransport { _ async throws(UpstreamFailure) in
        var script = FakeTransport.Script.stream(["one ", "two ", "three"], input: 9, output: 3)
        script.pause = Hold(after: 1, gate).pass
        return script
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock(Sample.start.adding(seconds: 60)).wallClock,
        allowance: .units(GenAIUnits(whole: 100)), transport: transport,
        drain: AnswerDrain(patience: patience, limit: limit))
      try await body(scene, gate)
      gate.open()
      await scene.close()
    }
  }

  /// The drain of a scene, once it takes answers.
  private func running(_ scene: MeteringScene) async -> (service: Task<Void, Never>, drain: AnswerDrain) {
    let drain = scene.driver.drain
    let service = Task { _ = try? await drain.run() }
    while !drain.isRunning { await Task.yield() }
    return (service, drain)
  }

  /// A call whose client leaves before the head of its stream is written.
  private func leave(_ id: String, _ scene: MeteringScene) async {
    let answer = await scene.chat(id, isStreaming: true)
    #expect(answer.status == 200)
  }

  private func onlyEntry(_ scene: MeteringScene) async throws -> UsageEntry {
    _ = await scene.metering.applier.applyPending()
    let entries = try await scene.entries()
    #expect(entries.count == 1)
    return try #require(entries.first)
  }

  /// What was settled with what was known: the counted input and what had been received, more than nothing and less than
  /// what was reserved.
  private func checkEstimates(_ scene: MeteringScene, count: Int) async throws {
    _ = await scene.metering.applier.applyPending()
    let entries = try await scene.entries()
    #expect(entries.count == count)
    for entry in entries {
      #expect(entry.isEstimated && entry.status == .disconnected)
      #expect(entry.usage.input == entry.call.countedInput && entry.usage.input > 0)
      // Four characters of its hundred tokens.
      #expect((1...10).contains(entry.usage.output.count))
    }
  }
}
