import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("The admission desk")
struct AdmissionDeskTests {
  /// Room for one call of 100 output tokens, and a little more.
  private let narrow = Allowance.plan(input: 10_000, output: 150)

  @Test("A call that only running ones keep out waits for them and is then made (U-6)")
  func waits() async throws {
    try await withSampleCompany { database, folder in
      let gate = Gate()
      let transport = FakeTransport { call async throws(UpstreamFailure) in
        if call.requestID == RequestID("first") { await gate.wait() }
        return .whole(input: 5, output: 5)
      }
      // Time stands still: however slow the machine is, the two seconds are not over.
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let scene = try await MeteringScene(
        database, folder: folder, clock: clock.wallClock, allowance: narrow, transport: transport)
      async let first = scene.chat("first")
      while transport.requests.isEmpty { await Task.yield() }
      async let second = scene.chat("second")
      try await Task.sleep(for: .milliseconds(60))
      #expect(transport.requests == [RequestID("first")])
      gate.open()
      #expect(await first.status == 200)
      #expect(await second.status == 200)
      #expect(transport.requests.count == 2)
      await scene.close()
    }
  }

  @Test("After two seconds it is refused as contended, with figures and the day of refill (U-6, F-1)")
  func contended() async throws {
    try await withSampleCompany { database, folder in
      let gate = Gate()
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let transport = FakeTransport { _ async throws(UpstreamFailure) in
        await gate.wait()
        return .whole(input: 5, output: 5)
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: clock.wallClock, allowance: narrow, transport: transport)
      async let first = scene.chat("first")
      while transport.requests.isEmpty { await Task.yield() }
      let ticking = Task {
        while !Task.isCancelled {
          clock.advance(milliseconds: AdmissionDesk.waitMilliseconds / 4)
          try await Task.sleep(for: .milliseconds(10))
        }
      }
      let answer = await scene.chat("second")
      ticking.cancel()
      #expect(answer.status == 429)
      guard case .whole(let whole) = answer else { throw Unexpected() }
      #expect(whole.head.headers.value(of: "x-should-retry") == "true")
      let retry = Int(whole.head.headers.value(of: "retry-after") ?? "") ?? 0
      #expect((1...5).contains(retry))
      let body = try await answer.body()
      #expect(body.contains("held by running calls"))
      #expect(body.contains("100 reserved, 150 allowed"))
      #expect(body.contains("refilled on 2026-04-15"))
      gate.open()
      #expect(await first.status == 200)
      #expect(transport.requests == [RequestID("first")])
      await scene.close()
    }
  }

  @Test("No more wait at a time than there are places; the next is refused at once (U-6)")
  func waitingPlaces() {
    let room = BoundedCount(limit: 2)
    let until = Sample.start
    var places = [room.enter(until: until), room.enter(until: until)]
    #expect(places.allSatisfy { $0 != nil })
    #expect(room.enter(until: until) == nil)
    places.removeLast()
    #expect(room.enter(until: until) != nil)
  }

  @Test("Where the journal takes no record the call is refused with 503 and holds nothing (M-1)")
  func closedJournal() async throws {
    try await withSampleCompany { database, folder in
      let transport = FakeTransport { _ in .whole(input: 5, output: 5) }
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock().wallClock, allowance: narrow, transport: transport)
      await scene.close()
      let answer = await scene.chat("a")
      #expect(answer.status == 503)
      #expect(transport.requests.isEmpty)
      #expect(scene.standing.reserved == .zero)
    }
  }

  @Test("Where more is settled than the tables take, no more is admitted (M-7)")
  func backlog() async throws {
    try await withSampleCompany { database, folder in
      let transport = FakeTransport { _ in .whole(input: 5, output: 5) }
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock().wallClock, allowance: .units(GenAIUnits(whole: 100)),
        transport: transport, options: JournalOptions(maximumPending: 2))
      #expect(await scene.chat("a").status == 200)
      #expect(await scene.chat("b").status == 200)
      #expect(!scene.metering.isReady)
      #expect(await scene.chat("c").status == 503)
      #expect(await scene.metering.applier.applyPending())
      #expect(await scene.chat("c").status == 200)
      await scene.close()
    }
  }

  @Test("A raised allowance counts at once (U-4)")
  func raised() async throws {
    try await withSampleCompany { database, folder in
      let transport = FakeTransport { _ in .whole(input: 5, output: 140) }
      let scene = try await MeteringScene(
        database, folder: folder, clock: ManualClock().wallClock, allowance: narrow, transport: transport)
      #expect(await scene.chat("a", maxTokens: 140).status == 200)
      #expect(await scene.chat("b", maxTokens: 140).status == 429)
      let raised = MeteringScene.caller(allowance: .plan(input: 10_000, output: 300), at: scene.clock.now())
      #expect(await scene.chat("c", maxTokens: 140, from: raised).status == 200)
      await scene.close()
    }
  }

  @Test("A call belongs to the month in which it began, and the next month starts full (B-3, B-4)")
  func monthBoundary() async throws {
    try await withSampleCompany { database, folder in
      let month = MeteringScene.months.month(0)
      let clock = ManualClock(month.end.adding(milliseconds: -1))
      let transport = FakeTransport { call async throws(UpstreamFailure) in
        if call.requestID == RequestID("late") { clock.set(month.end.adding(seconds: 5)) }
        return .whole(input: 5, output: 140)
      }
      let scene = try await MeteringScene(
        database, folder: folder, clock: clock.wallClock, allowance: narrow, transport: transport)
      #expect(await scene.chat("late", maxTokens: 140).status == 200)
      #expect(await scene.chat("next", maxTokens: 140).status == 200)
      #expect(await scene.chat("full", maxTokens: 140).status == 429)
      #expect(await scene.metering.applier.applyPending())
      let starts = Dictionary(
        uniqueKeysWithValues: try await scene.entries().map { ($0.call.requestID.text, $0.call.bundleMonthStart) })
      #expect(starts == ["late": month.start, "next": month.end])
      await scene.close()
    }
  }

  @Test("A key's limit counts what the key used before the server started (U-8)")
  func seededKeyLimit() async throws {
    try await withSampleCompany { database, folder in
      let transport = FakeTransport { _ in .whole(input: 100, output: 100) }
      let price = Sample.rates.price(of: TokenUsage(input: 100, output: 100))
      let clock = ManualClock().wallClock
      let limit = price + price
      let first = try await MeteringScene(
        database, folder: folder, clock: clock, allowance: .units(GenAIUnits(whole: 100)), transport: transport,
        keyLimit: limit)
      #expect(await first.chat("a", maxTokens: 100).status == 200)
      #expect(await first.metering.applier.applyPending())
      await first.close()
      let second = try await MeteringScene(
        database, folder: folder, clock: clock, allowance: .units(GenAIUnits(whole: 100)), transport: transport,
        keyLimit: limit)
      #expect(await second.chat("b", maxTokens: 100).status == 200)
      let refused = await second.chat("c", maxTokens: 100)
      #expect(refused.status == 429)
      #expect(try await refused.body().contains("monthly limit of this key"))
      await second.close()
    }
  }
}
