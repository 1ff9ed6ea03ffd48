import Core
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("Waiting for a provider's head (N-3)")
struct AwaitedHeadTests {
  private static let answer = UpstreamAnswer(
    status: 200, headers: [], body: AsyncThrowingStream<[UInt8], any Error> { $0.finish() })

  @Test("A head that comes in time is given, whatever patience says later")
  func inTime() async {
    let head = AwaitedHead { () async throws(UpstreamFailure) in Self.answer }
    let outcome = await head.outcome { try? await Task.sleep(for: .seconds(600)) }
    #expect((try? outcome?.get())?.status == 200)
  }

  @Test("Patience that ends first gives nothing, and the head can be waited for again")
  func patienceEnds() async {
    let gate = Gate()
    let head = AwaitedHead { () async throws(UpstreamFailure) in
      await gate.wait()
      return Self.answer
    }
    for _ in 0..<3 {
      #expect(await head.outcome { await Task.yield() } == nil)
    }
    gate.open()
    #expect((try? await head.outcome()?.get())?.status == 200)
    #expect((try? await head.outcome { await Task.yield() }?.get())?.status == 200)
  }

  @Test("A failure is given as it is")
  func failure() async {
    let head = AwaitedHead { () async throws(UpstreamFailure) in throw UpstreamFailure(.connection, "No.") }
    guard case .failure(let failure)? = await head.outcome() else {
      Issue.record("no failure")
      return
    }
    #expect(failure.kind == .connection)
  }

  @Test("Who is no longer wanted is told, and so is the provider when the waiting task is cancelled")
  func cancelled() async {
    let hanging: @Sendable () async throws(UpstreamFailure) -> UpstreamAnswer = { () async throws(UpstreamFailure) in
      do { try await Task.sleep(for: .seconds(600)) } catch { throw UpstreamFailure(.timeout, "Cancelled.") }
      return Self.answer
    }
    let head = AwaitedHead(hanging)
    #expect(await head.outcome { await Task.yield() } == nil)
    head.cancel()
    #expect(await head.outcome().map { (try? $0.get()) == nil } == true)

    let waiting = Task { await AwaitedHead(hanging).outcome { try? await Task.sleep(for: .seconds(600)) } }
    waiting.cancel()
    guard case .failure(let failure)? = await waiting.value else {
      Issue.record("the wait went on")
      return
    }
    #expect(failure.kind == .timeout)
  }

  @Test("Heads and patience that end at the same moment end each wait once")
  func races() async {
    for _ in 0..<2_000 {
      let head = AwaitedHead { () async throws(UpstreamFailure) in
        await Task.yield()
        return Self.answer
      }
      var outcome: AwaitedHead.Outcome?
      while outcome == nil { outcome = await head.outcome { await Task.yield() } }
      #expect((try? outcome?.get())?.status == 200)
    }
  }
}
