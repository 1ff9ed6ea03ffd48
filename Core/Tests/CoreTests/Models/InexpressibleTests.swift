import Testing

@testable import Core

/// A provider that can express a call only with the bound that was asked for.
private struct PickyProvider: RemoteProvider, OutboundCodec {
  static let lowered = 600

  var transport: any UpstreamTransport { NoTransport() }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { self }

  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard call.maxTokens != Self.lowered else {
      throw InvalidRequest("Reasoning needs more than \(Self.lowered) tokens.", parameter: "max_tokens")
    }
    return try PlainProvider().request(for: call, upstreamModel: upstreamModel)
  }

  func decoder(for call: ModelCall) -> any UpstreamDecoder { PlainDecoder() }

  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    PlainProvider().failure(status: status, headers: headers, body: body)
  }
}

@Suite("A call that a provider can't be told (D-2, M-6, N-3)")
struct InexpressibleTests {
  private static func deployment(_ account: String, _ region: String) -> Deployment {
    Deployment(
      id: Identifier("d-\(account)"), model: MachineHarness.model.id, provider: .openAICompatible, account: account,
      region: RegionID(region), upstreamModel: "up-\(account)")
  }

  /// A call that is within reach of `accounts`, alternately in the two regions, and admitted with `maxTokens`. Those
  /// called picky can't be told a lowered bound.
  private static func call(_ accounts: [String], maxTokens: Int = 1_000) -> MachineHarness {
    var call = MachineHarness(
      deployments: accounts.enumerated().map { deployment($1, $0 % 2 == 0 ? "eu-a" : "eu-b") },
      provider: { .remote($0.account.hasPrefix("picky") ? PickyProvider() : PlainProvider()) })
    call.accept("|plain|hello")
    call.admit(maxTokens: maxTokens, isLowered: maxTokens != 1_000)
    return call
  }

  /// The first of them times out, and the next attempt has to do with less.
  private static func lowered(_ accounts: [String]) -> MachineHarness {
    var call = call(accounts)
    call.handle(.upstreamFailed(UpstreamFailure(.timeout, "Too slow.")))
    call.handle(
      .reserved(
        Reservation(
          requestID: RequestID("req_1"), consumption: .zero, maxTokens: PickyProvider.lowered, isLowered: true)))
    return call
  }

  @Test(
    "Who could not be told was not asked: the entry tells region and number of those that were, and their cost (M-4)")
  func afterTimeout() throws {
    let call = Self.lowered(["one", "picky"])
    let entry = try #require(call.settled.first)
    #expect(call.settled.count == 1 && call.finished && call.head?.status == 502)
    #expect(entry.servedRegion == RegionID("eu-a") && entry.attempts == 1)
    #expect(entry.usage == TokenUsage(input: call.admissions[0].bounds.input) && entry.isEstimated)
    #expect(!call.reports.contains { $0.deployment.account == "picky" && $0.event != .notMade })
  }

  @Test("One that can be told is asked next")
  func next() throws {
    var call = Self.lowered(["one", "picky", "two"])
    #expect(call.opened.map(\.deployment.account) == ["one", "two"])
    call.answer("hi.#")
    call.handle(.upstreamEnd)
    let entry = try #require(call.settled.first)
    #expect(call.settled.count == 1 && entry.status == .completed)
    #expect(entry.servedRegion == RegionID("eu-a") && entry.attempts == 2)
  }

  @Test("Where nobody was asked nothing is charged, and the entry stays in the region of the admission")
  func first() throws {
    let call = Self.call(["picky-1", "picky-2"], maxTokens: PickyProvider.lowered)
    let entry = try #require(call.settled.first)
    #expect(call.opened.isEmpty && call.finished && call.head?.status == 400)
    #expect(call.written.contains("Reasoning needs more"))
    #expect(entry.attempts == 0 && entry.usage == .zero)
    #expect(entry.servedRegion == entry.call.region && entry.call.region == RegionID("eu-a"))
  }
}
