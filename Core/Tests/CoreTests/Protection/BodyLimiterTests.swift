import Core
import Testing

@Suite("Memory of request bodies (L-1)")
struct BodyLimiterTests {
  private let a = KeyID("a")
  private let b = KeyID("b")
  private let one = ResourceID("one")
  private let two = ResourceID("two")
  private let three = ResourceID("three")
  private let limits = BodyLimits(total: 100, perKey: 30, perResource: 40, small: 5, reserve: 10)

  @Test("A key has its share, and what was refused counts for nothing")
  func perKey() throws {
    var limiter = BodyLimiter(limits)
    try limiter.take(30, beside: 0, key: a, of: one)
    #expect(throws: BodyLimitRefusal.key(limit: 30)) { try limiter.take(1, beside: 30, key: a, of: one) }
    #expect(limiter.held == 30)
    try limiter.take(10, beside: 0, key: b, of: one)
    limiter.giveBack(20, key: a, of: one)
    #expect(throws: BodyLimitRefusal.key(limit: 30)) { try limiter.take(21, beside: 10, key: a, of: one) }
    try limiter.take(20, beside: 10, key: a, of: one)
  }

  @Test("A resource has its share over all its keys, and others are not touched by it")
  func perResource() throws {
    var limiter = BodyLimiter(limits)
    try limiter.take(30, beside: 0, key: a, of: one)
    try limiter.take(10, beside: 0, key: b, of: one)
    #expect(throws: BodyLimitRefusal.resource(limit: 40)) { try limiter.take(1, beside: 10, key: b, of: one) }
    try limiter.take(30, beside: 0, key: KeyID("c"), of: two)
  }

  @Test("What large bodies leave is for small ones, until there is nothing left")
  func reserve() throws {
    var limiter = BodyLimiter(limits)
    for (key, resource) in [(a, one), (b, two), (KeyID("c"), three)] {
      try limiter.take(30, beside: 0, key: key, of: resource)
    }
    let d = KeyID("d")
    #expect(throws: BodyLimitRefusal.everywhere) { try limiter.take(6, beside: 0, key: d, of: ResourceID("four")) }
    try limiter.take(5, beside: 0, key: d, of: ResourceID("four"))
    #expect(throws: BodyLimitRefusal.everywhere) { try limiter.take(1, beside: 5, key: d, of: ResourceID("four")) }
    try limiter.take(5, beside: 0, key: d, of: ResourceID("four"))
    #expect(throws: BodyLimitRefusal.everywhere) { try limiter.take(1, beside: 0, key: d, of: ResourceID("four")) }
    #expect(limiter.held == 100)
  }

  @Test("After everything was given back nothing is remembered")
  func nothingLeft() throws {
    var limiter = BodyLimiter(limits)
    try limiter.take(0, beside: 0, key: a, of: one)
    #expect(limiter.remembered == 0)
    try limiter.take(7, beside: 0, key: a, of: one)
    try limiter.take(8, beside: 0, key: b, of: one)
    #expect(limiter.remembered == 3)
    limiter.giveBack(7, key: a, of: one)
    limiter.giveBack(8, key: b, of: one)
    #expect(limiter.remembered == 0 && limiter.held == 0)
  }
}
