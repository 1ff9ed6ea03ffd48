import Testing

@testable import Core

/// The plain provider behind a transport with a total time-out of its own.
private struct TimedProvider: RemoteProvider {
  private struct Transport: UpstreamTransport {
    let timeouts: ProviderTimeouts

    func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
      throw UpstreamFailure(.connection, "Not used in tests of the machine.")
    }
  }

  let transport: any UpstreamTransport

  init(total: Int64, connect: Int64 = 5_000) {
    transport = Transport(timeouts: ProviderTimeouts(connect: connect, total: total))
  }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { PlainProvider() }
}

@Suite("All attempts together have the total time of one (N-3, N-4)")
struct TotalTimeTests {
  private static let timeout = UpstreamFailure(.timeout, "Too slow.")
  private static let unavailable = UpstreamFailure(.unavailable, "Down.", retryAfter: 9)

  private static func call(totals: [Int64], connect: Int64 = 5_000) -> MachineHarness {
    let names = ["eu-a", "eu-b", "eu-c"].prefix(totals.count)
    let deployments = names.map { name in
      Deployment(
        id: Identifier("d-\(name)"), model: MachineHarness.model.id, provider: .openAICompatible, account: name,
        region: RegionID("eu-a"), upstreamModel: name)
    }
    var call = MachineHarness(
      deployments: deployments,
      provider: { deployment in
        names.firstIndex(of: deployment.account).map { .remote(TimedProvider(total: totals[$0], connect: connect)) }
      })
    call.accept("|plain|hello")
    call.admit()
    return call
  }

  @Test("An attempt has of the total time what those before it have left")
  func reduced() {
    var call = Self.call(totals: [300_000, 300_000, 300_000])
    call.now = call.now.adding(milliseconds: 60_000)
    call.handle(.upstreamFailed(Self.unavailable))
    call.now = call.now.adding(milliseconds: 30_500)
    call.handle(.upstreamFailed(Self.unavailable))
    #expect(call.opened.map(\.request.elapsedMilliseconds) == [0, 60_000, 90_500])
  }

  @Test("A deployment that allows a call less time than it has taken is not asked; one that allows more is")
  func leftOut() {
    var call = Self.call(totals: [300_000, 62_000, 90_000])
    call.now = call.now.adding(milliseconds: 60_000)
    call.handle(.upstreamFailed(Self.unavailable))
    // A tenth of its time has to be left.
    #expect(call.opened.map(\.deployment.account) == ["eu-a", "eu-c"])
  }

  @Test(
    "An attempt whose time could be over before it has a connection, and which would be charged then, is not made (M-4)"
  )
  func connecting() {
    for (connect, asked) in [(Int64(9_999), 2), (10_000, 1)] {
      var call = Self.call(totals: [70_000, 70_000], connect: connect)
      call.now = call.now.adding(milliseconds: 60_000)
      call.handle(.upstreamFailed(Self.unavailable))
      #expect(call.opened.count == asked && call.finished == (asked == 1))
    }
  }

  @Test("That it was too late for others is remembered until the attempt that ran on has failed")
  func remembered() {
    do {
      var call = Self.call(totals: [300_000, 62_000])
      call.now = call.now.adding(milliseconds: 60_000)
      call.handle(.waitedLong)
      call.now = call.now.adding(milliseconds: 60_000)
      call.handle(.upstreamFailed(Self.unavailable))
      #expect(call.opened.count == 1 && call.finished)
      #expect(call.written.contains("No other provider is asked"))
    }
  }

  @Test("Where nobody has time left the caller is told so: as a time-out, or with the provider's hint")
  func told() {
    for (failure, kind) in [
      (Self.timeout, UpstreamFailure.Kind.timeout), (UpstreamFailure(.connection, "gone"), .timeout),
      (Self.unavailable, .unavailable),
    ] {
      let late = failure.outOfTime(after: 60_000)
      #expect(late.kind == kind && late.retryAfter == failure.retryAfter)
      var call = Self.call(totals: [300_000, 50_000])
      call.now = call.now.adding(milliseconds: 60_000)
      call.handle(.upstreamFailed(failure))
      #expect(call.opened.count == 1 && call.finished)
      #expect(call.written.contains("No other provider is asked, because the call has taken 60 s already."))
    }
  }

  @Test("An attempt that ends with the total time of the call says so; one of several in time does not")
  func endsWithTheCall() {
    for (seconds, isOver) in [(Int64(50), true), (40, false)] {
      var call = Self.call(totals: [100_000, 100_000])
      call.now = call.now.adding(milliseconds: 50_000)
      call.handle(.upstreamFailed(Self.unavailable))
      call.now = call.now.adding(milliseconds: seconds * 1_000)
      call.handle(.upstreamFailed(Self.timeout))
      #expect(call.written.contains("has taken 100 s already") == isOver)
      #expect(call.settled.map(\.usage.input) == call.admissions.map(\.bounds.input))
    }
  }

  @Test(
    "M-4: a provider that says itself that it took too long is paid nothing, and has failed rather than been silent")
  func providersOwnTimeout() {
    var call = MachineHarness(provider: { _ in .remote(GatewayTimeoutProvider()) })
    call.accept("|plain|hello")
    call.admit()
    for _ in 0..<2 {
      call.handle(.upstreamHead(status: 504, headers: []))
      call.handle(.upstreamEnd)
    }
    #expect(call.opened.count == 2 && call.asked.isEmpty)
    #expect(call.settled.map(\.usage) == [.zero])
    let verdicts = call.reports.map(\.event).filter { $0 != .begun }
    #expect(verdicts == Array(repeating: .ended(.failed(.timeout, retryAfter: nil)), count: 2))
    var silent = MachineHarness()
    silent.accept("|plain|hello")
    silent.admit()
    silent.handle(.upstreamFailed(Self.timeout))
    #expect(silent.reports.map(\.event) == [.begun, .ended(.timedOut)])
  }
}

/// The plain provider, with the status of a gateway that waited in vain.
private struct GatewayTimeoutProvider: RemoteProvider, OutboundCodec {
  private let plain = PlainProvider()
  var transport: any UpstreamTransport { NoTransport() }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { self }

  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    try plain.request(for: call, upstreamModel: upstreamModel)
  }

  func decoder(for call: ModelCall) -> any UpstreamDecoder { plain.decoder(for: call) }

  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    UpstreamFailure(.timeout, "The provider took too long.")
  }
}
