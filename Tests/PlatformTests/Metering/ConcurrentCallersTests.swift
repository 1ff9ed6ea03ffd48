import Core
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

/// 64 callers who want more than there is, through the real desk, journal and database.
@Suite("Many callers on a small allowance")
struct ConcurrentCallersTests {
  static let callers = 64
  static let callsEach = 4

  static let allowances: [Allowance] = [
    .units(GenAIUnits(nano: 5_000_000_000)), .plan(input: 6_000, output: 14_000), .plan(input: 60_000, output: 7_000),
  ]

  @Test(
    "Settled and reserved together never pass the allowance, and what is refused reaches no provider (U-4 to U-7)",
    arguments: allowances)
  func neverPasses(allowance: Allowance) async throws {
    try await withSampleCompany { database, folder in
      let outcome = try await Self.run(database, folder: folder, allowance: allowance)
      outcome.expectExactBooks()
      #expect(outcome.findings.overruns.isEmpty, "seed \(outcome.seed)")
      #expect(outcome.refused.count > 0, "the allowance was not small: seed \(outcome.seed)")
      #expect(outcome.reached.count > 10, "the allowance was too small: seed \(outcome.seed)")
      #expect(outcome.findings.samples > Self.callers * Self.callsEach)
    }
  }

  @Test("The limit of a key is kept like an allowance, and another key goes on beyond it (U-8)")
  func keyLimit() async throws {
    try await withSampleCompany { database, folder in
      let limit = GenAIUnits(nano: 2_500_000_000)
      let outcome = try await Self.run(
        database, folder: folder, allowance: .units(GenAIUnits(nano: 12_000_000_000)), keyLimit: limit)
      outcome.expectExactBooks()
      #expect(outcome.findings.overruns.isEmpty, "seed \(outcome.seed)")
      let limited = outcome.entries.filter { $0.call.payer == .key(Sample.keyID) }
      #expect(limited.reduce(GenAIUnits.zero) { $0 + $1.units } <= limit, "seed \(outcome.seed)")
      #expect(limited.count > 5, "seed \(outcome.seed)")
      let free = outcome.entries.filter { $0.call.payer == .key(Self.secondKey) }
      #expect(free.reduce(GenAIUnits.zero) { $0 + $1.units } > limit, "seed \(outcome.seed)")
    }
  }

  @Test("The watch finds an overrun where a provider reports twice what was reserved")
  func plantedProvider() async throws {
    try await withSampleCompany { database, folder in
      let outcome = try await Self.run(database, folder: folder, allowance: Self.allowances[0], outputFactor: 3)
      #expect(!outcome.findings.overruns.isEmpty, "seed \(outcome.seed)")
      outcome.expectExactBooks()
    }
  }

  @Test("The watch finds an overrun where a rule looks first and reserves later")
  func plantedRace() async throws {
    let allowance = GenAIUnits(whole: 20)
    let watch = AllowanceWatch(.units(allowance))
    let taken = CarelessCount()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<Self.callers {
        group.addTask {
          let fits = taken.units + GenAIUnits(whole: 1) <= allowance
          await Task.yield()
          guard fits else { return }
          watch.sample(settled: .zero, reserved: Consumption(units: taken.add(GenAIUnits(whole: 1))))
        }
      }
    }
    #expect(!watch.findings.overruns.isEmpty)
  }

  static let secondKey = KeyID("key0000002")
}

// MARK: The run

extension ConcurrentCallersTests {
  struct Outcome {
    let seed: UInt64
    let findings: AllowanceWatch.Findings
    let refused: Set<RequestID>
    let reached: [RequestID]
    let entries: [UsageEntry]
    /// By the book, after the last call.
    let settled: Consumption
    let reserved: Consumption
    /// By the tables.
    let applied: Consumption
    let openCalls: Int

    /// Nothing is held any more, and book, tables and entries say the same to the last nano-unit.
    func expectExactBooks() {
      #expect(reserved == .zero, "seed \(seed)")
      #expect(openCalls == 0, "seed \(seed)")
      #expect(entries.reduce(Consumption.zero) { $0 + $1.consumption } == settled, "seed \(seed)")
      #expect(applied == settled, "seed \(seed)")
      #expect(refused.isDisjoint(with: reached), "seed \(seed)")
      #expect(Set(entries.map(\.call.requestID)) == Set(reached), "seed \(seed)")
      #expect(entries.count == reached.count, "seed \(seed)")
    }
  }

  /// Lets all callers call, some streaming, some to a failing provider, some leaving half-way.
  static func run(
    _ database: Database, folder: String, allowance: Allowance, keyLimit: GenAIUnits? = nil, outputFactor: Int = 1
  ) async throws -> Outcome {
    let random = SharedSeed(SeededRandom.fresh())
    let watch = AllowanceWatch(allowance)
    let sampler = Mutex<(@Sendable () -> Void)?>(nil)
    let look: @Sendable () -> Void = { sampler.withLock { $0 }?() }
    let transport = FakeTransport { call async throws(UpstreamFailure) in
      look()
      return try await script(for: call, random, outputFactor: outputFactor, look)
    }
    let scene = try await MeteringScene(
      database, folder: folder, clock: .running(), allowance: allowance, transport: transport, keyLimit: keyLimit)
    let (book, monthStart) = (scene.metering.book, scene.monthStart)
    sampler.withLock {
      $0 = {
        guard let now = book.standing(of: Sample.resourceID, monthStart: monthStart) else { return }
        watch.sample(settled: now.settled, reserved: now.reserved)
      }
    }
    let other = MeteringScene.caller(key: secondKey, allowance: allowance, at: scene.clock.now())
    let refused = await withTaskGroup(of: Set<RequestID>.self) { group in
      for number in 0..<callers {
        let caller = keyLimit != nil && number.isMultiple(of: 2) ? other : scene.caller
        group.addTask { await calls(of: number, scene, caller, random, look) }
      }
      return await group.reduce(into: Set()) { $0.formUnion($1) }
    }
    #expect(await scene.metering.applier.applyPending())
    let standing = scene.standing
    let outcome = Outcome(
      seed: random.seed, findings: watch.findings, refused: refused, reached: transport.requests,
      entries: try await scene.entries(), settled: standing.settled, reserved: standing.reserved,
      applied: try await database.read {
        try $0.consumption(of: Sample.resourceID, bundleMonthStart: monthStart)
      }, openCalls: scene.metering.journal.openCount)
    await scene.close()
    return outcome
  }

  /// The calls of one caller, one after the other; gives those that were refused.
  private static func calls(
    of number: Int, _ scene: MeteringScene, _ caller: GatewayCaller, _ random: SharedSeed, _ look: @Sendable () -> Void
  ) async -> Set<RequestID> {
    var refused: Set<RequestID> = []
    for call in 0..<callsEach {
      let id = "r\(number)-\(call)"
      let answer = await scene.chat(
        id, maxTokens: random.int(in: 1...400), isStreaming: random.int(in: 0...1) == 0, from: caller)
      look()
      if answer.status == 429 { refused.insert(RequestID(id)) }
      guard case .stream(_, let stream) = answer else { continue }
      var room = random.int(in: 0...4) == 0 ? 1 : Int.max
      try? await stream.run { _ in
        look()
        guard room > 0 else { throw ClientLeft() }
        room -= 1
      }
      look()
    }
    return refused
  }

  private static func script(
    for call: FakeTransport.Call, _ random: SharedSeed, outputFactor: Int, _ look: @escaping @Sendable () -> Void
  ) async throws(UpstreamFailure) -> FakeTransport.Script {
    await pause(random)
    let output = random.int(in: 0...call.maxTokens) * outputFactor
    let input = random.int(in: 1...50)
    let texts = Array(repeating: "ab", count: min(8, call.maxTokens / 2))
    let fate = random.int(in: 0...9)
    if fate == 0 { throw UpstreamFailure(.connection, "No connection.") }
    if fate == 1 { throw UpstreamFailure(.timeout, "No answer.") }
    var script: FakeTransport.Script
    switch (call.isStreaming, fate) {
    case (true, 2): script = .cutStream(texts, failure: UpstreamFailure(.connection, "Cut."))
    case (true, _): script = .stream(texts, input: input, output: output)
    case (false, 2): script = .init(pieces: ["{\"id\":"], failure: UpstreamFailure(.connection, "Cut."))
    case (false, 3): script = .init(pieces: ["nonsense"])
    case (false, _): script = .whole(input: input, output: output)
    }
    script.pause = {
      look()
      await pause(random)
    }
    return script
  }

  private static func pause(_ random: SharedSeed) async {
    try? await Task.sleep(for: .microseconds(random.int(in: 0...3_000)))
  }
}

struct ClientLeft: Error {}

/// A sum that is read at one time and changed at another, as no allowance may be.
private final class CarelessCount: Sendable {
  private let sum = Mutex(GenAIUnits.zero)

  var units: GenAIUnits { sum.withLock { $0 } }

  func add(_ units: GenAIUnits) -> GenAIUnits {
    sum.withLock { sum in
      sum = sum + units
      return sum
    }
  }
}

/// One sequence of random numbers for many tasks.
final class SharedSeed: Sendable {
  let seed: UInt64
  private let generator: Mutex<SeededRandom>

  init(_ random: SeededRandom) {
    seed = random.seed
    generator = Mutex(random)
  }

  func int(in range: ClosedRange<Int>) -> Int { generator.withLock { Int.random(in: range, using: &$0) } }
}
