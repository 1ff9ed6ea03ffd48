import Core
import Synchronization
import TestSupport

@testable import Platform

/// Four regions that fail in every way at random, in a time that passes only when something waits for it.
final class OutageWorld: Sendable {
  enum Weather: CaseIterable, Sendable {
    case fine, unreachable, broken, overdue, throttled, hanging, cutting
  }

  /// One attempt that reached a region.
  struct Arrival: Sendable {
    let request: RequestID
    let region: RegionID
    let weather: Weather
    /// Milliseconds until its first token, where it answered.
    let latency: Int64
    let isStreaming: Bool
    let at: Instant
    /// Since when the other regions of the EU have been in order; nil where they are not.
    let othersFineSince: Instant?
  }

  private struct State {
    var weather: [RegionID: Weather] = [:]
    var changedAt: [RegionID: Instant] = [:]
    var arrivals: [Arrival] = []
    var random: SeededRandom

    /// Every kind comes before any comes too often.
    private var deck: [Weather] = []

    init(random: SeededRandom) { self.random = random }

    mutating func draw() -> Weather {
      if deck.isEmpty { deck = (Weather.allCases + [.fine, .fine, .fine, .hanging]).shuffled(using: &random) }
      return deck.removeLast()
    }

    mutating func change(_ region: RegionID, to weather: Weather, at now: Instant) {
      let hangsElsewhere = self.weather.contains { $0.key != region && $0.value == .hanging }
      self.weather[region] = weather == .hanging && hangsElsewhere ? .fine : weather
      changedAt[region] = now
    }
  }

  static let input: Int64 = 11
  static let output: Int64 = 3

  let clock = ManualClock(Sample.start.adding(seconds: 60))
  let seed: UInt64
  private let state: Mutex<State>

  init(_ random: SeededRandom) {
    seed = random.seed
    state = Mutex(State(random: random))
  }

  var arrivals: [Arrival] { state.withLock { $0.arrivals } }

  /// Time passes between two calls, and the weather of one region changes now and then. No two regions of the EU hang at
  /// once. Calls that are counted (`number`) have a calm while in each 500, at the end of which the region hangs that
  /// answered last.
  func pass(_ number: Int? = nil) {
    state.withLock { state in
      clock.advance(milliseconds: Int64.random(in: 0...400, using: &state.random))
      let now = clock.now
      switch number.map({ $0 % 500 }) {
      case 0?: for region in RoutingCatalog.europe { state.change(region, to: .fine, at: now) }
      case 250?:
        let last = state.arrivals.last { $0.weather == .fine }
        state.change(last?.region ?? RoutingCatalog.europe[0], to: .hanging, at: now)
      case 300?: for region in RoutingCatalog.europe { state.change(region, to: .fine, at: now) }
      case (0..<300)?: break
      default:
        guard Int.random(in: 0..<20, using: &state.random) == 0 else { return }
        let region = state.random.pick(RoutingCatalog.europe)
        state.change(region, to: state.draw(), at: now)
      }
    }
  }

  /// A region's transport; `lane` is what the test's task runs in.
  func transport(_ region: RegionID) -> any UpstreamTransport { Transport(world: self, region: region) }

  private func arrive(_ request: RequestID, at region: RegionID, isStreaming: Bool) -> Arrival {
    let now = clock.now
    return state.withLock { state in
      let others = RoutingCatalog.europe.filter { $0 != region }
      let areFine = others.allSatisfy { state.weather[$0] ?? .fine == .fine }
      let since = others.map { state.changedAt[$0] ?? Sample.start }.max()
      let arrival = Arrival(
        request: request, region: region, weather: state.weather[region] ?? .fine,
        latency: Int64.random(in: 20...90, using: &state.random), isStreaming: isStreaming,
        at: now, othersFineSince: areFine ? since : nil)
      state.arrivals.append(arrival)
      return arrival
    }
  }

  private struct Transport: UpstreamTransport {
    let world: OutageWorld
    let region: RegionID

    func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
      let text = String(decoding: request.body.reveal(), as: UTF8.self)
      let arrival = world.arrive(requestID, at: region, isStreaming: text.contains("\"stream\":true"))
      switch arrival.weather {
      case .unreachable: throw UpstreamFailure(.connection, "No connection.")
      case .broken: return UpstreamAnswer(status: 503, headers: [], body: Self.body([], cut: false))
      case .overdue: return UpstreamAnswer(status: 504, headers: [], body: Self.body([], cut: false))
      case .throttled:
        return UpstreamAnswer(status: 429, headers: [HTTPField("retry-after", "3")], body: Self.body([], cut: false))
      case .hanging:
        if await CallLane.current?.hang() == true { throw UpstreamFailure(.connection, "Cancelled.") }
        world.clock.advance(seconds: 60)
        throw UpstreamFailure(.timeout, "No answer.")
      case .fine, .cutting:
        world.clock.advance(milliseconds: arrival.latency)
        return UpstreamAnswer(
          status: 200, headers: [], body: Self.body(Self.pieces(arrival), cut: arrival.weather == .cutting))
      }
    }

    private static func pieces(_ arrival: Arrival) -> [String] {
      guard arrival.isStreaming else {
        let script = FakeTransport.Script.whole(input: Int(input), output: Int(output))
        return arrival.weather == .cutting ? ["{\"id\":"] : script.pieces
      }
      return arrival.weather == .cutting
        ? FakeTransport.Script.cutStream(["one"], failure: nil).pieces
        : FakeTransport.Script.stream(["one ", "two"], input: Int(input), output: Int(output)).pieces
    }

    private static func body(_ pieces: [String], cut: Bool) -> AsyncThrowingStream<[UInt8], any Error> {
      AsyncThrowingStream { continuation in
        for piece in pieces { continuation.yield(Array(piece.utf8)) }
        continuation.finish(throwing: cut ? UpstreamFailure(.connection, "Cut.") : nil)
      }
    }
  }
}

/// One call at a time: lets patience pass exactly when its provider hangs, and no earlier.
final class CallLane: Sendable {
  @TaskLocal static var current: CallLane?

  private struct State {
    /// What the last decision said, so that a provider that hangs knows whether somebody will leave it.
    var patience: Int64?
    var isHanging = false
    var timer: CheckedContinuation<Bool, Never>?
    var isCancelled = false
  }

  private let clock: ManualClock
  private let state = Mutex(State())

  init(_ clock: ManualClock) { self.clock = clock }

  func decided(patience: Int64?) {
    state.withLock { $0 = State(patience: patience) }
  }

  /// Waits until it is left; true then. False at once where nobody would, or where nobody did after all.
  func hang() async -> Bool {
    let (isAwaited, timer) = state.withLock { state in
      state.isHanging = true
      defer { state.timer = nil }
      return (state.patience != nil, state.timer)
    }
    guard isAwaited else { return false }
    timer?.resume(returning: true)
    // Cancelled at once where it is left; otherwise it takes a moment of real time to know.
    return (try? await Task.sleep(for: .seconds(1))) == nil
  }

  /// For the driver: `milliseconds` pass when the provider hangs; otherwise the wait ends only by being cancelled.
  func wait(_ milliseconds: Int64) async {
    let passes = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Bool? = state.withLock { state in
          if state.isHanging { return true }
          if state.isCancelled { return false }
          state.timer = continuation
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      let timer = state.withLock { state in
        state.isCancelled = true
        defer { state.timer = nil }
        return state.timer
      }
      timer?.resume(returning: false)
    }
    if passes { clock.advance(milliseconds: milliseconds) }
  }
}

/// The table of the server, telling each lane how patient its call is.
struct LaneRouting: DeploymentRouting {
  let table: any DeploymentRouting

  func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision {
    let decision = table.decide(choice, at: now)
    if case .ask(let routed) = decision { CallLane.current?.decided(patience: routed.patience) }
    return decision
  }

  func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool {
    table.hasAnswered(deployment, since: instant)
  }

  func take(_ report: AttemptReport, at now: Instant) { table.take(report, at: now) }
}
