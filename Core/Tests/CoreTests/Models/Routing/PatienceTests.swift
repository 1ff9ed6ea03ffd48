import Testing

@testable import Core

@Suite("Patience by the size of the prompt (N-3)")
struct PatienceTests {
  private static let deployment = MachineHarness.deployment("eu-a")

  private static func report(
    _ input: Int64, _ event: AttemptReport.Event, pace: AnswerPace = .streamed, at now: Instant
  ) -> AttemptReport {
    AttemptReport(deployment: deployment, pace: pace, input: TokenCount(input), begunAt: now, event: event)
  }

  private static func answer(
    _ health: inout DeploymentHealth, _ input: Int64, _ milliseconds: Int64, pace: AnswerPace = .streamed,
    at now: Instant
  ) {
    health.take(report(input, .firstToken(milliseconds: milliseconds), pace: pace, at: now), at: now)
  }

  @Test("A prompt of 100,000 tokens is not judged by calls of 50")
  func longAfterShort() throws {
    var health = DeploymentHealth()
    for second in 0..<50 {
      Self.answer(&health, 250, 120, at: Instant(milliseconds: Int64(second) * 1_000))
    }
    #expect(try #require(health.patience(.streamed, input: 250)) < 1_000)
    #expect(try #require(health.patience(.streamed, input: 400_000)) > 40_000)
    // And where it has always been quick from its cache, a quick one's reading is waited for all the same.
    for second in 50..<100 {
      Self.answer(&health, 400_000, 300, at: Instant(milliseconds: Int64(second) * 1_000))
    }
    #expect(try #require(health.patience(.streamed, input: 400_000)) >= 10_000)
  }

  @Test("Short calls stay impatient, however long others take to be read")
  func shortBesideLong() throws {
    var health = DeploymentHealth()
    for second in 0..<50 {
      let now = Instant(milliseconds: Int64(second) * 1_000)
      Self.answer(&health, 250, 120, at: now)
      Self.answer(&health, 400_000, 20_000, at: now)
    }
    #expect(try #require(health.patience(.streamed, input: 250)) < 1_000)
    #expect(try #require(health.patience(.streamed, input: 400_000)) >= 20_000)
  }

  @Test("A size that is not known is judged by the next larger one, otherwise in proportion by the next smaller one")
  func unknownSizes() {
    let now = Instant(milliseconds: 1_000)
    var health = DeploymentHealth()
    #expect(health.patience(.streamed, input: 0) == RoutingRules.unknownPatience)
    #expect(health.patience(.whole, input: 0) == nil)
    Self.answer(&health, 20_000, 2_000, at: now)
    // One sample: itself and four times its half.
    #expect(health.patience(.streamed, input: 20_000) == 6_000)
    #expect(health.patience(.streamed, input: 100) == 6_000)
    #expect(health.patience(.streamed, input: 60_000) == 18_000)
    // In proportion that would be 60 s; a slow provider takes 33.
    #expect(health.patience(.streamed, input: 200_000) == 33_000)
    Self.answer(&health, 2_000, 1_000, pace: .whole, at: now)
    #expect(health.patience(.whole, input: 20_000) == 30_000)
  }

  @Test("A long prompt that is being read does not make its deployment suspect; a short one that hangs does")
  func suspicion() {
    var health = DeploymentHealth()
    let start = Instant(milliseconds: 1_000)
    for _ in 0..<50 { Self.answer(&health, 250, 120, at: start) }
    let begun = start.adding(milliseconds: 1)
    health.take(Self.report(400_000, .begun, at: begun), at: begun)
    #expect(!health.isSuspect(at: begun.adding(milliseconds: 10_000)))
    health.take(Self.report(250, .begun, at: begun), at: begun)
    #expect(health.isSuspect(at: begun.adding(milliseconds: 10_000)))
  }

  /// Calls of random sizes, one after the other, at a provider that reads so many counted tokens in a millisecond; how
  /// many of them are given up. `told` is the size that routing hears of.
  private static func givenUp(
    reading: Int64, _ random: inout SplitMix, told: (Int64) -> Int64
  ) -> Int {
    var health = DeploymentHealth()
    var now = Instant(milliseconds: 1_000_000)
    var givenUp = 0
    for _ in 0..<300 {
      let input = 50 + Int64(random.next() % UInt64(1_000 << (random.next() % 11)))
      let takes = 200 + Int64(random.next() % 100) + input / reading
      let patience = health.patience(.streamed, input: TokenCount(told(input))) ?? .max
      health.take(report(told(input), .begun, at: now), at: now)
      let begun = now
      now = now.adding(milliseconds: min(takes, patience))
      let event = takes > patience ? AttemptReport.Event.ended(.abandoned) : .firstToken(milliseconds: takes)
      givenUp += takes > patience ? 1 : 0
      let report = AttemptReport(
        deployment: deployment, pace: .streamed, input: TokenCount(told(input)), begunAt: begun, event: event)
      health.take(report, at: now)
    }
    return givenUp
  }

  @Test(
    "Nobody is given up at a provider that works, whatever it is asked to read", arguments: [10, 20, 40, 100, 1_000])
  func nobodyIsGivenUp(reading: Int64) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(seed: seed)
    var blind = 0
    for _ in 0..<20 {
      let givenUp = Self.givenUp(reading: reading, &random) { $0 }
      #expect(givenUp == 0, "seed \(seed)")
      blind += Self.givenUp(reading: reading, &random) { _ in 250 }
    }
    // Patience that does not hear of sizes is found, where reading takes any time.
    if reading <= 100 { #expect(blind > 20, "seed \(seed)") }
  }
}
