import Core
import Testing

@Suite("Limits of calls (L-1)")
struct CallLimiterTests {
  private let a = KeyID("a")
  private let b = KeyID("b")
  private let one = ResourceID("one")
  private let two = ResourceID("two")

  private func instant(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

  @Test("A key has its calls at a time, and gets a place back when one has left")
  func perKey() throws {
    var limiter = CallLimiter(CallLimits(perKey: 2, perResource: nil, total: 100, perMinute: nil))
    try limiter.enter(key: a, of: one, at: instant(0))
    try limiter.enter(key: a, of: one, at: instant(0))
    #expect(throws: CallLimitRefusal.key(limit: 2)) { try limiter.enter(key: a, of: one, at: instant(0)) }
    try limiter.enter(key: b, of: one, at: instant(0))
    limiter.leave(key: a, of: one)
    try limiter.enter(key: a, of: one, at: instant(0))
    #expect(limiter.running == 3)
  }

  @Test("A resource has its calls at a time over all its keys, whatever others do")
  func perResource() throws {
    var limiter = CallLimiter(CallLimits(perKey: nil, perResource: 2, total: 100, perMinute: nil))
    try limiter.enter(key: a, of: one, at: instant(0))
    try limiter.enter(key: b, of: one, at: instant(0))
    #expect(throws: CallLimitRefusal.resource(limit: 2)) { try limiter.enter(key: a, of: one, at: instant(0)) }
    try limiter.enter(key: KeyID("c"), of: two, at: instant(0))
    limiter.leave(key: b, of: one)
    try limiter.enter(key: a, of: one, at: instant(0))
  }

  @Test("The gateway has its calls at a time")
  func everywhere() throws {
    var limiter = CallLimiter(CallLimits(perKey: nil, perResource: nil, total: 1, perMinute: nil))
    try limiter.enter(key: a, of: one, at: instant(0))
    #expect(throws: CallLimitRefusal.everywhere) { try limiter.enter(key: b, of: two, at: instant(0)) }
  }

  @Test("A key that made its minute's calls waits for the next, which comes evenly")
  func perMinute() throws {
    var limiter = CallLimiter(CallLimits(perKey: nil, perResource: nil, total: 100, perMinute: 60))
    for _ in 0..<60 { try limiter.enter(key: a, of: one, at: instant(5_000)) }
    #expect(throws: CallLimitRefusal.rate(perMinute: 60, wait: 1_000)) {
      try limiter.enter(key: a, of: one, at: instant(5_000))
    }
    #expect(throws: CallLimitRefusal.rate(perMinute: 60, wait: 1)) {
      try limiter.enter(key: a, of: one, at: instant(5_999))
    }
    try limiter.enter(key: a, of: one, at: instant(6_000))
    try limiter.enter(key: b, of: one, at: instant(6_000))
  }

  @Test("Who keeps an even pace is never refused")
  func evenPace() throws {
    var limiter = CallLimiter(CallLimits(perKey: nil, perResource: nil, total: 100_000, perMinute: 7))
    // The first minute's calls at once, then one each seventh of a minute, rounded up.
    for _ in 0..<7 { try limiter.enter(key: a, of: one, at: instant(0)) }
    for call in 1...10_000 { try limiter.enter(key: a, of: one, at: instant((Int64(call) * 60_000 + 6) / 7)) }
  }

  @Test("A clock that is set back gives nothing back, and nobody waits for it to come round again")
  func clockSetBack() throws {
    var limiter = CallLimiter(CallLimits(perKey: nil, perResource: nil, total: 100, perMinute: 60))
    let noon: Int64 = 43_200_000
    for _ in 0..<60 { try limiter.enter(key: a, of: one, at: instant(noon)) }
    let back = noon - 3_600_000
    #expect(throws: CallLimitRefusal.rate(perMinute: 60, wait: 1_000)) {
      try limiter.enter(key: a, of: one, at: instant(back))
    }
    try limiter.enter(key: a, of: one, at: instant(back + 1_000))
    #expect(throws: CallLimitRefusal.self) { try limiter.enter(key: a, of: one, at: instant(back + 1_000)) }
  }

  @Test("Keys are remembered up to the limit, and those with running calls beyond it")
  func memory() throws {
    var limiter = CallLimiter(CallLimits(perKey: 1, perResource: nil, total: 10_000, perMinute: 10, remembered: 100))
    for number in 0..<5_000 {
      let key = KeyID("key-\(number)")
      try limiter.enter(key: key, of: one, at: instant(Int64(number)))
      limiter.leave(key: key, of: one)
      #expect(limiter.rememberedKeys <= 100)
    }
    // Who runs is never forgotten.
    for number in 0..<300 { try limiter.enter(key: KeyID("running-\(number)"), of: one, at: instant(9_000)) }
    #expect(throws: CallLimitRefusal.key(limit: 1)) {
      try limiter.enter(key: KeyID("running-0"), of: one, at: instant(9_000))
    }
    #expect((300...400).contains(limiter.rememberedKeys))
  }

  @Test("Forgetting prefers keys for whom it makes no difference")
  func forgetting() throws {
    var limiter = CallLimiter(CallLimits(perKey: nil, perResource: nil, total: 10, perMinute: 1, remembered: 2))
    for (key, at) in [(a, 0), (b, 59_000)] as [(KeyID, Int64)] {
      try limiter.enter(key: key, of: one, at: instant(at))
      limiter.leave(key: key, of: one)
    }
    try limiter.enter(key: KeyID("c"), of: one, at: instant(60_000))
    #expect(throws: CallLimitRefusal.self) { try limiter.enter(key: b, of: one, at: instant(60_000)) }
  }

  @Test("Random histories agree with a naive reading of the rules", arguments: SplitMix.seeds)
  func agrees(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<60 {
      let step = difference(&random, .none)
      #expect(step == nil, "seed \(seed)")
    }
  }

  @Test("A planted mistake is caught", arguments: NaiveCallLimiter.Mistake.allCases.filter { $0 != .none })
  func planted(mistake: NaiveCallLimiter.Mistake) {
    // Each history shows each mistake with a probability of a twentieth at the least, so that 500 miss it with 1e-11.
    var random = SplitMix(seed: .random(in: 0...UInt64(UInt32.max)))
    let isCaught = (0..<500).contains { _ in difference(&random, mistake) != nil }
    #expect(isCaught)
  }

  /// The first step at which the limiter and the naive model disagree in a random history.
  private func difference(_ random: inout SplitMix, _ mistake: NaiveCallLimiter.Mistake) -> Int? {
    let perKey = Bool.random(using: &random) ? Int.random(in: 1...4, using: &random) : nil
    let perResource = Bool.random(using: &random) ? Int.random(in: 1...5, using: &random) : nil
    let perMinute = Int.random(in: 0...3, using: &random) > 0 ? Int.random(in: 1...11, using: &random) : nil
    let total = Int.random(in: 2...12, using: &random)
    var limiter = CallLimiter(CallLimits(perKey: perKey, perResource: perResource, total: total, perMinute: perMinute))
    var naive = NaiveCallLimiter(
      perKey: perKey, perResource: perResource, total: total, perMinute: perMinute, mistake: mistake)
    var running: [(KeyID, ResourceID)] = []
    var now: Int64 = 0
    for step in 0..<150 {
      now += [0, 0, 0, 1, 331, 997, 2_003].randomElement(using: &random) ?? 0
      if Int.random(in: 0...49, using: &random) == 0 { now += 61_000 }
      if !running.isEmpty, Int.random(in: 0...9, using: &random) < 5 {
        let (key, resource) = running.remove(at: Int.random(in: running.indices, using: &random))
        limiter.leave(key: key, of: resource)
        naive.leave(key, resource)
        continue
      }
      let number = Int.random(in: 0...3, using: &random)
      let (key, resource) = (KeyID("key-\(number)"), ResourceID("resource-\(number / 2)"))
      var refusal: CallLimitRefusal?
      do throws(CallLimitRefusal) {
        try limiter.enter(key: key, of: resource, at: instant(now))
        running.append((key, resource))
      } catch {
        refusal = error
      }
      if naive.enter(key, resource, now) != refusal || limiter.running != running.count { return step }
    }
    return nil
  }
}
