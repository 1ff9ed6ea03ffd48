import Core
import Hummingbird
import Storage
import TestSupport

@testable import Platform
@testable import Portal

/// What every template is rendered with, in all the states that it tells apart; from the real world where possible.
struct ViewSamples {
  struct Sample {
    let template: PageTemplate
    let view: Any
  }

  let world: PortalWorld
  let ada: Caller

  init(_ world: PortalWorld) {
    self.world = world
    ada = Caller(user: world.ada)
  }

  func all() async throws -> [Sample] {
    try await world.use(input: 2_000_000, output: 1_000, isEstimated: true)
    return [
      try await accounts(), try await overviews(), try await consumption(), try await keys(), try await others(),
      try await controlCenter(), try await provisioning(), try await cloudTokens(), try await status(),
      try await life(),
      try await people(),
      try await company(), openInvitations(), faults(),
    ].flatMap { $0 }
  }

  func sample(
    _ template: PageTemplate, _ page: some Sendable, isAdmin: Bool = true, theme: String? = nil,
    flash: FlashView? = nil
  ) -> Sample {
    let place = Place.resource(world.resource, name: "Support assistant", tab: .keys)
    let frame = FrameView(
      title: "Title", theme: theme, styles: "/a", script: "/b", icon: "/c", csrf: "token",
      person: isAdmin ? PersonView(name: "Ada", role: "Company admin") : nil, portalLinks: place.portalLinks(),
      controlLinks: Place.cloudTokens.controlLinks(), hasControlCenter: isAdmin, isAtSessions: isAdmin,
      themes: Theme.allCases.map { OptionView($0.rawValue, $0.label, isSelected: $0 == .dark) }, back: "/",
      flash: flash)
    return Sample(template: template, view: PageView(frame: frame, page: page))
  }

  private func accounts() async throws -> [Sample] {
    let input = InputView("email", "Email", value: "a", hint: "Hint", isRequired: true, problems: problem("email"))
    func signIn(_ problem: String?, _ isOpen: Bool) -> SignInPage {
      SignInPage(email: input, password: input, next: "/", problem: problem, isSetUpOpen: isOpen)
    }
    let signedIn = try await signedIn()
    let sessions = try await world.platform.accounts.sessions(of: signedIn)
    return [
      sample(.signIn, signIn("No", true), theme: "dark", flash: FlashView(text: "Out", isGood: true)),
      sample(.signIn, signIn(nil, false), flash: FlashView(text: "Out", isGood: false)),
      sample(.setUp, SetUpPage(SetUpBody(token: "t"), problem("timeZone"))),
      sample(.setUp, SetUpPage(SetUpBody(token: "t"), [])),
      sample(
        .sessions, SessionsPage(sessions, zone: .utc), theme: "dark", flash: FlashView(text: "Done", isGood: true)),
      sample(
        .sessions, SessionsPage([], zone: .utc), isAdmin: false, flash: FlashView(text: "Done", isGood: false)),
    ]
  }

  private func overviews() async throws -> [Sample] {
    let all = try await world.platform.resources.overview(as: ada)
    let running = all.map { overview in
      ResourceOverview(
        state: overview.state, region: overview.region, models: overview.models,
        consumption: overview.consumption.map {
          ConsumptionMeasure(kind: $0.kind, used: $0.used, allowed: $0.allowed, running: 5)
        }, zone: overview.zone)
    }
    let nothing = OverviewQuery(try FormFields(urlEncoded: "q=nothing&type=text&environment=Test"))
    return [
      sample(.overview, OverviewPage(running, OverviewQuery(FormFields()), isAdmin: true)),
      sample(
        .overview,
        OverviewPage(
          Array(repeating: running[0], count: 120), OverviewQuery(try FormFields(urlEncoded: "page=2")), isAdmin: true)),
      sample(.overview, OverviewPage(all, nothing, isAdmin: false)),
      sample(.overview, OverviewPage([], OverviewQuery(FormFields()), isAdmin: true)),
      sample(.overview, OverviewPage([], OverviewQuery(FormFields()), isAdmin: false)),
    ]
  }

  private func consumption() async throws -> [Sample] {
    func page(_ back: Int) async throws -> ConsumptionPage {
      let platform = world.platform
      let found = try await platform.resources.resource(world.resource, for: .seeResource, as: ada)
      let summary = try await platform.consumption.summary(of: world.resource, as: ada)
      let measures = summary.measures.map {
        ConsumptionMeasure(kind: $0.kind, used: $0.used, allowed: $0.allowed, running: 5)
      }
      let running = ConsumptionSummary(
        state: summary.state, zone: summary.zone, measures: measures, plan: summary.plan,
        refillDay: summary.refillDay, models: summary.models, estimated: summary.estimated, calls: summary.calls)
      let period = try await platform.consumption.period(.bundleMonth, stepsBack: back, of: world.resource, as: ada)
      return ConsumptionPage(found, running, period, at: world.clock.now)
    }
    world.clock.advance(seconds: 10 * 86_400)
    let first = try await page(0)
    world.clock.advance(seconds: 30 * 86_400)
    return [
      sample(.consumption, first), sample(.consumption, try await page(0)), sample(.consumption, try await page(1)),
    ]
  }

  private func keys() async throws -> [Sample] {
    let platform = world.platform
    let found = try await platform.resources.resource(world.resource, for: .manageKeys, as: ada)
    let samples = SampleSource(found.resource, platform.catalog, gateway: "https://gateway.example")
    func page(_ keys: [KeyView], _ dialog: KeysDialog, search: String = "") throws -> Sample {
      let query = KeysQuery(try FormFields(urlEncoded: "revoked=\(keys.last?.key.id.text ?? "")&q=\(search)"))
      return sample(
        .keys, try KeysPage(found, keys, query, dialog: dialog, samples: samples, idempotencyKey: "submit"))
    }
    func create(_ name: String) async throws -> CreatedKey {
      let creation = try await platform.keys.create(
        KeyForm(description: name, expiresOn: "2030-01-01", monthlyLimit: "5"), for: world.resource,
        idempotencyKey: name, as: ada)
      guard case .created(let created) = creation else { throw Unexpected() }
      return created
    }
    let (old, new) = (try await create("Old"), try await create("New"))
    _ = try await platform.keys.revoke(old.key.id, of: world.resource, as: ada)
    let list = try await platform.keys.list(of: world.resource, as: ada)
    return [
      try page([], .closed), try page(list, .closed, search: "nothing"),
      try page(Array(repeating: list[0], count: 120), .closed),
      try page(list, .create(CreateKeyBody(), problem("description"))),
      try page(list, .shown(new)), try page(list, .shownBefore(new.key)), try page(list, .revoke(new.key.id)),
      try page(list, .revoke(old.key.id)),
    ]
  }

  private func others() async throws -> [Sample] {
    let platform = world.platform
    let found = try await platform.resources.resource(world.resource, for: .seeResource, as: ada)
    let embeddings = try await platform.resources.provision(
      ProvisionRequest(
        name: "Search", type: .embeddings, environment: .test, region: TestCatalog.local,
        models: [TestCatalog.miniLM], capacity: .units(1), userName: "Ada", userEmail: "ada@people.example"),
      idempotencyKey: "embeddings", as: ada
    ).resource
    let all = try await platform.resources.overview(as: ada)
    let relatives = try await platform.resources.relatives(of: world.resource, as: ada)
    func documentation(_ id: ResourceID?) -> DocumentationPage {
      DocumentationPage(
        all, chosen: all.first { $0.resource.id == id }, platform.catalog, gateway: "https://gateway.example",
        cloud: "Mendix Cloud")
    }
    return [
      sample(.settings, SettingsPage(found, relatives, catalog: platform.catalog, gateway: "https://gateway.example")),
      sample(.documentation, documentation(world.resource)), sample(.documentation, documentation(embeddings)),
      sample(.documentation, documentation(nil)),
    ]
  }

  private func faults() -> [Sample] {
    let unexpected = FaultView(Fault(Unexpected()), requestID: "abc")
    let signedOut = FaultView(Fault(PortalFault.signedOut), requestID: "abc")
    return [
      sample(.fault, unexpected), sample(.faultCard, unexpected), sample(.faultCard, signedOut),
    ]
  }

  func problem(_ field: String) -> [FieldProblem] { [FieldProblem(field, "Wrong.")] }
}
