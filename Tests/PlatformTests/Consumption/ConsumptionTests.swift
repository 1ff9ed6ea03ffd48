import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Consumption (G-4, G-5)")
struct ConsumptionTests {
  @Test("Current consumption gives used of allowance, what runs, plan and refill date (G-4, B-3)")
  func summary() async throws {
    let running = Consumption(units: GenAIUnits(nano: 11_200_000_000), input: 10, output: 10)
    try await withWorld(running: running) { world in
      let id = try await world.provision(world.request(tokens: 16))
      try await world.use(id, input: 1_000_000, output: 521_900, calls: 1)
      try await world.use(id, input: 50, isEstimated: true)
      let summary = try await world.services.consumption.summary(of: id, as: world.ada)
      let measure = try #require(summary.measures.first)
      #expect(summary.measures.count == 1)
      #expect(measure.text == "1,521 / 1.6k")
      #expect(measure.percent == 95)
      #expect(measure.runningText == "+ 12 in use")
      #expect(measure.title == "1,521.95 of 1,600 GenAI Units used")
      #expect(summary.plan == "Extractive, 1.6k GenAI Units")
      #expect(summary.refillDay.description == "2026-04-15")
      #expect(summary.estimated == GenAIUnits(nano: 50_000_000))
      #expect(summary.calls == 2)
      #expect(summary.models.map(\.id) == [SmallCatalog.extractive])
    }
  }

  @Test("A plan shows both quotas, embeddings the input quota only (G-4, U-4)")
  func plans() async throws {
    try await withWorld { world in
      var request = world.request()
      request.capacity = .plan(Identifier("text-s"))
      let text = try await world.provision(request)
      request.type = .embeddings
      request.models = [SmallCatalog.miniLM]
      request.capacity = .plan(Identifier("embeddings-s"))
      let embeddings = try await world.provision(request)
      try await world.use(text, input: 1_250_000, output: 1_250_000)
      try await world.use(embeddings, input: 7)
      let texts = try await world.services.consumption.summary(of: text, as: world.ada)
      #expect(texts.measures.map(\.text) == ["1,250,000 / 2.5M", "1,250,000 / 1.25M"])
      #expect(texts.measures.map(\.percent) == [50, 100])
      #expect(texts.measures.map(\.isExhausted) == [false, true])
      #expect(texts.plan == "Extractive, 2.5M input and 1.25M output tokens")
      let embedded = try await world.services.consumption.summary(of: embeddings, as: world.ada)
      #expect(embedded.measures.map(\.text) == ["7 / 5M"])
    }
  }

  @Test("The chart of a bundle month has every day, its running total up to today, and the limit (G-5)")
  func bundleMonth() async throws {
    try await withWorld { world in
      let id = try await world.provision(world.request(tokens: 16))
      try await world.use(id, input: 1_000, output: 500)
      world.clock.advance(days: 2)
      try await world.use(id, input: 2_000, output: 0, calls: 3)
      let period = try await world.services.consumption.period(.bundleMonth, of: id, as: world.ada)
      #expect(period.days.count == 31)
      #expect(period.firstDay?.description == "2026-03-15")
      #expect(period.lastDay?.description == "2026-04-14")
      #expect(period.days.count { $0.isFuture } == 28)
      #expect(!period.hasEarlier)

      let calls = try #require(period.series(.calls))
      #expect(calls.values.prefix(4) == [1, 0, 3, 0])
      #expect(calls.runningTotal.prefix(4) == [1, 1, 4, nil])
      #expect(calls.limits.isEmpty)
      #expect(calls.previous.allSatisfy { $0 == nil })
      #expect(try #require(period.series(.input)).values.prefix(3) == [1_000, 0, 6_000])
      #expect(try #require(period.series(.output)).runningTotal.prefix(3) == [500, 500, 500])
      let units = try #require(period.series(.units))
      #expect(units.values.prefix(3) == [1_500_000_000, 0, 6_000_000_000])
      #expect(
        units.limits == [LimitStep(from: LocalDay(year: 2026, month: 3, day: 15), limit: 1_600_000_000_000)])
      #expect(period.series.map(\.kind) == ConsumptionSeriesKind.allCases)
      #expect(units.kind.title == "Monthly Bundle GenAI Units Consumption")
    }
  }

  @Test("The previous period is aligned by day number, and stepping back shows it (G-5)")
  func previous() async throws {
    try await withWorld { world in
      let id = try await world.provision(world.request(tokens: 16))
      try await world.use(id, input: 100)
      world.clock.advance(days: 30)
      try await world.use(id, input: 31)
      world.clock.advance(days: 1)
      try await world.use(id, input: 7)
      let consumption = world.services.consumption
      let current = try await consumption.period(.bundleMonth, of: id, as: world.ada)
      let input = try #require(current.series(.input))
      #expect(current.days.count == 30)
      #expect(input.values[0] == 7)
      #expect(input.runningTotal[0] == 7)
      #expect(input.previous[0] == 100)
      #expect(input.previous[29] == 0)
      #expect(current.hasEarlier)

      let earlier = try await consumption.period(.bundleMonth, stepsBack: 1, of: id, as: world.ada)
      #expect(earlier.stepsBack == 1)
      #expect(try #require(earlier.series(.input)).values.first == 100)
      #expect(try #require(earlier.series(.input)).values.last == 31)
      #expect(earlier.days.allSatisfy { !$0.isFuture })
      #expect(!earlier.hasEarlier)
      let beyond = try await consumption.period(.bundleMonth, stepsBack: .max, of: id, as: world.ada)
      #expect(beyond.stepsBack == 1)
      let future = try await consumption.period(.bundleMonth, stepsBack: -5, of: id, as: world.ada)
      #expect(future.stepsBack == 0)
    }
  }

  @Test("Who is not on the team learns nothing of the consumption (P-6)")
  func rights() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      for caller in [world.bram, world.stranger] {
        let errors = [
          await platformError { _ = try await world.services.consumption.summary(of: id, as: caller) },
          await platformError { _ = try await world.services.consumption.period(.bundleMonth, of: id, as: caller) },
        ]
        for error in errors {
          guard case .notFound = error else {
            Issue.record("not hidden: \(String(describing: error))")
            continue
          }
        }
      }
    }
  }

  @Test("Ranges that come later are refused with a sentence (G-5)", arguments: ConsumptionRange.allCases)
  func ranges(range: ConsumptionRange) async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let error = await platformError {
        _ = try await world.services.consumption.period(range, of: id, as: world.ada)
      }
      #expect((error == nil) == (range == .bundleMonth))
    }
  }
}
