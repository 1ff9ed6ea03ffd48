import Testing

@testable import Core

/// Three years of 10,000 companies, held against a naive model that shares no code with the rule: balance, capacity,
/// status, dates and refill of everything at each instant at which something happens, and the ledger. Rules T-2 to T-5,
/// A-1 to A-7, B-1.
@Suite("The lives of companies")
struct CompanyLifeTests {
  private static let histories: UInt64 = 10_000
  private static let parts: UInt64 = 20

  @Test("T-5, A-7: timeline and naive model agree on 10,000 random histories", arguments: 0..<parts)
  func agree(part: UInt64) throws {
    let size = Self.histories / Self.parts
    var counts = LifeCounts()
    for seed in part * size..<(part + 1) * size {
      let history = try #require(LifeGenerator.history(seed: seed), "seed \(seed)")
      counts += history.counts
      let differences = LifeComparison.differences(history)
      if !differences.isEmpty {
        Issue.record("\(differences.joined(separator: "\n"))\n\(history.text)")
        return
      }
    }
    // The histories reach what they are meant to reach.
    for event in LifeEvent.allCases {
      #expect(counts[event] > 0, "\(event) in part \(part): \(counts.text)")
    }
  }

  @Test(
    "The comparison notices a model that gets one rule wrong", arguments: PlantedMistake.allCases)
  func notices(mistake: PlantedMistake) throws {
    let seen = try (0..<400 as Range<UInt64>).contains { seed in
      let history = try #require(LifeGenerator.history(seed: seed))
      return !LifeComparison.differences(history, mistake: mistake).isEmpty
    }
    #expect(seen, "\(mistake) went unnoticed in 400 histories")
  }
}
