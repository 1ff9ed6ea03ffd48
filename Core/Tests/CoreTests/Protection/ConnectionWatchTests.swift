import Core
import Testing

@Suite("Watching over a connection (L-1, L-2)")
struct ConnectionWatchTests {
  private let patience = ConnectionPatience()

  /// A watch that expectations can ask, though asking changes it.
  private final class Watched {
    private var watch: ConnectionWatch

    init(_ watch: ConnectionWatch) { self.watch = watch }

    var copy: Watched { Watched(watch) }
    var isServing: Bool { watch.isServing }
    var ignoresRequests: Bool { watch.ignoresRequests }
    var awaitsRest: Bool { watch.awaitsRest }
    var deadline: Int64 { watch.deadline }
    func handle(_ event: ConnectionWatch.Event, at now: Int64) -> [ConnectionWatch.Action] {
      watch.handle(event, at: now)
    }
    func closesAfter(answerAt now: Int64) -> Bool { watch.closesAfter(answerAt: now) }
  }

  /// A connection that was opened at 0.
  private func opened(continuesAtOnce: Bool = false) -> Watched {
    let watch = Watched(ConnectionWatch(patience, continuesAtOnce: continuesAtOnce))
    #expect(watch.handle(.opened, at: 0) == [])
    return watch
  }

  /// One that reads a body of `length` since `at`.
  private func reading(_ length: Int?, at: Int64 = 0) -> Watched {
    let watch = opened()
    #expect(watch.handle(.head(length: length, expectsContinue: false), at: at) == [])
    return watch
  }

  @Test("A first head has 10 s, however it drips")
  func head() {
    let watch = opened()
    #expect(watch.deadline == 10_000)
    #expect(watch.handle(.tick, at: 9_999) == [])
    #expect(watch.handle(.tick, at: 10_000) == [.close])
    #expect(watch.deadline == ConnectionWatch.never)
    #expect(watch.handle(.head(length: 0, expectsContinue: false), at: 10_001) == [])
  }

  @Test("Requests follow each other, and nothing is waited for in between")
  func requests() {
    let watch = opened()
    for number in 1...3 {
      let now = Int64(number) * 1_000
      #expect(watch.handle(.head(length: 5, expectsContinue: false), at: now) == [])
      #expect(watch.isServing && watch.deadline == now + patience.bodyGrowth)
      #expect(watch.handle(.body(bytes: 5), at: now) == [] && watch.handle(.bodyEnd, at: now) == [])
      #expect(!watch.closesAfter(answerAt: now))
      #expect(watch.handle(.answerEnd, at: now) == [])
      #expect(!watch.isServing && watch.deadline == ConnectionWatch.never)
    }
  }

  @Test("A body that drips ends for its reader, who can still answer; then the connection ends")
  func slowBody() {
    let watch = reading(100)
    for second in stride(from: Int64(1), to: 120, by: 1) {
      #expect(
        watch.handle(.body(bytes: 1), at: second * 1_000 - 1) == [] && watch.handle(.tick, at: second * 1_000) == [])
    }
    #expect(watch.handle(.tick, at: 120_000) == [.endBody(.tooSlow(milliseconds: 120_000))])
    #expect(watch.closesAfter(answerAt: 120_001) && watch.ignoresRequests)
    #expect(watch.handle(.answerEnd, at: 120_002) == [.finishOutput])
    #expect(watch.awaitsRest)
    #expect(watch.handle(.tick, at: 125_002) == [.close])
  }

  @Test("A body that stands still ends, and so does one that only trickles once it is large")
  func stalledBody() {
    let silent = reading(100)
    #expect(silent.handle(.tick, at: 19_999) == [])
    #expect(silent.handle(.tick, at: 20_000) == [.endBody(.stalled(milliseconds: 20_000))])
    #expect(silent.closesAfter(answerAt: 20_001))

    // All of it but a little in the first moment: the attacker's way to hold memory.
    let trickling = reading(32 << 20)
    #expect(trickling.handle(.body(bytes: (32 << 20) - 100), at: 1_000) == [])
    for second in stride(from: Int64(5), to: 40, by: 5) {
      #expect(trickling.handle(.body(bytes: 1), at: second * 1_000) == [])
      #expect(trickling.handle(.tick, at: second * 1_000) == [])
    }
    #expect(trickling.handle(.tick, at: 40_000) == [.endBody(.stalled(milliseconds: 20_000))])
  }

  @Test("A body that comes evenly has all its time, however large it is, and who was asked to wait is not late")
  func evenBody() {
    for rate in [1, 1_000, 250_000] {
      let watch = reading(nil)
      for second in 1..<Int64(120) {
        #expect(watch.handle(.body(bytes: rate), at: second * 1_000) == [])
        #expect(watch.handle(.tick, at: second * 1_000) == [])
      }
      #expect(watch.handle(.bodyEnd, at: 119_500) == [] && watch.deadline == ConnectionWatch.never)
    }
    let asking = opened()
    #expect(asking.handle(.head(length: 9, expectsContinue: true), at: 0) == [])
    #expect(asking.handle(.tick, at: 60_000) == [])
    #expect(asking.handle(.bodyWanted, at: 60_000) == [.sendContinue])
    #expect(asking.handle(.tick, at: 79_999) == [])
    #expect(asking.handle(.tick, at: 80_000) == [.endBody(.stalled(milliseconds: 20_000))])
  }

  @Test("At the end of the server a body has 3 s, and an answer all its time")
  func stopping() {
    let watch = reading(nil)
    #expect(watch.handle(.stopping, at: 10_000) == [])
    #expect(watch.deadline == 13_000)
    #expect(watch.handle(.tick, at: 13_000) == [.endBody(.stopping)])

    let streaming = reading(0)
    #expect(streaming.handle(.bodyEnd, at: 0) == [] && streaming.handle(.stopping, at: 1) == [])
    #expect(streaming.deadline == ConnectionWatch.never)
    #expect(streaming.closesAfter(answerAt: 2))
    #expect(streaming.handle(.answerEnd, at: 50_000) == [.close])
  }

  @Test("A short rest of a body that nobody wants is read, and the connection goes on")
  func shortRest() {
    let watch = reading(1_000)
    #expect(!watch.closesAfter(answerAt: 1))
    #expect(watch.handle(.answerEnd, at: 1) == [] && watch.deadline == 1 + patience.restPause)
    #expect(watch.handle(.body(bytes: 1_000), at: 2) == [] && watch.handle(.bodyEnd, at: 3) == [])
    #expect(watch.deadline == ConnectionWatch.never && !watch.ignoresRequests)
  }

  @Test(
    "With a long rest, or one nobody knows, the connection ends, after a while of reading",
    arguments: [nil, 99_999_999])
  func longRest(length: Int?) {
    let watch = reading(length)
    #expect(watch.closesAfter(answerAt: 1))
    #expect(watch.handle(.answerEnd, at: 1) == [.finishOutput])
    let complete = watch.copy
    #expect(complete.handle(.bodyEnd, at: 2) == [.close])
    let silent = watch.copy
    #expect(silent.handle(.tick, at: 1 + patience.restPause) == [.close])
    let dripping = watch.copy
    var now: Int64 = 1
    while dripping.handle(.tick, at: now) == [] {
      #expect(dripping.handle(.body(bytes: 1), at: now) == [])
      now += 1_000
    }
    #expect(now == 1 + patience.rest)
    let pouring = watch.copy
    var bytes = 0
    while pouring.handle(.body(bytes: 1 << 20), at: 2) == [] { bytes += 1 << 20 }
    #expect(bytes == patience.restBytes)
  }

  @Test("What is not HTTP is answered; in a body it is thrown to its reader; during an answer it waits for its end")
  func broken() {
    let first = opened()
    #expect(first.handle(.broken(.headTooLarge), at: 1) == [.refuse(.headTooLarge), .finishOutput])
    #expect(first.handle(.broken(.malformed), at: 1) == [] && first.handle(.tick, at: 5_001) == [.close])

    let body = reading(nil)
    #expect(body.handle(.broken(.malformed), at: 1) == [.endBody(.malformed)])
    #expect(body.closesAfter(answerAt: 2) && body.handle(.answerEnd, at: 2) == [.finishOutput])

    let answering = reading(0)
    #expect(answering.handle(.bodyEnd, at: 0) == [] && answering.handle(.broken(.malformed), at: 1) == [])
    #expect(answering.handle(.answerEnd, at: 2) == [.refuse(.malformed), .finishOutput])

    let rest = reading(1_000)
    #expect(rest.handle(.answerEnd, at: 1) == [] && rest.handle(.broken(.malformed), at: 2) == [.close])
  }

  @Test("A reader that takes nothing for 60 s is gone; one that takes something now and then is not")
  func reader() {
    let watch = reading(0)
    #expect(watch.handle(.bodyEnd, at: 0) == [] && watch.handle(.stalled, at: 0) == [.look])
    #expect(watch.handle(.tick, at: 59_999) == [.look] && watch.handle(.tick, at: 59_999) == [])
    #expect(watch.handle(.flowing, at: 59_999) == [] && watch.deadline == ConnectionWatch.never)
    #expect(watch.handle(.tick, at: 100_000) == [] && watch.handle(.stalled, at: 100_000) == [.look])
    #expect(watch.handle(.tick, at: 159_999) == [.look] && watch.handle(.tick, at: 159_999) == [])
    #expect(watch.handle(.tick, at: 160_000) == [.close])
  }

  @Test("A reader that reads slowly and steadily has its total time; one that stops is gone before")
  func slowReader() {
    let watch = reading(0)
    #expect(watch.handle(.bodyEnd, at: 0) == [] && watch.handle(.stalled, at: 0) == [.look])
    var (bytes, now, looks): (Int64, Int64, Int) = (1_000, 0, 0)
    #expect(watch.handle(.taken(bytes: bytes), at: now) == [])
    // One byte every 50 s.
    while now < 230_000 {
      now = watch.deadline
      let actions = watch.handle(.tick, at: now)
      #expect(actions == [.look] || actions == [], "\(now)")
      guard actions == [.look] else { continue }
      looks += 1
      bytes = 1_000 + now / 50_000
      #expect(watch.handle(.taken(bytes: bytes), at: now) == [])
    }
    #expect(looks == 46)
    // It takes no more: within the limit and a look it is gone.
    let stopped = now
    while watch.deadline != ConnectionWatch.never {
      now = watch.deadline
      if watch.handle(.tick, at: now) == [.look] { #expect(watch.handle(.taken(bytes: bytes), at: now) == []) }
    }
    #expect((stopped...stopped + patience.reader).contains(now))
  }

  @Test(
    "However steadily it reads, a reader that stays behind holds a call for 300 s, and its whole answer as long again")
  func behind() {
    /// Takes a byte at every look, until `end` or the watch has enough.
    func read(_ watch: Watched, until end: Int64) -> Int64? {
      var now: Int64 = 0
      while watch.deadline <= end {
        now = watch.deadline
        let actions = watch.handle(.tick, at: now)
        if actions == [.close] { return now }
        #expect(actions == [.look] && watch.handle(.taken(bytes: now), at: now) == [])
      }
      return nil
    }

    let steady = reading(0)
    #expect(steady.handle(.bodyEnd, at: 0) == [] && steady.handle(.stalled, at: 1_000) == [.look])
    let whole = steady.copy
    #expect(read(steady, until: 3_600_000) == 301_000)

    #expect(read(whole, until: 200_000) == nil)
    #expect(whole.handle(.answerWhole, at: 200_000) == [] && whole.handle(.stalled, at: 200_000) == [.look])
    #expect(read(whole, until: 3_600_000) == 500_000)

    // What it is behind now and then adds up; keeping up costs nothing, nor does the answer before.
    let often = reading(0)
    #expect(often.handle(.bodyEnd, at: 0) == [])
    for round in 0..<3 {
      let begin = Int64(round) * 1_000_000
      #expect(often.handle(.stalled, at: begin) == [.look] && read(often, until: begin + 99_000) == nil)
      #expect(often.handle(.flowing, at: begin + 99_000) == [] && often.deadline == ConnectionWatch.never)
    }
    let next = often.copy
    #expect(often.handle(.stalled, at: 5_000_000) == [.look] && read(often, until: .max - 1) == 5_003_000)
    #expect(next.handle(.answerEnd, at: 4_000_000) == [])
    #expect(next.handle(.head(length: 0, expectsContinue: false), at: 4_000_000) == [])
    #expect(next.handle(.bodyEnd, at: 4_000_000) == [] && next.handle(.stalled, at: 5_000_000) == [.look])
    #expect(read(next, until: .max - 1) == 5_300_000)
  }

  @Test("What a reader had taken before it fell behind is no progress")
  func noProgress() {
    let watch = reading(0)
    #expect(watch.handle(.bodyEnd, at: 0) == [] && watch.handle(.taken(bytes: 7), at: 1) == [])
    #expect(watch.deadline == ConnectionWatch.never)
    #expect(watch.handle(.stalled, at: 10) == [.look] && watch.handle(.taken(bytes: 5_000), at: 10) == [])
    for now in stride(from: Int64(5_010), through: 60_010, by: 5_000) {
      #expect(watch.handle(.tick, at: now) == [.look] && watch.handle(.taken(bytes: 5_000), at: now) == [])
    }
    #expect(watch.handle(.tick, at: 60_010) == [.close])
  }

  @Test("When the time of a stopping server is over a reader has 3 s, however well it reads")
  func ending() {
    let watch = reading(0)
    #expect(watch.handle(.bodyEnd, at: 0) == [] && watch.handle(.stopping, at: 1) == [])
    #expect(watch.handle(.stalled, at: 60_000) == [.look] && watch.handle(.taken(bytes: 1), at: 60_000) == [])
    #expect(watch.handle(.ending, at: 60_001) == [] && watch.deadline == 60_001 + patience.ending)
    #expect(watch.handle(.taken(bytes: 2), at: 61_000) == [] && watch.handle(.ending, at: 62_000) == [])
    #expect(watch.handle(.tick, at: 63_000) == [] && watch.closesAfter(answerAt: 63_000))
    #expect(watch.handle(.tick, at: 63_001) == [.close])
  }

  @Test("Who asks before sending is told once, when somebody wants the body")
  func continues() {
    let watch = opened()
    #expect(watch.handle(.head(length: 10, expectsContinue: true), at: 0) == [])
    #expect(watch.handle(.bodyWanted, at: 1) == [.sendContinue] && watch.handle(.bodyWanted, at: 1) == [])

    // Who is refused does not send it, so that the next request could not be told from the body.
    let refused = opened()
    #expect(refused.handle(.head(length: 10, expectsContinue: true), at: 0) == [] && refused.closesAfter(answerAt: 1))

    let atOnce = opened(continuesAtOnce: true)
    #expect(atOnce.handle(.head(length: 10, expectsContinue: true), at: 0) == [.sendContinue])
  }

  @Test(
    "Whatever happens in whatever order: after the end there is nothing, and nobody is waited for for ever",
    arguments: SplitMix.seeds)
  func anything(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let events: [ConnectionWatch.Event] = [
      .opened, .head(length: nil, expectsContinue: false), .head(length: 9_999_999, expectsContinue: true),
      .head(length: 0, expectsContinue: false), .body(bytes: 1_000), .bodyEnd, .bodyWanted, .answerEnd,
      .broken(.malformed), .broken(.headTooLarge), .stopping, .ending, .stalled, .flowing, .taken(bytes: 3),
      .taken(bytes: 4), .tick,
    ]
    for _ in 0..<2_000 {
      var watch = ConnectionWatch(patience)
      var (now, isOver, isRefused): (Int64, Bool, Bool) = (0, false, false)
      for _ in 0..<40 {
        now += Int64.random(in: 0...20_000, using: &random)
        if Bool.random(using: &random) { _ = watch.closesAfter(answerAt: now) }
        let actions = watch.handle(events.randomElement(using: &random) ?? .tick, at: now)
        #expect(!isOver || actions.isEmpty, "seed \(seed)")
        let refuses = actions.contains { if case .refuse = $0 { true } else { false } }
        #expect(!(isRefused && refuses), "seed \(seed)")
        isRefused = isRefused || refuses
        isOver = isOver || actions.contains(.close)
        #expect(!isOver || watch.deadline == ConnectionWatch.never, "seed \(seed)")
        // Where the connection is only open for the rest, its end is set.
        #expect(!watch.awaitsRest || watch.deadline <= now + patience.rest, "seed \(seed)")
      }
    }
  }
}
