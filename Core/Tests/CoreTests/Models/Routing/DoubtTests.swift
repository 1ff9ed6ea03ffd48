import Testing

@testable import Core

@Suite("What our own impatience says of a deployment (N-3)")
struct DoubtTests {
  private static let places = ["eu-a", "eu-b"].map(MachineHarness.deployment)

  /// Two deployments that have answered, and an instant.
  private struct Scene {
    var health = [DeploymentHealth(), DeploymentHealth()]
    var now = Instant(milliseconds: 1_000_000)
    var random = SplitMix(seed: 5)

    init() {
      for place in 0..<2 { take(place, .firstToken(milliseconds: 100)) }
      now = now.adding(milliseconds: 1)
    }

    mutating func take(_ place: Int, _ event: AttemptReport.Event, begun: Instant? = nil, answered: Bool = false) {
      let report = AttemptReport(
        deployment: places[place], pace: .streamed, input: 100, begunAt: begun ?? now, hasBegunToAnswer: answered,
        event: event)
      health[place].take(report, at: now)
    }

    /// One call goes to the first, and is given up.
    mutating func giveUp() {
      let begun = now
      take(0, .begun)
      now = now.adding(milliseconds: 500)
      take(0, .ended(.abandoned), begun: begun)
      now = now.adding(milliseconds: 1)
    }

    /// How many of 100 calls would go to the first.
    mutating func share() -> Int {
      (0..<100).count { _ in
        var known = health
        let choice = DeploymentChoice(places, pace: .streamed, input: 100, isFirst: true)
        guard case .ask(let routed) = DeploymentOrder.decide(choice, &known, at: now, using: &random) else {
          return false
        }
        return routed.deployment == places[0]
      }
    }
  }

  @Test("One call that is given up opens no breaker: its deployment is slow for one call, and keeps its traffic")
  func oneIsNothing() {
    var scene = Scene()
    scene.giveUp()
    #expect(!scene.health[0].isAvoided)
    #expect(scene.health[0].state(at: scene.now) == .working)
    // Of two that are as fast, the first in the order of the configuration.
    #expect(scene.share() == 100)
    #expect(scene.health[0].recent(at: scene.now).failures == 0)
  }

  @Test("Until it is heard of again one call at a time goes there, where another deployment works")
  func oneAtATime() {
    var scene = Scene()
    scene.giveUp()
    let begun = scene.now
    scene.take(0, .begun)
    #expect(scene.share() == 0)
    scene.now = scene.now.adding(milliseconds: 100)
    scene.take(0, .firstToken(milliseconds: 100), begun: begun)
    scene.take(0, .begun)
    #expect(scene.share() == 100)
  }

  @Test("Three that are given up one after the other are a silence; what answers in between begins the count anew")
  func threeAreASilence() {
    var scene = Scene()
    for number in 1...3 {
      scene.giveUp()
      #expect(scene.health[0].isAvoided == (number == 3))
    }
    #expect(scene.health[0].recent(at: scene.now).failures == 1)
    var slow = Scene()
    for _ in 0..<20 {
      slow.giveUp()
      slow.giveUp()
      slow.take(0, .firstToken(milliseconds: 400))
      slow.now = slow.now.adding(milliseconds: 1)
      #expect(!slow.health[0].isAvoided)
    }
  }

  @Test("However many were out together when a deployment stopped answering, they count once")
  func togetherIsOnce() {
    var scene = Scene()
    let begun = scene.now
    for _ in 0..<50 { scene.take(0, .begun) }
    for number in 0..<50 {
      scene.now = begun.adding(milliseconds: 500 + Int64(number))
      scene.take(0, .ended(.abandoned), begun: begun)
    }
    #expect(!scene.health[0].isAvoided)
    scene.giveUp()
    scene.giveUp()
    #expect(scene.health[0].isAvoided)
  }

  @Test("Who has answered others since the call began is not doubted for it")
  func answeredMeanwhile() {
    var scene = Scene()
    for _ in 0..<10 {
      let begun = scene.now
      scene.take(0, .begun)
      scene.now = scene.now.adding(milliseconds: 500)
      scene.take(0, .firstToken(milliseconds: 100))
      scene.take(0, .ended(.abandoned), begun: begun)
      scene.now = scene.now.adding(milliseconds: 1)
    }
    #expect(!scene.health[0].isAvoided)
    scene.take(0, .begun)
    #expect(scene.share() == 100)
  }

  @Test("A time-out of ours is a silence at once; a provider that says it took too long has failed once")
  func timeouts() {
    var silent = Scene()
    silent.take(0, .ended(.timedOut))
    #expect(silent.health[0].isAvoided)
    #expect(silent.share() == 0)
    var answering = Scene()
    for number in 1...3 {
      answering.take(0, .ended(.failed(.timeout, retryAfter: nil)))
      #expect(answering.health[0].isAvoided == (number == 3))
    }
    // It fails rather than being silent: calls are not refused for it, however often it does.
    for _ in 0..<10 {
      answering.now = answering.now.adding(milliseconds: 60_000)
      answering.health[0].breaker.sendProbe(at: answering.now)
      answering.take(0, .ended(.failed(.timeout, retryAfter: nil)))
    }
    #expect(answering.health[0].breaker.silences == 0)
  }

  @Test("A probe or a trial that is not sent leaves the next call to find out")
  func takenBack() {
    var scene = Scene()
    for _ in 0..<3 { scene.take(0, .ended(.failed(.unavailable, retryAfter: nil))) }
    scene.now = scene.now.adding(milliseconds: 1_000)
    let choice = DeploymentChoice(Self.places, pace: .streamed, input: 100, isFirst: true)
    for _ in 0..<3 {
      guard case .ask(let probe) = DeploymentOrder.decide(choice, &scene.health, at: scene.now, using: &scene.random)
      else { return }
      #expect(probe.deployment == Self.places[0] && probe.isTrial)
      #expect(scene.share() == 0)
      scene.take(0, .notMade)
      #expect(scene.share() == 100)
    }
  }
}
