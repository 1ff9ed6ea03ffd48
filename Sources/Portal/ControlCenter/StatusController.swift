import Core
import Hummingbird
import Platform

/// "Status". Rule N-3.
struct StatusController: Sendable {
  static let path = "/control-center/status"

  let services: PortalServices

  /// `GET /control-center/status?sort=&order=&page=`, pages counted from 1.
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let query = StatusQuery(try FormFields(urlEncoded: request.uri.query ?? ""))
    let found = try await services.deployments.page(as: context.caller)
    let view = StatusPage(found, query)
    return await services.pages.page(.status, view, title: "Status", at: .status, request, context)
  }
}

/// What the address of the page asks for.
struct StatusQuery: Sendable {
  enum Column: String, CaseIterable, Sendable {
    case state, model, region, provider, speed, failures

    var label: String {
      switch self {
      case .state: "State"
      case .model: "Model"
      case .region: "Region"
      case .provider: "Provider"
      case .speed: "Usual time to first token"
      case .failures: "Last five minutes"
      }
    }
  }

  /// Nil: what needs attention first.
  let sort: Column?
  let isAscending: Bool
  let page: String

  init(_ fields: FormFields) {
    sort = Column(rawValue: fields["sort"])
    isAscending = fields["order"] != "descending"
    page = fields["page"]
  }

  var address: PageAddress {
    PageAddress(
      StatusController.path, [("sort", sort?.rawValue ?? ""), ("order", isAscending ? "" : "descending")])
  }
}

struct StatusPage: Sendable {
  let company: String
  let zone: String
  let summary: String
  let isGood: Bool
  /// True where each has shown that it answers, and not merely nothing else.
  let allAnswer: Bool
  let headers: [SortHeader]
  let rows: [StatusRowView]
  let pages: PagesView?
  let unserved: [String]

  init(_ page: DeploymentPage, _ query: StatusQuery) {
    company = page.company.company.name
    zone = page.company.zone.identifier
    isGood = !page.rows.contains { $0.state.needsAttention }
    allAnswer = page.rows.allSatisfy { $0.state == .working }
    summary = Self.summary(page.rows.map { ($0.model, $0.state.needsAttention) })
    headers = StatusQuery.Column.allCases.map {
      SortHeader(
        $0.label, column: $0.rawValue, sorted: query.sort?.rawValue ?? "", isAscending: query.isAscending,
        address: query.address, isNumeric: $0 == .speed || $0 == .failures)
    }
    let sorted = page.rows.sorted(isAscending: query.isAscending) { $0.key(query.sort ?? .state) }
    let shown = sorted.page(query.page)
    rows = shown.elements.map { StatusRowView($0, page.company.zone) }
    pages = PagesView(shown, query.address)
    unserved = page.unserved
  }

  /// How many do not answer, and what becomes of the calls meanwhile.
  static func summary(_ rows: [(model: String, isTroubled: Bool)]) -> String {
    let troubled = rows.count { $0.isTroubled }
    let count =
      rows.count == 1
      ? "It does not answer as it should."
      : "\(UnitsFormat.grouped(Int64(troubled))) of \(UnitsFormat.grouped(Int64(rows.count))) do not answer as they should."
    let answered = Set(rows.filter { !$0.isTroubled }.map(\.model))
    let lost = Set(rows.map(\.model)).subtracting(answered).sorted()
    guard let first = lost.first else {
      return "\(count) With cross-region inference calls go to the others by themselves."
    }
    let names = lost.count == 1 ? first : "\(first) and \(lost.count - 1) more"
    return "\(count) Nobody else answers \(names): calls fail until they do again."
  }
}

/// A deployment.
struct StatusRowView: Sendable {
  let label: String
  let kind: String
  /// Since or until when.
  let note: String?
  let model: String
  let resources: String
  let region: String
  let provider: String
  let speed: String
  let recent: String
  let hasFailures: Bool

  init(_ row: DeploymentRow, _ zone: CompanyZone) {
    (label, kind, note) =
      switch row.state {
      case .unused: ("Not used yet", "plain", "No call since the server started")
      case .working: ("Working", "good", nil)
      case .recovering(let since): ("Recovering", "wait", "Did not answer since \(DayText.moment(since, zone))")
      case .notAnswering(let since): ("Not answering", "bad", "Since \(DayText.moment(since, zone))")
      case .busy(let until): ("Busy", "wait", "Until \(DayText.moment(until, zone))")
      }
    model = row.model
    resources = row.resources == 1 ? "1 resource" : "\(UnitsFormat.grouped(Int64(row.resources))) resources"
    region = row.region
    provider = row.provider.label
    speed = row.timeToFirstToken.map(Self.seconds) ?? "–"
    let calls = row.successes + row.failures
    recent =
      calls == 0
      ? "No calls"
      : "\(UnitsFormat.grouped(Int64(row.failures))) of \(UnitsFormat.grouped(Int64(calls))) calls failed"
    hasFailures = row.failures > 0
  }

  /// `340 ms`, `1.2 s`.
  static func seconds(_ milliseconds: Int64) -> String {
    guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
    let tenths = (milliseconds + 50) / 100
    return "\(UnitsFormat.grouped(tenths / 10)).\(tenths % 10) s"
  }
}

extension DeploymentState {
  var needsAttention: Bool {
    switch self {
    case .unused, .working: false
    case .recovering, .notAnswering, .busy: true
    }
  }

  /// What is worst goes first.
  fileprivate var rank: Int64 {
    switch self {
    case .notAnswering: 0
    case .recovering: 1
    case .busy: 2
    case .working: 3
    case .unused: 4
    }
  }
}

extension DeploymentRow {
  fileprivate func key(_ column: StatusQuery.Column) -> SortKey {
    switch column {
    case .state: SortKey(number: state.rank)
    case .model: SortKey(text: model.lowercased())
    case .region: SortKey(text: region.lowercased())
    case .provider: SortKey(text: provider.label.lowercased())
    case .speed: SortKey(number: timeToFirstToken ?? .max)
    case .failures: SortKey(number: Int64(failures))
    }
  }
}

extension ProviderKind {
  /// As people know it.
  var label: String {
    switch self {
    case .bedrock: "AWS Bedrock"
    case .anthropic: "Anthropic"
    case .cohere: "Cohere"
    case .openAICompatible: "OpenAI-compatible server"
    case .offline: "Built in"
    }
  }
}
