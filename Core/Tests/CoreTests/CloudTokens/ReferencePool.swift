import Core

/// A company's tokens as rules T-1 and T-2 word them, kept by a clerk who walks from hour to hour, changes two piles and
/// writes down what is on them.
struct ReferencePool {
  enum Event {
    case contract(tokens: Int64, until: Int)
    case provision
    case resize
  }

  /// The facts of the history that the clerk lived through.
  private(set) var story = CompanyStory()
  /// Total and allocated from each hour on.
  private(set) var notes: [(total: Int64, allocated: Int64)] = []

  private var contracts: [(tokens: Int64, until: Int)] = []
  private var resources: [(id: ResourceID, tokens: Int64)] = []

  /// Lives through `hours` hours of random events.
  init(seed: UInt64, hours: Int) {
    var random = SplitMix(seed: seed)
    for hour in 0..<hours {
      contracts.removeAll { $0.until <= hour }
      for _ in 0..<Int.random(in: 0...2, using: &random) { happen(at: hour, &random) }
      notes.append((contracts.map(\.tokens).reduce(0, +), resources.map(\.tokens).reduce(0, +)))
    }
  }

  private mutating func happen(at hour: Int, _ random: inout SplitMix) {
    let tokens = Int64.random(in: 1...500, using: &random)
    switch Int.random(in: 0...3, using: &random) {
    case 0:
      let until = hour + Int.random(in: 1...40, using: &random)
      contracts.append((tokens, until))
      story.contract(tokens, from: hour, to: until)
    case 1:
      resources.append((story.resource(tokens, at: hour), tokens))
    default:
      // A capacity changes at most once an hour, as the facts of one resource must differ in their instants.
      guard let index = resources.indices.randomElement(using: &random) else { return }
      let (id, held) = resources[index]
      let instants = story.capacityChanges.filter { $0.resourceID == id }.map(\.effectiveAt)
      guard instants.allSatisfy({ $0 < CompanyStory.at(hour: hour) }) else { return }
      story.change(id, by: tokens - held, to: tokens, at: hour)
      resources[index].tokens = tokens
    }
  }

  /// Where `balance` differs from the clerk's notes, at the beginning and in the last millisecond of each hour.
  func differences(_ balance: (Instant) -> TokenBalance) -> [String] {
    notes.enumerated().flatMap { hour, note in
      [CompanyStory.at(hour: hour), CompanyStory.at(hour: hour + 1).adding(milliseconds: -1)].compactMap { instant in
        let found = balance(instant)
        guard found.total.count != note.total || found.allocated.count != note.allocated else { return nil }
        return "hour \(hour): \(found) is not \(note)"
      }
    }
  }
}
