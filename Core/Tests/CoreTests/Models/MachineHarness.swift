@testable import Core

/// Drives a machine by hand and remembers what it asked for.
struct MachineHarness {
  var machine: GatewayCallMachine
  var now = Instant(milliseconds: 1_000_000)
  var settled: [UsageEntry] = []
  var opened: [UpstreamOpening] = []
  var head: AnswerHead?
  /// Everything written, with `|settle|` where the settlement stood in the order of actions.
  var written = ""
  var finished = false
  var admissions: [AdmissionRequest] = []
  /// Further attempts that asked for a reservation.
  var asked: [AttemptRequest] = []
  var reports: [AttemptReport] = []
  var waits: [Int64?] = []
  var cancellations = 0
  /// How long the end of a connection is waited for.
  var ends: [Int64] = []

  static let model = ModelVersion(
    id: ModelVersionID("m-1"), displayName: "Model 1", family: Identifier("m"), type: .text,
    availability: [
      ModelAvailability(
        region: RegionID("eu-a"), needsCrossRegion: false, inferenceRegions: [RegionID("eu-a"), RegionID("eu-b")])
    ], aliases: ["one"], rates: ExchangeRates(input: 10, output: 50),
    limits: ModelLimits(maxOutputTokens: 4_000, defaultMaxTokens: 1_000, milliCharactersPerToken: 4_000))

  static func deployment(_ region: String) -> Deployment {
    Deployment(
      id: Identifier("d-\(region)"), model: model.id, provider: .openAICompatible, account: region,
      region: RegionID(region), upstreamModel: "up-\(region)")
  }

  init(
    deployments: [Deployment] = [deployment("eu-a"), deployment("eu-b")], isAvailable: Bool = true,
    codec: any InboundCodec = PlainCodec(), routing: any DeploymentRouting = ConfiguredOrder(),
    provider: @escaping @Sendable (Deployment) -> ModelProvider? = { _ in .remote(PlainProvider()) }
  ) {
    let catalog = Catalog(
      version: "1", regions: [], families: [], models: [Self.model], packs: [], terms: [], unitsPerCloudToken: 100)
    let policy = CallPolicy(
      catalog: catalog, deployments: { _ in deployments },
      provider: { isAvailable ? provider($0) : nil },
      checkLimits: { _, _ throws(InvalidRequest) in }, routing: routing)
    machine = GatewayCallMachine(requestID: RequestID("req_1"), codec: codec, policy: policy)
  }

  static func resource(isCrossRegion: Bool = true, type: ResourceType = .text) -> Resource {
    Resource(
      id: ResourceID("res0000001"), companyID: CompanyID("c"), name: "Assistant", type: type, environment: .test,
      region: RegionID("eu-a"), isCrossRegion: isCrossRegion, models: [model.id], defaultModel: model.id,
      createdFor: PersonReference(name: "Ada", email: "ada@example.com"), provisionedAt: Instant(milliseconds: 0))
  }

  mutating func accept(_ body: String, resource: Resource = resource()) {
    let request = InboundRequest(method: "POST", path: "/", headers: [], body: Sensitive(Array(body.utf8)))
    handle(.accepted(request, CallTarget(resource: resource, payer: .key(KeyID("k")))))
  }

  /// Admits what was asked for, with so many output tokens.
  mutating func admit(maxTokens: Int = 1_000, isLowered: Bool = false) {
    guard let request = admissions.last else { return }
    let call = AdmittedCall(
      requestID: machine.requestID, companyID: CompanyID("c"), resourceID: ResourceID("res0000001"),
      payer: .key(KeyID("k")), model: request.model.id, rates: request.model.rates,
      region: request.deployment.region, dialect: .openAI, admittedAt: now, bundleMonthStart: now,
      localDay: LocalDay(number: 0), countedInput: request.bounds.input)
    let reservation = Reservation(
      requestID: machine.requestID, consumption: .zero, maxTokens: maxTokens, isLowered: isLowered)
    handle(.admitted(call, reservation))
  }

  mutating func answer(_ text: String) {
    handle(.upstreamHead(status: 200, headers: []))
    handle(.upstreamBytes(Array(text.utf8)))
  }

  mutating func handle(_ event: GatewayCallEvent) {
    for action in machine.handle(event, at: now) {
      switch action {
      case .admit(let request): admissions.append(request)
      case .open(let opening): opened.append(opening)
      case .head(let head): self.head = head
      case .write(let bytes): written += String(decoding: bytes, as: UTF8.self)
      case .settle(let entry):
        settled.append(entry)
        written += "|settle|"
      case .finish: finished = true
      case .reserveAgain(let request): asked.append(request)
      case .report(let report): reports.append(report)
      case .waitOn(let patience): waits.append(patience)
      case .cancelUpstream: cancellations += 1
      case .expectEnd(let milliseconds): ends.append(milliseconds)
      case .run, .progress: break
      }
    }
  }
}
