import Testing

@testable import Core

@Suite("Random histories of deployments against a naive model (N-2, N-3)")
struct RoutingHistoryTests {
  private static let places = 3

  @Test("Choice, patience and hints are those of the naive model in 4,000 random histories")
  func agrees() {
    let seed = UInt64.random(in: 0 ... .max)
    for number in UInt64(0)..<4_000 {
      let difference = Self.difference(.none, seed: seed &+ number)
      #expect(difference == nil, "seed \(seed &+ number): \(difference ?? "")")
      if difference != nil { return }
    }
  }

  @Test("A planted mistake is found", arguments: NaiveRouter.Mistake.allCases.filter { $0 != .none })
  func findsMistakes(mistake: NaiveRouter.Mistake) {
    let seed = UInt64.random(in: 0 ... .max)
    let isFound = (UInt64(0)..<4_000).contains { Self.difference(mistake, seed: seed &+ $0) != nil }
    #expect(isFound, "\(mistake.rawValue), seed \(seed)")
  }

  private struct Attempt {
    let place: Int
    let pace: AnswerPace
    let input: Int
    let begun: Int
    var answered = false
  }

  /// The first difference of one history; nil where there is none.
  private static func difference(_ mistake: NaiveRouter.Mistake, seed: UInt64) -> String? {
    var random = SplitMix(seed: seed)
    var naive = NaiveRouter(places, mistake)
    var health = Array(repeating: DeploymentHealth(), count: places)
    let deployments = (0..<places).map { MachineHarness.deployment("eu-\($0)") }
    var attempts: [Attempt] = []
    var now = 1_000_000
    // Some histories are calm, some fail often, some are silent, some are quick and break off in the middle, in some nobody
    // has much patience.
    let mood = random.next() % 6
    let steps = [UInt64(9), 7, 7, 7, 3, 5][Int(mood)]
    for _ in 0..<(mood == 4 ? 240 : 80) {
      now += [0, 1, 200, 900, 1_300, 4_000, 9_000, 40_000, 130_000][Int(random.next() % steps)]
      let instant = Instant(milliseconds: Int64(now))
      if !attempts.isEmpty, random.next() % 3 > 0 {
        let index = Int(random.next() % UInt64(attempts.count))
        var attempt = attempts[index]
        attempts[index] = move(&attempt, mood, &naive, &health, at: now, &random) ? attempt : attempts[index]
        if attempt.place < 0 { attempts.remove(at: index) }
        continue
      }
      let pace = random.next() % 3 == 0 ? AnswerPace.whole : .streamed
      let input = Int(random.next() % (64 << (random.next() % 15)))
      let isFirst = random.next() % 4 > 0
      let candidates = (0..<places).filter { _ in isFirst || random.next() % 2 == 0 }
      let expected = naive.admissible(candidates, pace.rawValue, isFirst: isFirst, at: now)
      var known = candidates.map { health[$0] }
      let choice = DeploymentChoice(
        candidates.map { deployments[$0] }, pace: pace, input: TokenCount(input), isFirst: isFirst)
      let decision = DeploymentOrder.decide(choice, &known, at: instant, using: &random)
      switch decision {
      case .refuse(let seconds):
        guard expected.places.isEmpty, expected.seconds == seconds else {
          return "refused with \(seconds), expected \(expected)"
        }
      case .ask(let routed):
        let place = deployments.firstIndex(of: routed.deployment) ?? 0
        guard expected.places.contains(place) else { return "asked \(place), expected \(expected)" }
        let hasOther = candidates.contains { $0 != place && naive.standing($0, at: now) == .ready }
        let patience = isFirst && hasOther ? naive.patience(place, pace.rawValue, input) : nil
        guard routed.patience.map(Double.init) == patience else {
          return "patience \(routed.patience ?? -1), expected \(patience ?? -1)"
        }
        for (candidate, health_) in zip(candidates, known) { health[candidate] = health_ }
        let attempt = Attempt(place: place, pace: pace, input: input, begun: now)
        let before = naive.places[place]
        naive.send(to: place, pace.rawValue, at: now)
        if random.next() % 8 == 0 {
          if routed.isTrial { health[place].take(report(attempt, .notMade), at: instant) }
          if mistake != .neverTakesBack { naive.places[place] = before }
          continue
        }
        naive.begin(place, pace.rawValue, input, at: now)
        health[place].take(report(attempt, .begun), at: instant)
        attempts.append(attempt)
      }
    }
    return nil
  }

  /// Lets something happen to an attempt. Sets its place below zero where it is over.
  private static func move(
    _ attempt: inout Attempt, _ mood: UInt64, _ naive: inout NaiveRouter, _ health: inout [DeploymentHealth],
    at now: Int, _ random: inout SplitMix
  ) -> Bool {
    let (place, pace, instant) = (attempt.place, attempt.pace.rawValue, Instant(milliseconds: Int64(now)))
    let isBad =
      switch mood {
      case 3: place == 0 || random.next() % 2 == 0
      case 4: attempt.answered && random.next() % 10 < 7
      case 5: random.next() % 3 > 0
      default: random.next() % 4 < mood
      }
    if !isBad, !attempt.answered {
      let milliseconds = now - attempt.begun
      naive.firstToken(place, pace, attempt.input, milliseconds, at: now)
      health[place].take(report(attempt, .firstToken(milliseconds: Int64(milliseconds))), at: instant)
      attempt.answered = true
      return true
    }
    let (verdict, name, hint) = verdict(isBad: isBad, mood, &random)
    naive.end(
      place, pace, attempt.input, name, begun: attempt.begun, answered: attempt.answered, hint: hint, at: now)
    health[place].take(report(attempt, .ended(verdict)), at: instant)
    attempt = Attempt(place: -1, pace: attempt.pace, input: 0, begun: 0)
    return true
  }

  private static func verdict(
    isBad: Bool, _ mood: UInt64, _ random: inout SplitMix
  ) -> (AttemptVerdict, String, Int?) {
    guard isBad else { return random.next() % 5 == 0 ? (.nothing, "nothing", nil) : (.works, "works", nil) }
    if mood == 5 { return (.abandoned, "abandoned", nil) }
    if mood == 4 { return (.failed(.connection, retryAfter: nil), "failed", nil) }
    let hint = random.next() % 2 == 0 ? Int(random.next() % 20) : nil
    switch random.next() % (mood == 3 ? 15 : 7) {
    case 0: return (.failed(.throttled, retryAfter: hint), "throttled", hint)
    case 1: return (.timedOut, "timeout", nil)
    case 2: return (.failed(.unavailable, retryAfter: hint), "failed", nil)
    case 3: return (.failed(.misconfigured, retryAfter: nil), "failed", nil)
    case 4, 5: return (.failed(.connection, retryAfter: nil), "failed", nil)
    case 6: return (.failed(.timeout, retryAfter: nil), "answered timeout", nil)
    case 7...10: return (.timedOut, "timeout", nil)
    default: return (.abandoned, "abandoned", nil)
    }
  }

  private static func report(_ attempt: Attempt, _ event: AttemptReport.Event) -> AttemptReport {
    AttemptReport(
      deployment: MachineHarness.deployment("eu-\(attempt.place)"), pace: attempt.pace,
      input: TokenCount(attempt.input),
      begunAt: Instant(milliseconds: Int64(attempt.begun)), hasBegunToAnswer: attempt.answered, event: event)
  }
}
