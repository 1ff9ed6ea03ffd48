import Testing

@testable import Core

@Suite("Reserving another attempt (M-4)")
struct ReadmissionTests {
  /// Says of one attempt what may be held, from the specification: what is settled, what others hold, what earlier
  /// attempts of the same call are charged, and the bounds. Sums of whole numbers; tokens found by trying.
  private struct Naive {
    enum Mistake: CaseIterable { case none, forgetsSpent, countsItselfTwice, keepsOldBounds }

    let mistake: Mistake
    let allowed: Int
    /// Charged by earlier attempts, and held by the running one, by call.
    var open: [String: (spent: Int, bounds: Int)] = [:]
    var settled = 0

    func fits(_ amount: Int, without id: String) -> Bool {
      let others = open.filter { mistake == .countsItselfTwice || $0.key != id }
      return others.values.reduce(settled + amount) { $0 + $1.spent + $1.bounds } <= allowed
    }

    /// Output tokens at `price` each; nil where not even `least` fit beside `spent` and the input.
    func tokens(_ id: String, spent: Int, input: Int, asked: Int, least: Int, price: Int) -> Int? {
      let base = mistake == .forgetsSpent ? input : spent + input
      return stride(from: asked, through: least, by: -1).first { fits(base + $0 * price, without: id) }
    }

    mutating func hold(_ id: String, spent: Int, bounds: Int) {
      let old = open[id]?.bounds ?? 0
      open[id] = (spent, mistake == .keepsOldBounds && old > 0 ? max(old, bounds) : bounds)
    }
  }

  @Test("Random histories of attempts agree with the naive model, for a resource and for a key's limit")
  func agrees() {
    let seed = UInt64.random(in: 0 ... .max)
    for number in UInt64(0)..<3_000 {
      let difference = Self.difference(.none, seed: seed &+ number)
      #expect(difference == nil, "seed \(seed &+ number): \(difference ?? "")")
    }
  }

  @Test("A planted mistake is found")
  func findsMistakes() {
    let seed = UInt64.random(in: 0 ... .max)
    for mistake in Naive.Mistake.allCases where mistake != .none {
      #expect((UInt64(0)..<3_000).contains { Self.difference(mistake, seed: seed &+ $0) != nil }, "seed \(seed)")
    }
  }

  @Test("What does not fit changes nothing, neither at the resource nor at the key")
  func refusalChangesNothing() {
    let bounds = CallBounds(
      input: 100, requestedMaxTokens: 10, defaultMaxTokens: 10, maxOutputTokens: 10, metersOutput: true)
    let rates = ExchangeRates(input: 1, output: 1)
    var account = AllowanceAccount(allowance: .units(GenAIUnits(nano: 1_000)))
    var key: AllowanceAccount? = AllowanceAccount(allowance: .units(GenAIUnits(nano: 205)))
    _ = account.admit(RequestID("a"), bounds, rates: rates, key: &key)
    let (before, keyBefore) = (account.reserved, key?.reserved)
    let spent = Consumption(units: GenAIUnits(nano: 100), input: 100, output: 0)
    #expect(account.readmit(RequestID("a"), spent: spent, bounds, rates: rates, key: &key) == nil)
    #expect(account.reserved == before && key?.reserved == keyBefore)
    key?.allowance = .units(GenAIUnits(nano: 210))
    let again = account.readmit(RequestID("a"), spent: spent, bounds, rates: rates, key: &key)
    #expect(again?.consumption.units.nano == 210 && again?.maxTokens == 10)
    #expect(account.reserved.units.nano == 210 && key?.reserved.units.nano == 210)
    account.settle(RequestID("a"), actual: .zero)
    key?.settle(RequestID("a"), actual: .zero)
    #expect(account.reserved == .zero && key?.reserved == .zero && account.openReservations == 0)
    var nobody: AllowanceAccount?
    #expect(account.readmit(RequestID("b"), spent: spent, bounds, rates: rates, key: &nobody) == nil)
  }

  private static func difference(_ mistake: Naive.Mistake, seed: UInt64) -> String? {
    var random = SplitMix(seed: seed)
    func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let (allowed, limit) = (roll(500...20_000), roll(500...20_000))
    var naive = [Naive(mistake: mistake, allowed: allowed), Naive(mistake: mistake, allowed: limit)]
    var account = AllowanceAccount(allowance: .units(GenAIUnits(nano: Int64(allowed))))
    var key: AllowanceAccount? = AllowanceAccount(allowance: .units(GenAIUnits(nano: Int64(limit))))
    let rates = ExchangeRates(input: 3, output: 2)
    for step in 0..<40 {
      let id = "r\(roll(0...5))"
      let isOpen = naive[0].open[id] != nil
      if isOpen, roll(0...3) == 0 {
        let actual = roll(0...(naive[0].open[id].map { $0.spent + $0.bounds } ?? 0))
        for index in naive.indices {
          naive[index].open[id] = nil
          naive[index].settled += actual
        }
        let consumption = Consumption(units: GenAIUnits(nano: Int64(actual)))
        account.settle(RequestID(id), actual: consumption)
        key?.settle(RequestID(id), actual: consumption)
        continue
      }
      let (input, asked) = (roll(0...300), roll(1...700))
      let spent = isOpen ? (naive[0].open[id]?.spent ?? 0) + roll(0...900) : 0
      let bounds = CallBounds(
        input: TokenCount(Int64(input)), requestedMaxTokens: asked, defaultMaxTokens: asked, maxOutputTokens: asked,
        metersOutput: true)
      let granted = naive.map {
        $0.tokens(id, spent: spent, input: input * 3, asked: asked, least: min(asked, 256), price: 2)
      }
      let expected = granted[0].flatMap { first in granted[1].map { min(first, $0) } }
      var got: Reservation?
      if isOpen {
        got = account.readmit(
          RequestID(id), spent: Consumption(units: GenAIUnits(nano: Int64(spent))), bounds, rates: rates, key: &key)
      } else if case .admitted(let reservation) = account.admit(RequestID(id), bounds, rates: rates, key: &key) {
        got = reservation
      }
      guard got?.maxTokens == expected else {
        return "step \(step): \(String(describing: got?.maxTokens)), expected \(String(describing: expected))"
      }
      if let expected {
        for index in naive.indices { naive[index].hold(id, spent: spent, bounds: input * 3 + expected * 2) }
      }
      let held = naive.map { $0.open.values.reduce(0) { $0 + $1.spent + $1.bounds } }
      guard account.reserved.units.nano == Int64(held[0]), key?.reserved.units.nano == Int64(held[1]) else {
        return "step \(step): \(account.reserved.units.nano) held, expected \(held)"
      }
    }
    return nil
  }
}
