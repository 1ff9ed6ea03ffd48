import CodecCorpus
import Dialects

@testable import Core

/// One call through the gateway's machine: a provider answers, and what is settled is kept.
struct SettledCall {
  /// What the call's input was counted as, and how many characters a token has.
  static let countedInput: TokenCount = 50
  private static let milliCharactersPerToken = 4_000
  private static let region = RegionID("eu-a")
  private static let now = Instant(milliseconds: 1_750_000_000_000)

  private(set) var entries: [UsageEntry] = []
  private var admissions: [AdmissionRequest] = []
  private var machine: GatewayCallMachine
  private let rates: ExchangeRates

  /// Throws for a kind that there is not.
  init(_ kind: String, rates: ExchangeRates) throws {
    guard let kind = AnswerKind.named(kind) else { throw Exchange.Mismatch() }
    self.rates = rates
    let type: ResourceType = if case .embed = kind.call { .embeddings } else { .text }
    let model = Self.model(type, rates)
    let deployment = Deployment(
      id: Identifier("d"), model: model.id, provider: .openAICompatible, account: "a", region: Self.region,
      upstreamModel: "up")
    let policy = CallPolicy(
      catalog: Catalog(
        version: "1", regions: [], families: [], models: [model], packs: [], terms: [], unitsPerCloudToken: 100),
      deployments: { _ in [deployment] }, provider: { _ in .remote(Provider(kind: kind)) },
      checkLimits: { _, _ throws(InvalidRequest) in })
    machine = GatewayCallMachine(requestID: Exchange.requestID, codec: Self.codec(type), policy: policy)
    let resource = Resource(
      id: ResourceID("res0000001"), companyID: CompanyID("c"), name: "R", type: type, environment: .test,
      region: Self.region, isCrossRegion: false, models: [model.id], defaultModel: model.id,
      createdFor: PersonReference(name: "Ada", email: "ada@example.com"), provisionedAt: Instant(milliseconds: 0))
    let body =
      type == .embeddings
      ? #"{"input":["a","b"]}"#
      : #"{"messages":[{"role":"user","content":"What?"}],"stream":\#(kind.call.isStreaming)}"#
    handle(.accepted(Exchange.request(body), CallTarget(resource: resource, payer: .key(KeyID("k")))))
  }

  /// The provider's answer arrives in pieces that end at `cuts`, and ends.
  mutating func answer(_ bytes: [UInt8], headers: [HTTPField], cuts: [Int] = []) {
    admit()
    handle(.upstreamHead(status: 200, headers: headers))
    var start = 0
    for cut in cuts + [bytes.count] {
      handle(.upstreamBytes(Array(bytes[start..<cut])))
      start = cut
    }
    handle(.upstreamEnd)
  }

  private mutating func admit() {
    guard let request = admissions.last else { return }
    let call = AdmittedCall(
      requestID: machine.requestID, companyID: CompanyID("c"), resourceID: ResourceID("res0000001"),
      payer: .key(KeyID("k")), model: request.model.id, rates: rates, region: Self.region, dialect: .openAI,
      admittedAt: Self.now, bundleMonthStart: Self.now, localDay: LocalDay(number: 0), countedInput: Self.countedInput)
    let maxTokens = request.model.type == .embeddings ? nil : 1_000
    handle(
      .admitted(
        call, Reservation(requestID: machine.requestID, consumption: .zero, maxTokens: maxTokens, isLowered: false)))
  }

  private mutating func handle(_ event: GatewayCallEvent) {
    for action in machine.handle(event, at: Self.now) {
      switch action {
      case .admit(let request): admissions.append(request)
      case .settle(let entry): entries.append(entry)
      default: break
      }
    }
  }

  private static func codec(_ type: ResourceType) -> any InboundCodec {
    type == .embeddings ? OpenAIEmbeddingsInbound() : OpenAIChatInbound()
  }

  private static func model(_ type: ResourceType, _ rates: ExchangeRates) -> ModelVersion {
    ModelVersion(
      id: ModelVersionID("m"), displayName: "M", family: Identifier("m"), type: type,
      availability: [ModelAvailability(region: region, needsCrossRegion: false, inferenceRegions: [region])],
      aliases: [], rates: rates,
      limits: ModelLimits(
        maxOutputTokens: 1_000, defaultMaxTokens: 1_000, milliCharactersPerToken: milliCharactersPerToken))
  }
}

private struct Provider: RemoteProvider {
  let kind: AnswerKind

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec { kind.codec }
  var transport: any UpstreamTransport { NoTransport() }
}

private struct NoTransport: UpstreamTransport {
  func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
    throw UpstreamFailure(.connection, "Nothing is opened here.")
  }
}
