import Core
import TestSupport
import Testing

@testable import Platform

/// A capacity that falls while callers are on their way. Rules A-3, U-5.
@Suite("Decreases and the callers who do not know of them")
struct AllowanceBookTests {
  private static let bounds = CallBounds(
    input: 0, requestedMaxTokens: 900, defaultMaxTokens: 900, maxOutputTokens: 900, reasoningBudget: nil,
    metersOutput: true)
  /// One token is one unit.
  private static let rates = ExchangeRates(input: 1_000_000_000, output: 1_000_000_000)

  private static func allowance(_ units: Int64) -> Allowance { .units(GenAIUnits(whole: units)) }

  private static func capacity(_ tokens: Int64, at second: Int64) -> CapacityChange {
    CapacityChange(
      resourceID: Sample.resourceID, capacity: .units(CloudTokens(tokens)), tokens: CloudTokens(tokens),
      allowance: allowance(tokens * 100), effectiveAt: Sample.start.adding(seconds: second))
  }

  private static func decrease(to tokens: Int64, at second: Int64) -> RunningAllowances.Decrease {
    RunningAllowances.Decrease(
      resource: Sample.resourceID, monthStart: Sample.start, allowance: allowance(tokens * 100),
      recordedAt: Sample.start.adding(seconds: second), settled: .zero)
  }

  /// Whether a call of up to 900 units gets what it asks for; it gives its reservation back.
  private static func isWhole(_ id: String, _ book: AllowanceBook, foundWith capacity: CapacityChange) throws -> Bool {
    let call = CallIdentity(Sample.call(id), key: nil)
    switch book.admit(call, bounds, rates: rates, capacity: capacity, keyLimit: nil) {
    case .needsSeed: throw Unexpected()
    case .decided(.admitted(let reservation)):
      book.release(call)
      return reservation.maxTokens == 900
    case .decided: return false
    }
  }

  private static func book() -> AllowanceBook {
    let book = AllowanceBook()
    book.seed(
      CallIdentity(Sample.call("seed"), key: nil), allowance: allowance(1_000), settled: .zero, settledByKey: nil)
    return book
  }

  @Test("A caller who knows of a decrease does not lift it for one who was found before (A-3)")
  func stays() throws {
    let (book, old, new) = (Self.book(), Self.capacity(10, at: 0), Self.capacity(5, at: 1))
    #expect(try Self.isWhole("before", book, foundWith: old))
    #expect(book.lower(Self.decrease(to: 5, at: 1), mode: .commit))
    #expect(try !Self.isWhole("late", book, foundWith: old))
    #expect(try !Self.isWhole("knowing", book, foundWith: new))
    #expect(try !Self.isWhole("later still", book, foundWith: old))
    #expect(try Self.isWhole("raised", book, foundWith: Self.capacity(10, at: 2)), "what came after it counts")
  }

  @Test("A second decrease that is taken back leaves the first in force (A-3)")
  func restored() throws {
    let (book, old) = (Self.book(), Self.capacity(10, at: 0))
    #expect(book.lower(Self.decrease(to: 5, at: 1), mode: .commit))
    #expect(book.lower(Self.decrease(to: 3, at: 2), mode: .commit))
    book.restore(Self.decrease(to: 3, at: 2))
    #expect(try !Self.isWhole("late", book, foundWith: old))
    book.restore(Self.decrease(to: 5, at: 1))
    #expect(try Self.isWhole("nothing was recorded", book, foundWith: old))
  }

  @Test("A dry run lowers nothing")
  func dryRun() throws {
    let book = Self.book()
    #expect(book.lower(Self.decrease(to: 5, at: 1), mode: .dryRun))
    #expect(try Self.isWhole("after", book, foundWith: Self.capacity(10, at: 0)))
  }
}
