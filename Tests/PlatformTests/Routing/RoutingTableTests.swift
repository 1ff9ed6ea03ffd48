import Core
import TestSupport
import Testing

@testable import Platform

@Suite("The routing table (N-2, N-3)")
struct RoutingTableTests {
  private let europe = Array(RoutingCatalog.deployments.dropFirst())
  private let clock = ManualClock()

  private func report(_ deployment: Deployment, _ event: AttemptReport.Event) -> AttemptReport {
    AttemptReport(deployment: deployment, pace: .streamed, input: 100, begunAt: clock.now, event: event)
  }

  private func asked(_ table: RoutingTable, isFirst: Bool = true) -> RoutedDeployment? {
    let choice = DeploymentChoice(europe, pace: .streamed, input: 100, isFirst: isFirst)
    guard case .ask(let routed) = table.decide(choice, at: clock.now) else { return nil }
    return routed
  }

  @Test("The fastest of those that work gets most calls, the slowest none")
  func prefersTheFastest() {
    let table = RoutingTable(random: .seeded(3))
    for (deployment, milliseconds) in zip(europe, [300, 100, 200] as [Int64]) {
      table.take(report(deployment, .begun), at: clock.now)
      table.take(report(deployment, .firstToken(milliseconds: milliseconds)), at: clock.now)
    }
    var counts: [String: Int] = [:]
    for _ in 0..<3_000 { counts[asked(table)?.deployment.region.text ?? "", default: 0] += 1 }
    #expect(counts["eu-central-1"] == nil)
    // Two of the three pairs hold the fastest one.
    #expect((1_800...2_200).contains(counts["eu-west-1"] ?? 0))
    #expect((800...1_200).contains(counts["eu-north-1"] ?? 0))
  }

  @Test("After two minutes without an answer one call goes to a slow deployment, and only one, to learn how it is now")
  func learnsAnew() {
    let table = RoutingTable(random: .seeded(3))
    for deployment in europe {
      table.take(report(deployment, .firstToken(milliseconds: deployment == europe[0] ? 900 : 100)), at: clock.now)
    }
    clock.advance(seconds: 119)
    for deployment in europe.dropFirst() {
      table.take(report(deployment, .firstToken(milliseconds: 100)), at: clock.now)
    }
    for _ in 0..<100 { #expect(asked(table)?.deployment != europe[0]) }
    clock.advance(seconds: 2)
    let chosen = (0..<200).map { _ in asked(table)?.deployment }
    #expect(chosen.count { $0 == europe[0] } == 1)
  }

  @Test("A deployment that fails three times is left alone; one probe at a time finds out that it answers again")
  func breaker() {
    let table = RoutingTable(random: .seeded(3))
    for deployment in europe { table.take(report(deployment, .firstToken(milliseconds: 50)), at: clock.now) }
    for _ in 0..<3 {
      table.take(report(europe[0], .ended(.failed(.unavailable, retryAfter: nil))), at: clock.now)
    }
    for _ in 0..<200 { #expect(asked(table)?.deployment != europe[0]) }
    clock.advance(milliseconds: 1_000)
    let chosen = (0..<50).map { _ in asked(table)?.deployment }
    #expect(chosen.first == europe[0])
    #expect(chosen.count { $0 == europe[0] } == 1)
    table.take(report(europe[0], .firstToken(milliseconds: 5)), at: clock.now)
    #expect((0..<50).contains { _ in asked(table)?.deployment == europe[0] })
    guard case .working = table.health(of: europe[0]).state(at: clock.now) else {
      Issue.record("it is not said to work")
      return
    }
  }

  @Test("How long calls keep away is told where they keep away from everybody, to the next probe (F-2)")
  func secondsToProbe() {
    let table = RoutingTable(random: .seeded(3))
    for (place, deployment) in europe.enumerated() {
      #expect(table.secondsToProbe(europe, at: clock.now) == nil)
      for _ in 0..<3 {
        table.take(report(deployment, .ended(.failed(.connection, retryAfter: nil))), at: clock.now)
      }
      #expect(table.secondsToProbe(Array(europe.prefix(place + 1)), at: clock.now) == 1)
    }
    #expect(table.secondsToProbe(europe, at: clock.now) == 1)
    #expect(table.secondsToProbe([], at: clock.now) == nil)
    clock.advance(seconds: 100)
    #expect(table.secondsToProbe(europe, at: clock.now) == 1)
    table.take(report(europe[0], .firstToken(milliseconds: 5)), at: clock.now)
    #expect(table.secondsToProbe(europe, at: clock.now) == nil)
  }

  @Test(
    "A call that is given up costs its deployment nothing but the next call's trust; three in a row cost it its traffic"
  )
  func givenUp() {
    let table = RoutingTable(random: .seeded(3))
    for deployment in europe {
      table.take(report(deployment, .firstToken(milliseconds: deployment == europe[0] ? 50 : 90)), at: clock.now)
    }
    for number in 1...3 {
      clock.advance(milliseconds: 1)
      let abandoned = report(europe[0], .begun)
      table.take(abandoned, at: clock.now)
      clock.advance(milliseconds: 500)
      table.take(
        AttemptReport(
          deployment: europe[0], pace: .streamed, input: 100, begunAt: abandoned.begunAt, event: .ended(.abandoned)),
        at: clock.now)
      let isAsked = (0..<50).contains { _ in asked(table)?.deployment == europe[0] }
      #expect(isAsked == (number < 3))
    }
  }

  @Test("Throttled with a hint it is avoided until the hint has passed, and asked before giving up")
  func throttled() {
    let table = RoutingTable(random: .seeded(3))
    for deployment in europe {
      table.take(
        report(deployment, .ended(.failed(.throttled, retryAfter: deployment == europe[1] ? 5 : 20))), at: clock.now)
    }
    #expect(asked(table)?.deployment == europe[1])
    clock.advance(seconds: 5)
    for _ in 0..<50 { #expect(asked(table)?.deployment == europe[1]) }
    #expect(asked(table)?.isReady == true)
    #expect(table.health(of: europe[0]).state(at: clock.now) == .busy(until: clock.now.adding(seconds: 15)))
  }

  @Test(
    "Where nobody has answered anything for a while, calls are refused but for probes, with the seconds to the next")
  func allSilent() {
    let table = RoutingTable(random: .seeded(3))
    for _ in 0..<3 {
      for deployment in europe {
        _ = table.decide(DeploymentChoice([deployment], pace: .streamed, input: 100, isFirst: true), at: clock.now)
        table.take(report(deployment, .ended(.timedOut)), at: clock.now)
      }
      clock.advance(seconds: 10)
    }
    let probed = (0..<3).map { _ in asked(table)?.deployment }
    #expect(Set(probed.compactMap { $0 }) == Set(europe))
    let choice = DeploymentChoice(europe, pace: .streamed, input: 100, isFirst: true)
    guard case .refuse(let seconds) = table.decide(choice, at: clock.now) else {
      Issue.record("a call was sent into silence")
      return
    }
    #expect((1...30).contains(seconds))
  }

  @Test("Metrics tell the state, the speed and what failed of late, by deployment")
  func metrics() {
    let table = RoutingTable(random: .seeded(3))
    table.take(report(europe[1], .firstToken(milliseconds: 250)), at: clock.now)
    for _ in 0..<3 { table.take(report(europe[0], .ended(.failed(.connection, retryAfter: nil))), at: clock.now) }
    let europe = europe
    let text = DeploymentMetrics(routing: table, clock: clock.wallClock, deployments: { europe }).text
    let labels = { (region: String) in
      "deployment=\"\(region)/claude-sonnet-4-6\",model=\"claude-sonnet-4-6\",account=\"\(region)\","
        + "kind=\"openai-compatible\",region=\"\(region)\""
    }
    for line in [
      "packhouse_deployment_state{\(labels("eu-central-1")),state=\"not_answering\"} 1",
      "packhouse_deployment_state{\(labels("eu-central-1")),state=\"working\"} 0",
      "packhouse_deployment_state{\(labels("eu-west-1")),state=\"working\"} 1",
      "packhouse_deployment_state{\(labels("eu-north-1")),state=\"unused\"} 1",
      "packhouse_deployment_first_token_seconds{\(labels("eu-west-1")),answer=\"streamed\"} 0.25",
      "packhouse_deployment_recent_attempts{\(labels("eu-central-1")),outcome=\"failure\"} 3",
      "# TYPE packhouse_deployment_state gauge",
    ] {
      #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
    }
  }

  @Test("An account that is pointed elsewhere begins anew")
  func pointedElsewhere() {
    let table = RoutingTable(random: .seeded(3))
    for _ in 0..<3 {
      table.take(report(europe[0], .ended(.failed(.misconfigured, retryAfter: nil))), at: clock.now)
    }
    let moved = Deployment(
      id: europe[0].id, model: europe[0].model, provider: .bedrock, account: europe[0].account,
      region: europe[0].region, upstreamModel: "another")
    #expect(table.health(of: moved).state(at: clock.now) == .unused)
    #expect(table.health(of: europe[0]).state(at: clock.now) == .notAnswering(since: clock.now))
  }
}
