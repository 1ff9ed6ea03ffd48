import Core
import Testing

@Suite("The filter language")
struct FilterRuleTests {
  private let metadata = [
    MetadataPair("animal", .text("cat")), MetadataPair("animal", .text("dog")), MetadataPair("year", .number(1_989)),
    MetadataPair("draft", .boolean(false)), MetadataPair("price", .text("12.50")),
    MetadataPair("due", .text("2026-11-21T01:00:00+01:00")), MetadataPair("city", .text("Ko\u{308}ln")),
  ]

  private func holds(_ key: String, _ test: FilterCondition.Test) -> Bool {
    Filter.holds(FilterCondition(key, test)).matches(metadata)
  }

  @Test("KB-4: a key that repeats is a list, of which some value must pass")
  func lists() {
    #expect(holds("animal", .equals(.text("dog"))))
    #expect(holds("animal", .lists(.text("cat"))))
    #expect(holds("animal", .contains("o")))
    #expect(!holds("animal", .equals(.text("bird"))))
    #expect(!holds("animal", .equals(.text("Cat"))))
  }

  @Test("KB-4: a negation holds where no value is meant, and so where the key is missing")
  func negations() {
    #expect(!holds("animal", .notEquals(.text("dog"))))
    #expect(holds("animal", .notEquals(.text("bird"))))
    #expect(holds("nothing", .notEquals(.text("dog"))))
    #expect(!holds("animal", .isNotIn([.text("bird"), .text("cat")])))
    #expect(holds("nothing", .isNotIn([.text("cat")])))
    #expect(holds("nothing", .exists(false)))
    #expect(!holds("animal", .exists(false)))
  }

  @Test("KB-4: numbers, booleans and texts are never equal to each other")
  func kinds() {
    #expect(holds("year", .equals(.number(1_989))))
    #expect(!holds("year", .equals(.text("1989"))))
    #expect(!holds("draft", .equals(.text("false"))))
    #expect(holds("year", .reads("1989")))
    #expect(holds("draft", .reads("false")))
    #expect(!holds("year", .reads("1989.0")))
  }

  @Test("KB-4: an ordering reads a text only where the whole of it is a number or an ISO date")
  func coercion() {
    #expect(holds("price", .isGreater(than: .number(9))))
    #expect(holds("price", .isLess(than: .text("100"))))
    #expect(!holds("price", .isGreater(than: .text("9 EUR"))))
    #expect(holds("due", .isAtLeast(.text("2026-11-21"))))
    #expect(holds("due", .isAtMost(.text("2026-11-21T00:00:00.000Z"))))
    #expect(!holds("due", .isLess(than: .text("2026-11-20T23:00:00-01:00"))))
    #expect(!holds("due", .isGreater(than: .number(0))))
    #expect(!holds("draft", .isLess(than: .boolean(true))))
    #expect(holds("animal", .isGreater(than: .text("cow"))))
  }

  @Test("KB-4: equal dates in different spelling are different texts")
  func datesAreTexts() {
    #expect(!holds("due", .equals(.text("2026-11-21T00:00:00Z"))))
    #expect(holds("due", .equals(.text("2026-11-21T01:00:00+01:00"))))
  }

  @Test("KB-4: what looks equal is equal, however it is composed")
  func composed() {
    #expect(holds("city", .equals(.text("K\u{F6}ln"))))
    #expect(holds("city", .startsWith("K\u{F6}")))
    #expect(!holds("city", .startsWith("Ko")))
    #expect(FilterCondition("gro\u{308}\u{DF}e", .exists(true)).key.utf8.count == 7)
  }

  @Test("KB-4: a number that is none is equal to nothing")
  func notANumber() {
    let metadata = [MetadataPair("x", .number(.nan))]
    #expect(!FilterCondition("x", .equals(.number(.nan))).matches(metadata))
    #expect(!FilterCondition("x", .isAtLeast(.number(.nan))).matches(metadata))
    #expect(!FilterCondition("x", .isAtMost(.number(1))).matches(metadata))
  }

  @Test("KB-4: five groups may stand within each other, six are refused")
  func depth() throws {
    var filter = Filter.holds(FilterCondition("a", .exists(true)))
    for _ in 0..<5 { filter = .all([filter]) }
    #expect(filter.problems().isEmpty)
    filter = .any([filter])
    let problems = filter.problems(field: "retrieval.filter")
    #expect(problems.map(\.field) == ["retrieval.filter"])
    #expect(problems.first?.message.contains("more than 5 deep") == true)
    #expect(throws: InvalidInput.self) { try filter.validate() }
  }

  @Test("KB-4: the problems of a filter are told together")
  func problems() {
    let long = String(repeating: "k", count: 257)
    let filter = Filter.all([
      .any([]), .holds(FilterCondition("", .exists(true))), .holds(FilterCondition(long, .exists(true))),
      .holds(FilterCondition("a", .isIn([]))), .holds(FilterCondition("a", .isGreater(than: .boolean(true)))),
      .holds(FilterCondition("a", .equals(.number(.infinity)))),
      .holds(FilterCondition("a", .isIn((0...500).map { .number(Double($0)) }))),
      .holds(FilterCondition("a", .contains(String(repeating: "x", count: 16_385)))),
    ])
    let messages = filter.problems().map(\.message)
    let words = ["empty", "name it", "256", "at least one", "no order", "finite", "500", "16 KB"]
    #expect(messages.count == words.count)
    for (message, word) in zip(messages, words) { #expect(message.contains(word), "\(message)") }
  }

  @Test("KB-4: a filter has at most 200 conditions")
  func conditions() {
    let one = Filter.holds(FilterCondition("a", .exists(true)))
    #expect(Filter.any(Array(repeating: one, count: 200)).problems().isEmpty)
    #expect(Filter.any(Array(repeating: one, count: 100_000)).problems().count == 1)
    let bad = Filter.holds(FilterCondition("", .exists(true)))
    #expect(Filter.any(Array(repeating: bad, count: 100)).problems().count == KnowledgeLimits.problemsTold)
  }
}
