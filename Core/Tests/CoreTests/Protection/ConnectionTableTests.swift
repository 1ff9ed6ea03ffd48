import Core
import Testing

@Suite("Places of connections (L-1)")
struct ConnectionTableTests {
  @Test("An address has its connections, and others are not concerned")
  func perAddress() {
    var table = ConnectionTable<Int>(ConnectionLimits(total: 100, perAddress: 2))
    #expect(table.open(1, from: "a") == .taken)
    #expect(table.open(2, from: "a") == .taken)
    #expect(table.open(3, from: "a") == .refused(.address))
    #expect(table.open(4, from: "b") == .taken)
    table.closed(3)
    #expect(table.open(5, from: "a") == .refused(.address))
    table.closed(1)
    #expect(table.open(6, from: "a") == .taken)
    #expect(table.open(7, from: "a", speaksForMany: true) == .taken)
  }

  @Test("Where all places are taken, who waits longest makes room; who serves never does")
  func makesRoom() {
    var table = ConnectionTable<Int>(ConnectionLimits(total: 3, perAddress: nil))
    for id in 1...3 { #expect(table.open(id, from: "a") == .taken) }
    table.serves(1)
    #expect(table.open(4, from: "b") == .takenFor(idle: 2))
    table.closed(2)
    #expect(table.count == 3)
    table.rests(1)
    // 3 has waited since the beginning, 4 for a while, 1 since just now.
    #expect(table.open(5, from: "b") == .takenFor(idle: 3))
    #expect(table.open(6, from: "b") == .takenFor(idle: 4))
    for id in [3, 4] { table.closed(id) }
    for id in [5, 6] { table.serves(id) }
    #expect(table.open(7, from: "b") == .takenFor(idle: 1))
    table.serves(7)
    #expect(table.open(8, from: "b") == .refused(.total))
  }

  @Test("Those that are being closed are bounded too")
  func closing() {
    let limits = ConnectionLimits(total: 10, perAddress: nil)
    var table = ConnectionTable<Int>(limits)
    for id in 0..<10 { _ = table.open(id, from: "a") }
    for id in 10..<(10 + limits.closing) { #expect(table.open(id, from: "a") != .refused(.total)) }
    #expect(table.open(50, from: "a") == .refused(.total))
    table.closed(0)
    #expect(table.open(51, from: "a") != .refused(.total))
  }

  @Test("A new connection that asks for something is served however many lie there", arguments: SplitMix.seeds)
  func floods(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var table = ConnectionTable<Int>(ConnectionLimits(total: 50, perAddress: nil))
    var closed: [Int] = []
    for id in 0..<5_000 {
      if case .takenFor(let idle) = table.open(id, from: "address-\(Int.random(in: 0...500, using: &random))") {
        closed.append(idle)
        table.closed(idle)
      }
      // Some of the others ask for something at once, and then lie there all the same.
      if Bool.random(using: &random) {
        table.serves(id)
        if id % 100 != 0 { table.rests(id) }
      }
      // One in a hundred is good: it asks within the next twenty and goes on.
      if id % 100 == 20 { table.serves(id - 20) }
      if id % 100 == 80 {
        #expect(!closed.contains(id - 80), "seed \(seed)")
        table.closed(id - 80)
      }
    }
  }

  @Test("Random histories agree with a naive reading of the rules", arguments: SplitMix.seeds)
  func agrees(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<60 {
      let step = difference(&random, .none)
      #expect(step == nil, "seed \(seed)")
    }
  }

  @Test("A planted mistake is caught", arguments: NaiveConnectionTable.Mistake.allCases.filter { $0 != .none })
  func planted(mistake: NaiveConnectionTable.Mistake) {
    // Each history shows each mistake with a probability of a tenth at the least, so that 400 miss it with 1e-18.
    var random = SplitMix(seed: .random(in: 0...UInt64(UInt32.max)))
    let isCaught = (0..<400).contains { _ in difference(&random, mistake) != nil }
    #expect(isCaught)
  }

  /// The first step at which the table and the naive model disagree in a random history.
  private func difference(_ random: inout SplitMix, _ mistake: NaiveConnectionTable.Mistake) -> Int? {
    let limits = ConnectionLimits(
      total: Int.random(in: 1...9, using: &random),
      perAddress: Bool.random(using: &random) ? Int.random(in: 1...5, using: &random) : nil)
    var table = ConnectionTable<Int>(limits)
    var naive = NaiveConnectionTable(limits, mistake: mistake)
    var known: [Int] = []
    for step in 0..<250 {
      switch Int.random(in: 0...9, using: &random) {
      case 0...3:
        let address = ["a", "b", "c"].randomElement(using: &random) ?? ""
        let isMany = address == "c"
        let verdict = table.open(step, from: address, speaksForMany: isMany)
        if naive.open(step, address, speaksForMany: isMany) != verdict { return step }
        if case .refused = verdict { continue }
        known.append(step)
      case 4...5:
        guard let id = known.randomElement(using: &random) else { continue }
        table.serves(id)
        naive.serves(id)
      case 6...7:
        guard let id = known.randomElement(using: &random) else { continue }
        table.rests(id)
        naive.rests(id)
      default:
        guard !known.isEmpty else { continue }
        let id = known.remove(at: Int.random(in: known.indices, using: &random))
        table.closed(id)
        naive.closed(id)
      }
      if table.count != naive.count { return step }
    }
    return nil
  }
}
