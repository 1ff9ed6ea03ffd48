import Synchronization
import Testing

@testable import Core

/// Speaks the plain dialect, counts what it writes, and expresses only what it is told to.
private final class PickyProvider: RemoteProvider, OutboundCodec {
  private let plain = PlainProvider()
  private let problem: String?
  /// Refuses bounds of fewer tokens.
  private let leastTokens: Int
  private let count = Mutex(0)

  init(cannot problem: String? = nil, leastTokens: Int = 0) {
    self.problem = problem
    self.leastTokens = leastTokens
  }

  var written: Int { count.withLock { $0 } }
  var transport: any UpstreamTransport { NoTransport() }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { self }

  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    count.withLock { $0 += 1 }
    if let problem { throw InvalidRequest(problem) }
    if let tokens = call.maxTokens, tokens < leastTokens { throw InvalidRequest("So few tokens do not do.") }
    return try plain.request(for: call, upstreamModel: upstreamModel)
  }

  func decoder(for call: ModelCall) -> any UpstreamDecoder { plain.decoder(for: call) }

  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    plain.failure(status: status, headers: headers, body: body)
  }
}

/// A model of this process that counts nothing, or counts.
private struct LocalModel: LocalProvider {
  var cannot: String?

  func countInput(of call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> TokenCount {
    if let cannot { throw InvalidRequest(cannot) }
    return 5
  }

  func events(for call: ModelCall, upstreamModel: String) -> AsyncThrowingStream<ModelEvent, any Error> {
    AsyncThrowingStream { $0.finish() }
  }
}

/// Every call is a trial, asked in the order of the configuration.
private struct TrialRouting: DeploymentRouting {
  func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision {
    choice.candidates.first.map { .ask(RoutedDeployment($0, patience: choice.isFirst ? 500 : nil, isTrial: true)) }
      ?? .refuse(retryAfter: 1)
  }

  func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool { false }
  func take(_ report: AttemptReport, at now: Instant) {}
}

/// Asks in the order of the configuration, though nobody has answered of late.
private struct ClosedBreakers: DeploymentRouting {
  let seconds: Int?

  func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision {
    choice.candidates.first.map { .ask(RoutedDeployment($0)) } ?? .refuse(retryAfter: 1)
  }

  func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool { false }
  func secondsToProbe(_ deployments: [Deployment], at now: Instant) -> Int? { deployments.count == 2 ? seconds : nil }
  func take(_ report: AttemptReport, at now: Instant) {}
}

@Suite("Only who can express a call is asked (D-2, F-3)")
struct ChoiceTests {
  private static let connection = UpstreamFailure(.connection, "gone")
  private static let names = ["eu-a", "eu-b", "eu-c"]

  private static func harness(
    _ providers: [ModelProvider], routing: any DeploymentRouting = ConfiguredOrder()
  ) -> MachineHarness {
    // All in one region, so that all are in reach.
    let deployments = names.prefix(providers.count).map { name in
      Deployment(
        id: Identifier("d-\(name)"), model: MachineHarness.model.id, provider: .openAICompatible, account: name,
        region: RegionID("eu-a"), upstreamModel: "up-\(name)")
    }
    return MachineHarness(
      deployments: deployments, routing: routing,
      provider: { deployment in names.firstIndex(of: deployment.account).map { providers[$0] } })
  }

  @Test("A provider that cannot express the call is left out before admission, and another one answers")
  func leftOut() {
    let (unable, able) = (PickyProvider(cannot: "No tools."), PickyProvider())
    var call = Self.harness([.remote(unable), .remote(able)])
    call.accept("|plain|hello")
    #expect(call.admissions.map(\.deployment.account) == ["eu-b"])
    call.admit()
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(call.opened.map(\.deployment.account) == ["eu-b"])
    #expect(call.settled.map(\.attempts) == [1])
    #expect(unable.written == 1 && able.written == 1)
  }

  @Test("Where none can, the call is refused with what the first cannot, admits nothing and costs nothing")
  func nobodyCan() {
    var call = Self.harness([.remote(PickyProvider(cannot: "No tools.")), .remote(PickyProvider(cannot: "No images."))])
    call.accept("|plain|hello")
    #expect(call.head?.status == 400)
    #expect(call.written == "No tools.")
    #expect(call.admissions.isEmpty && call.settled.isEmpty && call.finished)
  }

  @Test("A failover leaves out who cannot express the call; the failure is told where nobody is left")
  func failover() {
    var call = Self.harness([
      .remote(PickyProvider()), .remote(PickyProvider(cannot: "No tools.")), .remote(PickyProvider()),
    ])
    call.accept("|plain|hello")
    call.admit()
    call.handle(.upstreamFailed(Self.connection))
    #expect(call.opened.map(\.deployment.account) == ["eu-a", "eu-c"])
    call.handle(.upstreamFailed(Self.connection))
    #expect(call.head?.status == 502 && call.written.hasSuffix("gone"))
    #expect(call.settled.map(\.attempts) == [2])
  }

  @Test("Nobody is given up for a deployment that cannot express the call")
  func notGivenUpForIt() {
    var call = Self.harness(
      [.remote(PickyProvider()), .remote(PickyProvider(cannot: "No tools."))], routing: TrialRouting())
    call.accept("|plain|hello")
    call.admit()
    call.handle(.waitedLong)
    #expect(call.asked.isEmpty && call.cancellations == 0 && call.waits == [nil])
  }

  @Test("The request is written once, whoever else is in reach, and again only for another bound of the output")
  func writtenOnce() {
    for count in 1...3 {
      for (granted, times) in [(1_000, 1), (300, 2)] {
        let providers = (0..<count).map { _ in PickyProvider() }
        var call = Self.harness(providers.map { .remote($0) })
        call.accept("|stream|hello")
        call.admit(maxTokens: granted, isLowered: granted < 1_000)
        #expect(call.opened.map(\.request.path) == ["/up-eu-a/\(granted)"])
        #expect(providers.map(\.written) == [times] + Array(repeating: 0, count: count - 1))
      }
    }
  }

  @Test("A bound that one provider cannot express leads to the next, and is told where there is none")
  func loweredBound() {
    let picky = PickyProvider(leastTokens: 500)
    var call = Self.harness([.remote(picky), .remote(PickyProvider())])
    call.accept("|plain|hello")
    call.admit(maxTokens: 300, isLowered: true)
    #expect(call.opened.map(\.deployment.account) == ["eu-b"])
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    #expect(call.settled.map(\.attempts) == [1])
    var alone = Self.harness([.remote(picky)])
    alone.accept("|plain|hello")
    alone.admit(maxTokens: 300, isLowered: true)
    #expect(alone.head?.status == 400)
    #expect(alone.settled.map(\.usage) == [.zero])
  }

  @Test("A model of this process that cannot take the call leaves it to others, before admission and after")
  func localModels() {
    var call = Self.harness([.local(LocalModel(cannot: "No images.")), .remote(PickyProvider())])
    call.accept("|plain|hello")
    #expect(call.admissions.map(\.deployment.account) == ["eu-b"])
    var later = Self.harness([.local(LocalModel()), .remote(PickyProvider())])
    later.accept("|plain|hello")
    later.admit()
    later.handle(.upstreamRefused(InvalidRequest("No images.")))
    #expect(later.opened.map(\.deployment.account) == ["eu-b"])
    var alone = Self.harness([.local(LocalModel(cannot: "No images."))])
    alone.accept("|plain|hello")
    #expect(alone.head?.status == 400 && alone.admissions.isEmpty)
  }

  @Test("Where a provider may answer in place of a model of this process, its own way to count bounds the call (U-5)")
  func boundOfFailover() throws {
    func input(_ providers: [ModelProvider]) throws -> TokenCount {
      var call = Self.harness(providers)
      call.accept("|plain|hello")
      return try #require(call.admissions.first).bounds.input
    }
    let remote = try input([.remote(PickyProvider())])
    #expect(try input([.local(LocalModel())]) == 5)
    #expect(remote > 5)
    #expect(try input([.local(LocalModel()), .remote(PickyProvider())]) == remote)
  }

  @Test(
    "While a call waits for its admission the request is not kept twice, and is written again for the provider (L-1)")
  func forgottenWhileWaiting() {
    let provider = PickyProvider()
    var call = Self.harness([.remote(provider)])
    call.accept("|plain|hello")
    #expect(provider.written == 1)
    for _ in 0..<3 { call.handle(.admissionWaits) }
    call.admit()
    #expect(provider.written == 2 && call.opened.map(\.request.path) == ["/up-eu-a/1000"])
  }

  @Test("No connection to anybody that calls are kept away from: the caller is told when one is tried again (F-2)")
  func nobodyReached() {
    for (seconds, status) in [(Int?.none, "gone"), (12, "gone Try again in 12 s.")] {
      var call = Self.harness(
        [.remote(PickyProvider()), .remote(PickyProvider())], routing: ClosedBreakers(seconds: seconds))
      call.accept("|plain|hello")
      call.admit()
      for _ in 0..<2 { call.handle(.upstreamFailed(Self.connection)) }
      #expect(call.written.hasSuffix(status) && call.settled.map(\.usage) == [.zero])
    }
  }

  @Test("Routing hears of every trial that is not made")
  func trials() {
    func notMade(_ call: MachineHarness) -> [String] {
      call.reports.filter { $0.event == .notMade }.map(\.deployment.account)
    }
    var unable = Self.harness(
      [.remote(PickyProvider(cannot: "No tools.")), .remote(PickyProvider())], routing: TrialRouting())
    unable.accept("|plain|hello")
    #expect(notMade(unable) == ["eu-a"])
    unable.handle(.refused(.exhausted(message: "Nothing is left.", retryAfter: 60)))
    #expect(notMade(unable) == ["eu-a", "eu-b"])

    var unfit = Self.harness([.remote(PickyProvider()), .remote(PickyProvider())], routing: TrialRouting())
    unfit.accept("|plain|hello")
    unfit.admit()
    unfit.handle(.waitedLong)
    unfit.handle(.notReserved)
    #expect(notMade(unfit) == ["eu-b"])

    // Its account is there no more, or it cannot express the bound that was reserved.
    let accounts = Mutex(true)
    var vanished = MachineHarness(
      isAvailable: true,
      routing: TrialRouting(),
      provider: { _ in accounts.withLock { $0 } ? .remote(PickyProvider()) : nil })
    accounts.withLock { $0 = false }
    vanished.accept("|plain|hello")
    vanished.admit()
    #expect(notMade(vanished) == ["eu-a", "eu-b"] && vanished.opened.isEmpty)

    var lowered = Self.harness([.remote(PickyProvider(leastTokens: 500))], routing: TrialRouting())
    lowered.accept("|plain|hello")
    lowered.admit(maxTokens: 300, isLowered: true)
    #expect(notMade(lowered) == ["eu-a"] && lowered.opened.isEmpty)

    var gone = Self.harness([.remote(PickyProvider())], routing: TrialRouting())
    gone.accept("|plain|hello")
    gone.handle(.clientGone)
    gone.admit()
    #expect(notMade(gone) == ["eu-a"])
  }
}
