import Core
import TestSupport

@testable import Platform
@testable import Portal

extension ViewSamples {
  func signedIn() async throws -> SignedIn {
    let accounts = world.platform.accounts
    let origin = ClientOrigin(address: "192.0.2.7", userAgent: "test")
    for _ in 0..<2 {
      _ = try await accounts.signIn(email: world.ada.email, password: Sensitive(PortalWorld.password), from: origin)
    }
    let session = try await accounts.signIn(
      email: world.ada.email, password: Sensitive(PortalWorld.password), from: origin)
    guard let signedIn = try await accounts.signedIn(token: session.token.reveal()) else { throw Unexpected() }
    return signedIn
  }

  func controlCenter() async throws -> [Sample] {
    let list = try await world.platform.resources.controlCenter(as: ada)
    let scheduled = list.rows.map { row in
      ControlCenterRow(
        state: row.state, region: row.region, models: row.models, plan: row.plan,
        statusDay: LocalDay(year: 2026, month: 5, day: 1), suspensionDay: LocalDay(year: 2026, month: 5, day: 2),
        embeddings: "Search", menu: ResourceAction.allCases, searchText: row.searchText)
    }
    let short = ControlCenterList(
      company: list.company, rows: scheduled, balance: TokenBalance(total: 10, allocated: 20),
      reasons: [IneligibilityReason(.insufficientTokens, "Too few.")], orderPath: "Order.")
    let long = ControlCenterList(
      company: list.company, rows: (0..<60).flatMap { _ in scheduled }, balance: list.balance, reasons: [],
      orderPath: "Order.")
    let catalog = world.platform.catalog
    func query(_ text: String) throws -> ControlCenterQuery { ControlCenterQuery(try FormFields(urlEncoded: text)) }
    return [
      sample(
        .controlCenter, ControlCenterPage(list, try query("sort=name&created=\(world.resource)"), catalog: catalog)),
      sample(.controlCenter, ControlCenterPage(short, try query("status=ACTIVE&environment=Test"), catalog: catalog)),
      sample(.controlCenter, ControlCenterPage(list, try query("q=nothing"), catalog: catalog)),
      sample(.controlCenter, ControlCenterPage(long, try query("page=2"), catalog: catalog)),
      sample(
        .controlCenter,
        ControlCenterPage(
          ControlCenterList(
            company: list.company, rows: [], balance: list.balance, reasons: [], orderPath: list.orderPath),
          try query("type=embeddings"), catalog: catalog)),
    ]
  }

  func provisioning() async throws -> [Sample] {
    let (platform, catalog) = (world.platform, world.platform.catalog)
    let around = try await platform.resources.provisioningPage(as: ada)
    let claude = [
      ("type", "text"), ("region", "eu-central-1"), ("models", "claude-sonnet-4-6"), ("capacityKind", "plan"),
      ("plan", "text-s"), ("terms", "anthropic@1"),
    ]
    let embeddings = [("type", "embeddings"), ("region", "local")]
    let fields = [
      world.provisionFields(), world.provisionFields(tokens: "999"), claude, embeddings, [("type", "text")],
    ]
    let wrong = [ProvisionField.crossRegion, .models, .defaultModel, .capacity, .terms, .region, .name]
      .map { FieldProblem($0.rawValue, "Wrong.") }
    var samples: [Sample] = []
    for pairs in fields {
      let form = ProvisionForm(FormFields(pairs.map { .init(name: $0.0, value: $0.1) }))
      let scene = ProvisionScene(
        around: around, specification: try await platform.resources.specification(form.request, as: ada),
        catalog: catalog, branding: Branding())
      for wish in [ProvisionWish.editing, .summary, .problems(wrong), .refused(["No."])] {
        samples.append(sample(.provision, ProvisionPage(form, wish, scene)))
      }
      samples.append(Sample(template: .specification, view: ProvisionParts(form, scene, problems: [])))
    }
    return samples
  }

  func cloudTokens() async throws -> [Sample] {
    let page = try await world.platform.cloudTokens.page(as: ada)
    let row = try await world.platform.resources.controlCenter(as: ada).rows[0]
    func other(
      _ allocation: [AllocationRow] = [], rows: [TransactionRow] = [], number: Int = 0, total: Int = 0, marked: Int = 0,
      daysLeft: Int? = nil
    ) -> CloudTokensPage {
      let contracts = daysLeft.map { days in
        (0..<60).flatMap { _ in page.contracts }.map {
          ContractRow(
            contract: $0.contract, startDay: $0.startDay, endDay: $0.endDay, isInForce: true, isOver: false,
            daysLeft: days)
        }
      }
      let outlook = page.outlook.first.map { Array(repeating: $0, count: daysLeft == nil ? 0 : 500) } ?? []
      return CloudTokensPage(
        company: page.company, balance: TokenBalance(total: 10, allocated: 20), contracts: contracts ?? [],
        allocation: allocation, marked: Array(repeating: row, count: marked), outlook: outlook,
        transactions: Core.Page(elements: rows, number: number, size: 25, totalElements: total))
    }
    let second = other(
      (0..<60).flatMap { _ in page.allocation }, rows: page.transactions.elements, number: 1, total: 70, marked: 12,
      daysLeft: 3)
    return [
      sample(.cloudTokens, CloudTokensView(page, TransactionQuery(), order: "Order.")),
      sample(.cloudTokens, CloudTokensView(second, TransactionQuery(page: 1), order: "Order.")),
      sample(.cloudTokens, CloudTokensView(other(), TransactionQuery(kind: .granted), order: "Order.")),
      sample(.cloudTokens, CloudTokensView(other(), TransactionQuery(), order: "Order.")),
    ]
  }
}
