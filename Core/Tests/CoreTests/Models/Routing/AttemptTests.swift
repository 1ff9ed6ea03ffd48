import Synchronization
import Testing

@testable import Core

/// Asks in the order it is given, with patience, and answers what a test says.
private final class ScriptedRouting: DeploymentRouting {
  let patience: Int64?
  let isReady: Bool
  private let answered: Mutex<Bool>

  init(patience: Int64? = 500, isReady: Bool = true, hasAnswered: Bool = false) {
    self.patience = patience
    self.isReady = isReady
    answered = Mutex(hasAnswered)
  }

  func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision {
    guard let first = choice.candidates.first else { return .refuse(retryAfter: 7) }
    return .ask(RoutedDeployment(first, isReady: isReady, patience: choice.isFirst ? patience : nil))
  }

  func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool { answered.withLock { $0 } }
  func take(_ report: AttemptReport, at now: Instant) {}
}

/// Nobody is to be asked.
private struct ClosedRouting: DeploymentRouting {
  func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision { .refuse(retryAfter: 7) }
  func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool { false }
  func take(_ report: AttemptReport, at now: Instant) {}
}

@Suite("Attempts of a call (N-3, M-4)")
struct AttemptTests {
  private static let timeout = UpstreamFailure(.timeout, "Too slow.")

  private static func reservation(_ maxTokens: Int, isLowered: Bool = false) -> Reservation {
    Reservation(requestID: RequestID("req_1"), consumption: .zero, maxTokens: maxTokens, isLowered: isLowered)
  }

  private static func call(_ routing: any DeploymentRouting = ScriptedRouting(), kind: String = "stream")
    -> MachineHarness
  {
    var call = MachineHarness(routing: routing)
    call.accept("|\(kind)|hello")
    call.admit()
    return call
  }

  @Test(
    "N-3, M-4: after a time-out another deployment is asked, once its attempt is reserved beside what the first cost")
  func timeoutIsAskedElsewhere() {
    var call = Self.call(kind: "plain")
    let input = call.admissions[0].bounds.input
    call.handle(.upstreamFailed(Self.timeout))
    #expect(call.opened.count == 1)
    #expect(call.asked.map(\.spent) == [TokenUsage(input: input)])
    call.handle(.reserved(Self.reservation(600, isLowered: true)))
    #expect(call.opened.map(\.request.path) == ["/up-eu-a/1000", "/up-eu-b/600"])
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.usage) == [TokenUsage(input: input) + PlainDecoder.reported])
    #expect(call.settled.map(\.attempts) == [2])
    #expect(call.settled.map(\.isEstimated) == [true])
    #expect(call.settled.map(\.servedRegion.text) == ["eu-b"])
    #expect(call.head?.headers.value(of: "x-packhouse-max-tokens") == "600")
  }

  @Test("M-4: an attempt that does not fit is not made, and the time-out is charged")
  func unfitAttemptIsNotMade() {
    var call = Self.call()
    call.handle(.upstreamFailed(Self.timeout))
    call.handle(.notReserved)
    #expect(call.opened.count == 1)
    #expect(call.settled.map(\.usage) == [TokenUsage(input: call.admissions[0].bounds.input)])
    #expect(call.settled.map(\.status) == [.failed])
  }

  @Test("N-3: a deployment that is silent for longer than usual is left for one that works")
  func silenceIsLeft() {
    var call = Self.call()
    #expect(call.opened.map(\.patience) == [500])
    call.handle(.waitedLong)
    #expect(call.opened.count == 1)
    #expect(call.asked.count == 1)
    #expect(call.cancellations == 0)
    call.handle(.reserved(Self.reservation(1_000)))
    #expect(call.cancellations == 1)
    #expect(call.opened.map(\.deployment.account) == ["eu-a", "eu-b"])
    #expect(call.opened.map(\.patience) == [500, nil])
    let verdicts = call.reports.map(\.event)
    #expect(verdicts == [.begun, .ended(.abandoned), .begun])
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(call.written == "hi.|settle|<end 7>")
    #expect(
      call.settled.map(\.usage) == [TokenUsage(input: call.admissions[0].bounds.input) + PlainDecoder.reported])
  }

  @Test("N-3: who answers others is slow rather than lost, and is waited for")
  func slowIsWaitedFor() {
    var call = Self.call(ScriptedRouting(hasAnswered: true))
    call.handle(.waitedLong)
    #expect(call.waits == [500])
    #expect(call.asked.isEmpty)
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
    #expect(call.settled.map(\.isEstimated) == [false])
  }

  @Test("M-4: where a further attempt does not fit, the silent one is waited for and nothing is charged twice")
  func silenceWithoutRoom() {
    var call = Self.call()
    call.handle(.waitedLong)
    call.handle(.notReserved)
    #expect(call.waits == [nil])
    #expect(call.cancellations == 0)
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
    #expect(call.settled.map(\.attempts) == [1])
  }

  @Test("N-3: nobody leaves a silent deployment for one that does not work either, nor leaves twice")
  func silenceWithoutAnother() {
    var call = Self.call(ScriptedRouting(isReady: false))
    call.handle(.waitedLong)
    #expect(call.waits == [nil])
    #expect(call.asked.isEmpty)
    var second = MachineHarness(
      deployments: ["eu-a", "eu-b", "eu-b"].map(MachineHarness.deployment), routing: ScriptedRouting())
    second.accept("|stream|hello")
    second.admit()
    second.handle(.waitedLong)
    second.handle(.reserved(Self.reservation(1_000)))
    second.handle(.waitedLong)
    #expect(second.asked.count == 1)
    #expect(second.waits == [nil])
  }

  @Test("N-3: once an answer has begun nothing is left or repeated, however long it is silent")
  func begunIsNeverLeft() {
    var call = Self.call()
    call.answer("hi")
    call.handle(.waitedLong)
    #expect(call.asked.isEmpty && call.waits == [nil])
    call.handle(.upstreamFailed(Self.timeout))
    #expect(call.asked.isEmpty && call.opened.count == 1)
    #expect(call.written == "hi|settle|!failed")
  }

  @Test("N-3: a stream that was taken on and fell silent before its first byte is asked for elsewhere")
  func silentStreamIsAskedElsewhere() {
    var call = Self.call()
    call.handle(.upstreamHead(status: 200, headers: []))
    call.handle(.upstreamFailed(Self.timeout))
    #expect(call.asked.count == 1)
    call.handle(.reserved(Self.reservation(1_000)))
    #expect(call.opened.count == 2)
  }

  @Test("N-3: no attempt begins after the total deadline")
  func deadline() {
    var call = Self.call()
    call.now = call.now.adding(milliseconds: RoutingRules.attemptsWindow)
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "No connection.")))
    #expect(call.opened.count == 1)
    #expect(call.settled.map(\.usage) == [.zero])
  }

  @Test("M-1: a client that goes while an attempt is being reserved is settled for what was spent, and nobody is asked")
  func clientGoesInBetween() {
    var call = Self.call()
    call.handle(.upstreamFailed(Self.timeout))
    call.handle(.clientGone)
    call.handle(.reserved(Self.reservation(1_000)))
    #expect(call.opened.count == 1)
    #expect(call.settled.map(\.usage) == [TokenUsage(input: call.admissions[0].bounds.input)])
    #expect(call.settled.map(\.status) == [.disconnected])
  }

  @Test("N-3: a server that stops asks nobody else")
  func stoppingAsksNobody() {
    var call = Self.call()
    call.handle(.deadline)
    #expect(call.opened.count == 1 && call.asked.isEmpty)
    #expect(call.settled.map(\.usage.input) == call.admissions.map(\.bounds.input))
    #expect(call.reports.map(\.event) == [.begun, .ended(.nothing)])
  }

  @Test("F-2: where none of those in reach has answered for a while the call is refused before admission, with a hint")
  func refusesSilence() {
    var call = MachineHarness(routing: ClosedRouting())
    call.accept("|plain|hello")
    #expect(call.admissions.isEmpty && call.settled.isEmpty && call.finished)
    #expect(call.written.contains("7 s"))
  }

  @Test("N-3: each attempt is reported from its begin to its verdict, with the time to its first token")
  func reports() {
    var call = Self.call()
    call.handle(.upstreamHead(status: 503, headers: []))
    call.handle(.upstreamEnd)
    call.now = call.now.adding(milliseconds: 40)
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(
      call.reports.map(\.event) == [
        .begun, .ended(.failed(.unavailable, retryAfter: nil)), .begun, .firstToken(milliseconds: 40), .ended(.works),
      ])
    #expect(call.reports.map(\.deployment.account) == ["eu-a", "eu-a", "eu-b", "eu-b", "eu-b"])
    #expect(call.reports.last?.hasBegunToAnswer == true)
  }
}
