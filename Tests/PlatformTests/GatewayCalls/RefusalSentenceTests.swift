import Core
import TestSupport
import Testing

@testable import Platform

@Suite("What an exhausted resource says (U-6, F-1)")
struct RefusalSentenceTests {
  private let now = Sample.start.adding(seconds: 3_600)

  @Test("One sentence tells resource, used, reserved, allowed and the day of refill")
  func units() throws {
    let failure = sentence(
      .exhausted, .units(GenAIUnits(whole: 1_000)),
      settled: Consumption(units: GenAIUnits(whole: 990)), reserved: Consumption(units: GenAIUnits(whole: 4)),
      needed: Consumption(units: GenAIUnits(whole: 12)))
    guard case .exhausted(let message, let retryAfter) = failure else { throw Unexpected() }
    #expect(message.hasPrefix("The allowance of the resource \"Support assistant\" is exhausted: "))
    for figure in ["990", "4", "1,000", "12", "2026-04-15", "Europe/Amsterdam"] { #expect(message.contains(figure)) }
    let refill = MeteringScene.months.month(0).end
    #expect(retryAfter == Int(refill.millisecondsSince(now) / 1_000))
  }

  @Test(
    "A call that fits no month at all is told so, and what would help",
    arguments: [AdmissionRefusal.Limit.resource, .key])
  func tooLarge(limit: AdmissionRefusal.Limit) {
    let caller = MeteringScene.caller(allowance: .units(GenAIUnits(whole: 100)), at: now)
    func message(needed: Int64) -> String {
      RefusalSentence(
        AdmissionRefusal(
          kind: .exhausted, limit: limit, settled: Consumption(units: GenAIUnits(whole: 7)), reserved: .zero,
          needed: Consumption(units: GenAIUnits(whole: needed)), allowance: .units(GenAIUnits(whole: 100))),
        snapshot: caller.snapshot, refillsAt: MeteringScene.months.month(0).end, now: now
      ).failure.message
    }
    let large = message(needed: 101)
    #expect(large.contains("too small for this call") && large.contains("max_tokens"))
    #expect(large.contains(limit == .key ? "raise the key's limit" : "more capacity"))
    for figure in ["7 used", "100 GenAI Units allowed", "101", "2026-04-15"] { #expect(large.contains(figure)) }
    let fitting = message(needed: 100)
    #expect(fitting.contains("is exhausted") && !fitting.contains("too small"))
  }

  @Test("A plan tells input and output tokens apart")
  func plan() throws {
    let failure = sentence(
      .contended, .plan(input: 2_500_000, output: 1_250_000),
      settled: Consumption(input: 100, output: 1_000_000), reserved: Consumption(input: 50, output: 249_990),
      needed: Consumption(input: 10, output: 256))
    guard case .contended(let message, let retryAfter) = failure else { throw Unexpected() }
    #expect(message.contains("input tokens 100 used, 50 reserved, 2,500,000 allowed"))
    #expect(message.contains("output tokens 1,000,000 used, 249,990 reserved, 1,250,000 allowed"))
    #expect(message.contains("10 and 256"))
    #expect((1...5).contains(retryAfter))
  }

  @Test("A plan of embeddings speaks of input alone (U-3)")
  func embeddings() {
    let failure = sentence(
      .exhausted, .plan(input: 5_000_000, output: nil), settled: Consumption(input: 4_999_999), reserved: .zero,
      needed: Consumption(input: 8))
    #expect(failure.message.contains("input tokens 4,999,999 used"))
    #expect(!failure.message.contains("output"))
  }

  @Test("In the last moment of a month the next try is at least a second away")
  func lastMoment() throws {
    let end = MeteringScene.months.month(0).end
    let refusal = AdmissionRefusal(
      kind: .exhausted, settled: .zero, reserved: .zero, needed: .zero, allowance: .units(.zero))
    let caller = MeteringScene.caller(allowance: .units(.zero), at: Sample.start)
    let failure = RefusalSentence(
      refusal, snapshot: caller.snapshot, refillsAt: end, now: end.adding(milliseconds: -1)
    ).failure
    guard case .exhausted(_, let retryAfter) = failure else { throw Unexpected() }
    #expect(retryAfter == 1)
  }

  private func sentence(
    _ kind: AdmissionRefusal.Kind, _ allowance: Allowance, settled: Consumption, reserved: Consumption,
    needed: Consumption
  ) -> GatewayFailure {
    let caller = MeteringScene.caller(allowance: allowance, at: now)
    return RefusalSentence(
      AdmissionRefusal(kind: kind, settled: settled, reserved: reserved, needed: needed, allowance: allowance),
      snapshot: caller.snapshot, refillsAt: MeteringScene.months.month(0).end, now: now
    ).failure
  }
}
