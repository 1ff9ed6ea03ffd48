import Core
import Testing

/// The rules of U-4 to U-6, U-8 written from the specification as plainly as can be: lists of what is open and what was
/// settled, sums over them, and the tokens to grant found by trying. Shares no code with the account.
private struct NaiveAllowance {
  /// What can be planted, to prove that the comparison sees it.
  enum Mistake: String, CaseIterable {
    case none
    case floorOneTooLow
    case forgetsOpenReservations
    case cheapestInput
    case keepsReservationAfterSettling
    case contendedForExhausted
    case ignoresOutputQuota
    case oneTokenTooMany
  }

  struct Call {
    let input: Int
    let asked: Int
    let reasoning: Int
    let metersOutput: Bool
    /// Input, output, cache write, cache read.
    let rates: [Int]
  }

  enum Answer: Equatable {
    case granted(Int)
    case exhausted
    case contended
  }

  /// Nil where the allowance is a plan.
  let units: Int?
  let inputQuota: Int
  let outputQuota: Int?
  let mistake: Mistake
  var open: [String: (units: Int, input: Int, output: Int)] = [:]
  var settled: [(units: Int, input: Int, output: Int)] = []

  func permits(_ call: Call, output: Int, withOpen: Bool) -> Bool {
    var dearest = max(call.rates[0], call.rates[2], call.rates[3])
    if mistake == .cheapestInput { dearest = min(call.rates[0], call.rates[2], call.rates[3]) }
    let price = call.input * dearest + output * call.rates[1]
    let all = settled + (withOpen && mistake != .forgetsOpenReservations ? Array(open.values) : [])
    if let units { return all.map(\.units).reduce(price, +) <= units }
    if all.map(\.input).reduce(call.input, +) > inputQuota { return false }
    if mistake == .ignoresOutputQuota { return true }
    return outputQuota.map { all.map(\.output).reduce(output, +) <= $0 } ?? true
  }

  func answer(_ call: Call) -> Answer {
    let asked = call.metersOutput ? call.asked : 0
    var least = min(asked, mistake == .floorOneTooLow ? 255 : 256)
    if call.reasoning > 0 { least = min(asked, max(least, call.reasoning + 1)) }
    for tokens in stride(from: asked, through: least, by: -1) where permits(call, output: tokens, withOpen: true) {
      return .granted(mistake == .oneTokenTooMany && tokens < asked ? tokens + 1 : tokens)
    }
    let wouldFitAlone = permits(call, output: least, withOpen: false)
    return wouldFitAlone || mistake == .contendedForExhausted ? .contended : .exhausted
  }

  mutating func hold(_ id: String, _ call: Call, output: Int) {
    let dearest = max(call.rates[0], call.rates[2], call.rates[3])
    open[id] = (call.input * dearest + output * call.rates[1], call.input, output)
  }

  mutating func settle(_ id: String, _ actual: (units: Int, input: Int, output: Int)) {
    guard open[id] != nil else { return }
    if mistake != .keepsReservationAfterSettling { open[id] = nil }
    settled.append(actual)
  }
}

@Suite("Random histories against a naive model")
struct AllowanceHistoryTests {
  @Test("U-4 to U-6: 10,000 random histories of reserving, settling and releasing agree with the naive model")
  func agrees() {
    let seed = UInt64.random(in: 0 ... .max)
    print("allowance histories, seed \(seed)")
    var random = SplitMix(seed: seed)
    var kinds: Set<String> = []
    for number in 0..<10_000 {
      let difference = firstDifference(.none, &random, &kinds)
      #expect(difference == nil, "history \(number) of seed \(seed)")
      if difference != nil { return }
    }
    #expect(kinds == ["asked", "lowered", "exhausted", "contended", "overran"], "seed \(seed)")
  }

  @Test(
    "A planted mistake is caught", arguments: NaiveAllowance.Mistake.allCases.filter { $0 != .none }.map(\.rawValue))
  func planted(mistake: String) throws {
    let mistake = try #require(NaiveAllowance.Mistake(rawValue: mistake))
    let seed = UInt64.random(in: 0 ... .max)
    print("planted \(mistake), seed \(seed)")
    var random = SplitMix(seed: seed)
    var kinds: Set<String> = []
    // The rarest mistake shows in one history of about six hundred.
    let caught = (0..<20_000).contains { _ in firstDifference(mistake, &random, &kinds) != nil }
    #expect(caught, "seed \(seed)")
  }

  /// Plays one history on both; the first step at which they differ.
  private func firstDifference(
    _ mistake: NaiveAllowance.Mistake, _ random: inout SplitMix, _ kinds: inout Set<String>
  ) -> String? {
    let isPlan = Bool.random(using: &random)
    let isText = Bool.random(using: &random)
    let size = Int.random(in: 100...4_000, using: &random)
    var naive = NaiveAllowance(
      units: isPlan ? nil : size * 10, inputQuota: size, outputQuota: isText ? size / 2 : nil, mistake: mistake)
    var account = AllowanceAccount(
      allowance: isPlan
        ? .plan(input: TokenCount(size), output: isText ? TokenCount(size / 2) : nil)
        : .units(GenAIUnits(nano: Int64(size * 10))))
    var ids: [String] = []
    for step in 0..<12 {
      if ids.isEmpty || Int.random(in: 0..<5, using: &random) < 3 {
        let call = randomCall(isText, &random)
        let id = "r\(step)"
        if let difference = admit(id, call, &naive, &account, &ids, &kinds) { return difference }
      } else {
        let id = ids.remove(at: Int.random(in: 0..<ids.count, using: &random))
        settle(id, &naive, &account, &random, &kinds)
      }
      if let difference = compare(naive, account) { return "step \(step): \(difference)" }
    }
    return nil
  }

  private func randomCall(_ isText: Bool, _ random: inout SplitMix) -> NaiveAllowance.Call {
    let input = Int.random(in: 1...10, using: &random)
    return NaiveAllowance.Call(
      input: Int.random(in: 1...800, using: &random), asked: Int.random(in: 0...700, using: &random),
      reasoning: Bool.random(using: &random) ? 0 : Int.random(in: 1...500, using: &random), metersOutput: isText,
      rates: [
        input, isText ? Int.random(in: 0...20, using: &random) : 0, Int.random(in: 1...13, using: &random),
        Int.random(in: 1...10, using: &random),
      ])
  }

  private func admit(
    _ id: String, _ call: NaiveAllowance.Call, _ naive: inout NaiveAllowance, _ account: inout AllowanceAccount,
    _ ids: inout [String], _ kinds: inout Set<String>
  ) -> String? {
    let bounds = CallBounds(
      input: TokenCount(call.input), requestedMaxTokens: call.metersOutput ? call.asked : nil, defaultMaxTokens: 0,
      maxOutputTokens: 700, reasoningBudget: call.reasoning > 0 ? call.reasoning : nil, metersOutput: call.metersOutput)
    let rates = ExchangeRates(
      input: Int64(call.rates[0]), output: Int64(call.rates[1]), cacheWrite: Int64(call.rates[2]),
      cacheRead: Int64(call.rates[3]))
    let expected = naive.answer(call)
    switch account.admit(RequestID(id), bounds, rates: rates) {
    case .refused(let refusal):
      kinds.insert(refusal.kind.rawValue)
      let got: NaiveAllowance.Answer = refusal.kind == .exhausted ? .exhausted : .contended
      return got == expected ? nil : "\(got) for \(expected)"
    case .admitted(let reservation):
      let granted = reservation.maxTokens ?? 0
      kinds.insert(reservation.isLowered ? "lowered" : "asked")
      guard expected == .granted(granted) else { return "granted \(granted) for \(expected)" }
      guard reservation.isLowered == (call.metersOutput && granted < call.asked) else { return "isLowered" }
      naive.hold(id, call, output: granted)
      ids.append(id)
      guard fits(account) else { return "settled and reserved exceed the allowance" }
      return nil
    }
  }

  /// The invariant of U-5, read from the account alone.
  private func fits(_ account: AllowanceAccount) -> Bool {
    switch account.allowance {
    case .units(let units): account.settled.units + account.reserved.units <= units
    case .plan(let input, let output):
      account.settled.input + account.reserved.input <= input
        && account.settled.output + account.reserved.output <= (output ?? TokenCount(Int64.max))
    }
  }

  private func settle(
    _ id: String, _ naive: inout NaiveAllowance, _ account: inout AllowanceAccount, _ random: inout SplitMix,
    _ kinds: inout Set<String>
  ) {
    guard let held = naive.open[id] else { return }
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1:
      naive.open[id] = nil
      account.release(RequestID(id))
    case 2:
      // The provider reports more than was reserved.
      let actual = (units: held.units + 7, input: held.input + 1, output: held.output)
      naive.settle(id, actual)
      if case .overran = account.settle(RequestID(id), actual: consumption(actual)) { kinds.insert("overran") }
    default:
      let actual = (
        units: Int.random(in: 0...held.units, using: &random), input: Int.random(in: 0...held.input, using: &random),
        output: Int.random(in: 0...held.output, using: &random)
      )
      naive.settle(id, actual)
      account.settle(RequestID(id), actual: consumption(actual))
      account.settle(RequestID(id), actual: consumption(actual))
    }
  }

  private func consumption(_ figures: (units: Int, input: Int, output: Int)) -> Consumption {
    Consumption(
      units: GenAIUnits(nano: Int64(figures.units)), input: TokenCount(figures.input),
      output: TokenCount(figures.output))
  }

  private func compare(_ naive: NaiveAllowance, _ account: AllowanceAccount) -> String? {
    let settled = naive.settled.map(consumption).reduce(.zero, +)
    let reserved = naive.open.values.map(consumption).reduce(.zero, +)
    if account.settled != settled { return "settled \(account.settled) for \(settled)" }
    return account.reserved == reserved ? nil : "reserved \(account.reserved) for \(reserved)"
  }
}
