import Core
import Testing

/// A text call with `input` tokens that asks for `asked` output tokens.
func textCall(_ input: TokenCount, asked: Int?, reasoning: Int? = nil) -> CallBounds {
  CallBounds(
    input: input, requestedMaxTokens: asked, defaultMaxTokens: 500, maxOutputTokens: 4_000, reasoningBudget: reasoning,
    metersOutput: true)
}

/// An embeddings call with `input` tokens.
func embeddingsCall(_ input: TokenCount) -> CallBounds {
  CallBounds(input: input, requestedMaxTokens: nil, defaultMaxTokens: 0, maxOutputTokens: 0, metersOutput: false)
}

extension AdmissionDecision {
  var reservation: Reservation? { if case .admitted(let reservation) = self { reservation } else { nil } }
  var refusal: AdmissionRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}

@Suite("Reserving and settling an allowance")
struct AllowanceAccountTests {
  /// 10 nano-units an input token, 50 an output token.
  let rates = ExchangeRates(input: 10, output: 50)
  let a = RequestID("a")
  let b = RequestID("b")

  private func units(_ nano: Int64, settled: Int64 = 0) -> AllowanceAccount {
    AllowanceAccount(
      allowance: .units(GenAIUnits(nano: nano)), settled: Consumption(units: GenAIUnits(nano: settled)))
  }

  @Test("U-5: a call that fits reserves its input and every token that max_tokens permits")
  func fits() throws {
    var account = units(1_000_000)
    let reservation = try #require(account.admit(a, textCall(100, asked: 1_000), rates: rates).reservation)
    #expect(reservation.consumption == Consumption(units: GenAIUnits(nano: 51_000), input: 100, output: 1_000))
    #expect(reservation.maxTokens == 1_000)
    #expect(!reservation.isLowered)
    #expect(account.reserved == reservation.consumption)
    #expect(account.openReservations == 1)
  }

  @Test("U-5: without max_tokens the model's default is reserved and sent")
  func defaultMaxTokens() throws {
    var account = units(1_000_000)
    let reservation = try #require(account.admit(a, textCall(100, asked: nil), rates: rates).reservation)
    #expect(reservation.maxTokens == 500)
    #expect(!reservation.isLowered)
  }

  @Test("U-5: max_tokens is lowered to what fits, to the last token")
  func lowered() throws {
    // 1,000 for the input leave 24,049: 480 tokens at 50, and 49 nano-units of no use.
    var account = units(25_049)
    let reservation = try #require(account.admit(a, textCall(100, asked: 1_000), rates: rates).reservation)
    #expect(reservation.maxTokens == 480)
    #expect(reservation.isLowered)
    #expect(account.reserved.units.nano == 25_000)
  }

  @Test(
    "U-5: max_tokens is not lowered below min(requested, 256), nor below a reasoning budget plus 1",
    arguments: [
      (asked: 1_000, reasoning: nil, least: 256), (asked: 256, reasoning: nil, least: 256),
      (asked: 10, reasoning: nil, least: 10), (asked: 1_000, reasoning: 100, least: 256),
      (asked: 1_000, reasoning: 255, least: 256), (asked: 1_000, reasoning: 256, least: 257),
      (asked: 1_000, reasoning: 900, least: 901), (asked: 1_000, reasoning: 999, least: 1_000),
      (asked: 1_000, reasoning: 5_000, least: 1_000), (asked: 1_000, reasoning: Int.max, least: 1_000),
    ] as [(asked: Int, reasoning: Int?, least: Int)])
  func floor(asked: Int, reasoning: Int?, least: Int) throws {
    let call = textCall(100, asked: asked, reasoning: reasoning)
    let enough = Int64(1_000 + least * 50)
    var account = units(enough)
    #expect(account.admit(a, call, rates: rates).reservation?.maxTokens == least)
    account = units(enough - 1)
    #expect(account.admit(a, call, rates: rates).refusal?.kind == .exhausted)
    #expect(account.reserved == .zero)
  }

  @Test("U-5: input is reserved at its dearest class")
  func dearestInput() throws {
    var account = units(1_000_000)
    let rates = ExchangeRates(input: 10, output: 50, cacheWrite: 13, cacheRead: 1)
    let reservation = try #require(account.admit(a, textCall(100, asked: 0), rates: rates).reservation)
    #expect(reservation.consumption.units.nano == 1_300)
  }

  @Test("U-6: exhausted is told from contended, with all figures")
  func refusals() throws {
    var account = units(100_000, settled: 20_000)
    #expect(account.admit(a, textCall(100, asked: 1_000), rates: rates).reservation?.maxTokens == 1_000)
    let contended = try #require(account.admit(b, textCall(2_000, asked: 1_000), rates: rates).refusal)
    #expect(contended.kind == .contended)
    #expect(contended.settled.units.nano == 20_000)
    #expect(contended.reserved.units.nano == 51_000)
    #expect(contended.needed.units.nano == 32_800)
    #expect(contended.allowance == .units(GenAIUnits(nano: 100_000)))
    let exhausted = try #require(account.admit(b, textCall(8_000, asked: 1_000), rates: rates).refusal)
    #expect(exhausted.kind == .exhausted)
    account.release(a)
    #expect(account.admit(b, textCall(2_000, asked: 1_000), rates: rates).reservation != nil)
  }

  @Test("U-4: plans keep two quotas at 1:1, and either one refuses")
  func plans() throws {
    var account = AllowanceAccount(allowance: .plan(input: 1_000, output: 600))
    let first = try #require(account.admit(a, textCall(900, asked: 1_000), rates: rates).reservation)
    #expect(first.maxTokens == 600)
    #expect(first.consumption.units.nano == 9_000 + 30_000)
    account.settle(a, actual: Consumption(units: GenAIUnits(nano: 1), input: 900, output: 300))
    #expect(account.admit(b, textCall(101, asked: 10), rates: rates).refusal?.kind == .exhausted)
    #expect(account.admit(b, textCall(100, asked: 1_000), rates: rates).reservation?.maxTokens == 300)
    account.settle(b, actual: Consumption(input: 10, output: 300))
    #expect(account.isExhausted)
    #expect(account.admit(a, textCall(1, asked: 1), rates: rates).refusal?.kind == .exhausted)
  }

  @Test("U-3, U-4: embeddings consume input only")
  func embeddings() throws {
    var account = AllowanceAccount(allowance: .plan(input: 1_000, output: nil))
    let reservation = try #require(account.admit(a, embeddingsCall(1_000), rates: rates).reservation)
    #expect(reservation.maxTokens == nil)
    #expect(!reservation.isLowered)
    #expect(reservation.consumption == Consumption(units: GenAIUnits(nano: 10_000), input: 1_000, output: 0))
    #expect(account.admit(b, embeddingsCall(1), rates: rates).refusal?.kind == .contended)
  }

  @Test("U-5: an overrun is recorded and told, and nothing more is admitted")
  func overrun() throws {
    var account = units(51_000)
    #expect(account.admit(a, textCall(100, asked: 1_000), rates: rates).reservation != nil)
    let outcome = account.settle(a, actual: Consumption(units: GenAIUnits(nano: 60_000), input: 100, output: 1_180))
    #expect(outcome == .overran(by: Consumption(units: GenAIUnits(nano: 9_000), output: 180)))
    #expect(account.settled.units.nano == 60_000)
    #expect(account.isExhausted)
    #expect(account.admit(b, embeddingsCall(0), rates: rates).refusal?.kind == .exhausted)
  }

  @Test("A reservation is settled or given back once")
  func once() {
    var account = units(1_000_000)
    _ = account.admit(a, textCall(100, asked: 10), rates: rates)
    let actual = Consumption(units: GenAIUnits(nano: 1_100), input: 100, output: 2)
    #expect(account.settle(a, actual: actual) == .settled)
    #expect(account.settle(a, actual: actual) == .notOpen)
    #expect(account.release(a) == .notOpen)
    #expect(account.settled == actual)
    #expect(account.reserved == .zero)
    #expect(account.openReservations == 0)
  }

  @Test("U-8: a key's monthly limit is enforced like the allowance, and both hold or neither")
  func keyLimit() throws {
    var account = units(1_000_000)
    var key: AllowanceAccount? = units(26_000)
    let reservation = try #require(account.admit(a, textCall(100, asked: 1_000), rates: rates, key: &key).reservation)
    #expect(reservation.maxTokens == 500)
    #expect(account.reserved == key?.reserved)
    let refusal = try #require(account.admit(b, textCall(100, asked: 1_000), rates: rates, key: &key).refusal)
    #expect(refusal.limit == .key)
    #expect(refusal.kind == .contended)
    #expect(refusal.allowance == .units(GenAIUnits(nano: 26_000)))
    #expect(account.openReservations == 1)

    key?.settle(a, actual: Consumption(units: GenAIUnits(nano: 25_999)))
    var busy = units(52_000)
    _ = busy.admit(a, textCall(100, asked: 1_000), rates: rates)
    let told = try #require(busy.admit(b, textCall(100, asked: 1_000), rates: rates, key: &key).refusal)
    #expect(told.limit == .key, "exhausted is told before contended")
    #expect(told.kind == .exhausted)

    var small = units(10)
    let first = try #require(small.admit(b, textCall(100, asked: 1_000), rates: rates, key: &key).refusal)
    #expect(first.limit == .resource)
  }

  @Test("U-8: a key of a plan resource is limited in units")
  func keyOfPlan() throws {
    var account = AllowanceAccount(allowance: .plan(input: 10_000, output: 800))
    var key: AllowanceAccount? = units(21_000)
    #expect(account.admit(a, textCall(100, asked: 1_000), rates: rates, key: &key).reservation?.maxTokens == 400)
  }

  @Test("A-1: a raised allowance counts at once")
  func raised() {
    var account = units(1_000)
    #expect(account.admit(a, textCall(100, asked: 300), rates: rates).refusal != nil)
    account.allowance = .units(GenAIUnits(nano: 16_000))
    #expect(account.admit(a, textCall(100, asked: 300), rates: rates).reservation?.maxTokens == 300)
  }

  @Test("Figures at the ends of their types refuse, they do not trap")
  func extremes() {
    var account = units(.max, settled: .max - 1)
    #expect(account.admit(a, textCall(TokenCount(Int64.max), asked: .max), rates: rates).refusal?.kind == .exhausted)
    account = units(0)
    #expect(account.admit(a, embeddingsCall(TokenCount(Int64.max)), rates: rates).refusal?.kind == .exhausted)
    account = units(.max)
    #expect(account.admit(a, textCall(1, asked: 10), rates: rates).reservation != nil)
    account.settle(a, actual: Consumption(units: GenAIUnits(nano: .max), input: TokenCount(Int64.max)))
    #expect(account.admit(b, textCall(1, asked: 10), rates: rates).refusal?.kind == .exhausted)
  }

  @Test("The price of an admission is constant: 20,000 open reservations slow nothing down")
  func manyOpen() {
    var account = units(.max)
    let clock = ContinuousClock()
    func run(_ range: Range<Int>) -> Duration {
      clock.measure {
        for index in range { _ = account.admit(RequestID("r\(index)"), textCall(10, asked: 10), rates: rates) }
      }
    }
    let first = run(0..<2_000)
    _ = run(2_000..<18_000)
    let last = run(18_000..<20_000)
    #expect(account.openReservations == 20_000)
    #expect(last < first * 20 + .milliseconds(200))
  }
}
