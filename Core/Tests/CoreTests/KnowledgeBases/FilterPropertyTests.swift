import Core
import Testing

@Suite("Filters against a naive evaluator")
struct FilterPropertyTests {
  @Test("KB-4: 120,000 random filters to depth 5 over random metadata agree with the naive evaluator")
  func agrees() {
    let seed = UInt64.random(in: 0 ... .max)
    print("filters, seed \(seed)")
    var source = RandomFilters(seed: seed)
    var naive = NaiveFilter()
    var (held, deepest) = (0, 0)
    for number in 0..<120_000 {
      let filter = source.filter(depth: 5)
      let metadata = source.metadata()
      let expected = naive.holds(filter, metadata)
      guard filter.matches(metadata) == expected else {
        Issue.record("filter \(number) of seed \(seed): \(filter) over \(metadata) should be \(expected)")
        return
      }
      if expected { held += 1 }
      deepest = max(deepest, depth(filter))
    }
    // Without both answers and deep filters the agreement would say little.
    #expect((20_000...100_000).contains(held), "\(held) of seed \(seed)")
    #expect(deepest == Filter.deepest)
  }

  @Test("KB-4: an index that knows only which values pass comes to the same answer")
  func passingValues() {
    let seed = UInt64.random(in: 0 ... .max)
    print("conditions, seed \(seed)")
    var source = RandomFilters(seed: seed)
    var naive = NaiveFilter()
    for number in 0..<20_000 {
      let condition = FilterCondition("a", source.test())
      let metadata = source.metadata()
      let some = metadata.contains { $0.name == "a" && condition.test.passes($0.value) }
      let holds = some != condition.test.isNegation
      guard holds == naive.holds(.holds(condition), metadata) else {
        Issue.record("condition \(number) of seed \(seed): \(condition) over \(metadata)")
        return
      }
    }
  }

  @Test("A planted mistake is caught", arguments: NaiveFilter.Mistake.allCases.filter { $0 != .none }.map(\.rawValue))
  func planted(mistake: String) throws {
    let mistake = try #require(NaiveFilter.Mistake(rawValue: mistake))
    let seed = UInt64.random(in: 0 ... .max)
    var source = RandomFilters(seed: seed)
    var naive = NaiveFilter(mistake)
    let caught = (0..<200_000).first { number in
      // A filter of one condition shows a mistake that groups would hide.
      let filter = source.filter(depth: number % 4 == 0 ? 5 : 1)
      let metadata = source.metadata()
      return filter.matches(metadata) != naive.holds(filter, metadata)
    }
    print("planted \(mistake), seed \(seed), caught by \(caught ?? -1)")
    #expect(caught != nil, "seed \(seed)")
  }

  private func depth(_ filter: Filter) -> Int {
    switch filter {
    case .holds: 0
    case .all(let members), .any(let members): 1 + (members.map { depth($0) }.max() ?? 0)
    }
  }
}
