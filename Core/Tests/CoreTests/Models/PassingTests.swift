import Testing

@testable import Core

/// A request that may pass through, in the plain dialect.
private struct PlainOriginal: PassableRequest {
  let beyondNeutral: InvalidRequest?
  var uncountedBytes = 0
}

/// The plain dialect with requests that may pass through.
private struct PassingCodec: InboundCodec {
  var beyond: InvalidRequest?
  var uncountedBytes: Int
  private let plain = PlainCodec()
  var dialect: Dialect { plain.dialect }

  init(beyond: InvalidRequest? = nil, uncountedBytes: Int = 0) {
    self.beyond = beyond
    self.uncountedBytes = uncountedBytes
  }

  func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    var decoded = try plain.decode(request)
    decoded.original = PlainOriginal(beyondNeutral: beyond, uncountedBytes: uncountedBytes)
    return decoded
  }

  func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    plain.encode(failure, requestID: requestID)
  }

  func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    plain.encodeMidStream(failure, requestID: requestID)
  }
}

/// A provider that speaks the plain dialect itself.
private struct PassingProvider: RemoteProvider, OutboundCodec {
  private let plain = PlainProvider()
  var transport: any UpstreamTransport { NoTransport() }

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { self }

  func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    try plain.request(for: call, upstreamModel: upstreamModel)
  }

  func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard original is PlainOriginal, var request = try? request(for: call, upstreamModel: upstreamModel) else {
      return nil
    }
    request.path = "/passed" + request.path
    return PassedCall(request: request, encoder: PlainRelay())
  }

  func decoder(for call: ModelCall) -> any UpstreamDecoder { plain.decoder(for: call) }

  func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    plain.failure(status: status, headers: headers, body: body)
  }
}

/// Keeps the full stop back.
private struct PlainRelay: AnswerEncoder {
  func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    AnswerHead(status: 200, headers: [HTTPField("passed", "yes")])
  }

  func encode(_ event: ModelEvent) -> [UInt8] { [] }
  func relay(_ bytes: [UInt8]) -> [UInt8] { bytes.filter { $0 != UInt8(ascii: ".") } }
  func relay(_ bytes: [UInt8], frames: Int) -> [UInt8] { relay(Array(bytes.prefix(frames))) }
  func finish(usage: TokenUsage) -> [UInt8] { [UInt8(ascii: ".")] }
}

@Suite("Calls pass through where both sides speak one dialect (D-1, D-4)")
struct PassingTests {
  /// The provider in eu-b speaks the caller's dialect, the one in eu-a does not.
  private static func provider(_ deployment: Deployment) -> ModelProvider? {
    deployment.region == RegionID("eu-b") ? .remote(PassingProvider()) : .remote(PlainProvider())
  }

  private static func harness(
    _ regions: [String], beyond: InvalidRequest? = nil, uncountedBytes: Int = 0
  ) -> MachineHarness {
    MachineHarness(
      deployments: regions.map(MachineHarness.deployment),
      codec: PassingCodec(beyond: beyond, uncountedBytes: uncountedBytes), provider: provider)
  }

  @Test("The provider's own bytes reach the caller, are metered, and end after the settlement (M-1)")
  func passes() {
    var call = Self.harness(["eu-b"])
    call.accept("|stream|hi")
    call.admit(maxTokens: 321)
    #expect(call.opened.map(\.request.path) == ["/passed/up-eu-b/321"])
    call.answer("ab#")
    #expect(call.written == "ab#")
    #expect(call.head?.headers.value(of: "passed") == "yes")
    call.handle(.upstreamBytes(Array("c.".utf8)))
    call.handle(.upstreamEnd)
    #expect(call.written == "ab#c|settle|.")
    #expect(call.settled.map(\.usage) == [PlainDecoder.reported])
  }

  @Test("The same transcript settles the same figures on both paths")
  func samePrice() {
    for transcript in ["ab#c.", "abc.", "ab#", "abX", ""] {
      var settled: [UsageEntry] = []
      for region in ["eu-a", "eu-b"] {
        var call = Self.harness([region])
        call.accept("|stream|hi", resource: MachineHarness.resource())
        call.admit()
        call.answer(transcript)
        call.handle(.upstreamEnd)
        #expect(call.settled.count == 1)
        settled += call.settled
      }
      #expect(settled[0].usage == settled[1].usage, "\(transcript)")
      #expect(settled[0].status == settled[1].status, "\(transcript)")
      #expect(settled[0].isEstimated == settled[1].isEstimated, "\(transcript)")
    }
  }

  @Test("A failure after the first byte is told in the dialect's way, and what broke is not passed on (F-4)")
  func breaks() {
    var call = Self.harness(["eu-b"])
    call.accept("|stream|hi")
    call.admit()
    call.answer("ab")
    call.handle(.upstreamBytes(Array("X".utf8)))
    #expect(call.written == "ab|settle|!failed")
  }

  @Test("What stood before a failure in one piece is charged, and passes up to what broke")
  func breaksWithinAPiece() {
    for (region, written) in [("eu-b", "abcd|settle|!failed"), ("eu-a", "abcd|settle|!failed")] {
      var call = Self.harness([region])
      call.accept("|stream|hi")
      call.admit()
      call.answer("ab")
      call.handle(.upstreamBytes(Array("cdXef".utf8)))
      #expect(call.written == written)
      // Four characters are one token here: the failure was told at once, and nothing after it counts.
      #expect(call.settled.map(\.usage.output) == [1])
    }
  }

  @Test("What goes along uncounted is reserved by its bytes, where a provider in reach would get it (D-4, U-5)")
  func uncounted() throws {
    func input(_ regions: [String], _ uncountedBytes: Int) throws -> Int64 {
      var call = Self.harness(regions, uncountedBytes: uncountedBytes)
      call.accept("|stream|hi")
      return try #require(call.admissions.last).bounds.input.count
    }
    let plain = try input(["eu-b"], 0)
    #expect(plain > 0)
    #expect(try input(["eu-b"], 700) == plain + 700)
    #expect(try input(["eu-a", "eu-b"], 700) == plain + 700)
    // Nothing of it reaches a provider of another dialect.
    #expect(try input(["eu-a"], 700) == plain)
  }

  @Test("Failover leaves and enters the dialect with each deployment (N-3)")
  func failover() {
    var call = Self.harness(["eu-b", "eu-a"])
    call.accept("|stream|hi")
    call.admit()
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "gone")))
    #expect(Set(call.opened.map(\.request.path)) == ["/passed/up-eu-b/1000", "/up-eu-a/1000"])
    let isPassed = call.opened.last?.deployment.region == RegionID("eu-b")
    call.answer("a#.")
    call.handle(.upstreamEnd)
    #expect(call.written == (isPassed ? "a#|settle|." : "a.|settle|<end 7>"))
    #expect(call.head?.headers.value(of: "passed") == (isPassed ? "yes" : nil))
  }

  @Test(
    "What only the caller's dialect can say goes to deployments that speak it, or is refused before admission (D-2)")
  func beyondNeutral() {
    let beyond = InvalidRequest("logprobs is not supported.", parameter: "logprobs")
    var able = Self.harness(["eu-a", "eu-b"], beyond: beyond)
    able.accept("|stream|hi")
    able.admit()
    able.handle(.upstreamFailed(UpstreamFailure(.connection, "gone")))
    #expect(able.opened.map(\.request.path) == ["/passed/up-eu-b/1000"])
    var unable = Self.harness(["eu-a"], beyond: beyond)
    unable.accept("|stream|hi")
    #expect(unable.admissions.isEmpty)
    #expect(unable.head?.status == 400)
    #expect(unable.written == "logprobs is not supported.")
  }
}
