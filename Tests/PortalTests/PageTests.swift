import Core
import HTTPTypes
import Storage
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Pages of a resource and of a company")
struct PageTests {
  @Test("The overview shows what somebody works with, and leads whoever has nothing (G-1)")
  func overview() async throws {
    try await withPortal { world in
      let page = try await world.browser(world.bram).get("/")
      #expect(page.text.contains("Support assistant"))
      #expect(page.text.contains("0 / 1.6k"))
      #expect(!page.text.contains("Control Center"))
      #expect(try await world.browser(world.cleo).get("/").text.contains("No resources yet"))
      #expect(try await world.browser(world.bram).get("/?q=nothing").text.contains("Nothing fits"))
    }
  }

  @Test("Consumption shows what was used, the four charts, their tables and the rates (G-4, G-5, G-7)")
  func consumption() async throws {
    try await withPortal { world in
      try await world.use(input: 1_000_000, output: 521_500)
      let page = try await world.browser(world.bram).get("/resources/\(world.resource)")
      #expect(page.text.contains("title=\"1.5215 of 1,600 GenAI Units used\""))
      #expect(page.text.contains("Current Consumption"))
      #expect(page.text.contains("Bundle refill on 15 April 2026"))
      for kind in ConsumptionSeriesKind.allCases { #expect(page.text.contains(kind.title)) }
      #expect(page.text.contains("1,000,000") && page.text.contains("521,500"))
      #expect(page.text.matches(of: #/Show table/#).count == 4)
      #expect(page.text.contains("<td>Packhouse Extractive 1 (not a language model)</td><td class=\"num\">1.00</td>"))
      #expect(page.text.contains("A GenAI Unit is"))
      #expect(!page.text.contains("Earlier bundle month"))
    }
  }

  @Test("Earlier bundle months are a step back each, and the way leads forward again (G-5)")
  func earlierMonths() async throws {
    try await withPortal { world in
      try await world.use(input: 7_777_777)
      world.clock.advance(seconds: 40 * 86_400)
      let browser = try await world.browser(world.bram)
      let path = "/resources/\(world.resource)"
      let now = try await browser.get(path)
      #expect(now.text.contains("15 Apr – 14 May 2026") && now.text.contains("\(path)?back=1"))
      let before = try await browser.get("\(path)?back=1")
      #expect(before.text.contains("15 Mar – 14 Apr 2026") && before.text.contains("7,777,777"))
      #expect(before.text.contains("href=\"\(path)\" aria-label=\"Later bundle month\""))
      #expect(try await browser.get("\(path)?back=99999999999999999999").status == 200)
    }
  }

  @Test("Settings list what a resource is (G-19)")
  func settings() async throws {
    try await withPortal { world in
      let page = try await world.browser(world.xena).get("/resources/\(world.resource)/settings")
      for label in [
        "Display Name", "ID", "Company", "Region(s)", "Cross Region Inference (CRI)", "Cloud Provider", "Type",
        "Available Models", "Default Model", "Capacity", "Environment",
      ] {
        #expect(page.text.contains("<dt>\(label)</dt>"), "\(label)")
      }
      #expect(page.text.contains("Self-hosted") && page.text.contains("Northwind"))
      #expect(page.text.contains("External member"))
    }
  }

  @Test("The documentation fills in the reader's own addresses and models (G-2)")
  func documentation() async throws {
    try await withPortal { world in
      let page = try await world.browser(world.bram).get("/docs?resource=\(world.resource)")
      #expect(page.text.contains("https://gateway.example/v1/chat/completions"))
      #expect(page.text.contains("https://gateway.example/resources/\(world.resource)"))
      #expect(page.text.contains("packhouse-extractive-1"))
      #expect(page.text.contains("3.1.1") && page.text.contains("4.4.0") && page.text.contains("2.4.1"))
      // Somebody else's resource is not filled in.
      let other = try await world.browser(world.cleo).get("/docs?resource=\(world.resource)")
      #expect(!other.text.contains("https://gateway.example/resources/\(world.resource)"))
    }
  }

  @Test("Cloud Tokens shows the three figures, contracts and transactions, sorted and filtered (T-4)")
  func cloudTokens() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let page = try await browser.get("/control-center/cloud-tokens")
      for label in ["Date", "App", "Transaction", "Cloud Resource Pack", "Cloud Tokens", "Tokens Remaining"] {
        #expect(page.text.contains(">\(label)</a></th>"), "\(label)")
      }
      for figure in ["184", "16", "200"] { #expect(page.text.contains("<div class=\"figure\">\(figure)</div>")) }
      #expect(page.text.contains("15 Mar 2027"))
      #expect(
        page.text.contains("<td data-label=\"App\">Support assistant</td><td data-label=\"Transaction\">Allocated</td>")
      )
      #expect(page.text.contains("class=\"num\">−16</td><td data-label=\"Tokens Remaining\" class=\"num\">184</td>"))
      let granted = try await browser.get("/control-center/cloud-tokens?kind=granted")
      #expect(!granted.text.contains(">Allocated</td>") && granted.text.contains(">Granted</td>"))
      #expect(granted.text.contains("<option value=\"granted\" selected>"))
      let none = try await browser.get("/control-center/cloud-tokens?kind=released")
      #expect(none.text.contains("No transaction of this kind so far."))
    }
  }

  @Test("Long lists of transactions are paged")
  func pages() async throws {
    try await withPortal { world in
      for number in 0..<30 {
        var request = world.request(tokens: 1)
        request.name = "Resource \(number)"
        _ = try await world.platform.resources.provision(
          request, idempotencyKey: "many\(number)", as: Caller(user: world.ada))
        world.clock.advance(seconds: 1)
      }
      let browser = try await world.browser(world.ada)
      let first = try await browser.get("/control-center/cloud-tokens")
      #expect(first.text.contains("Page 1 of 2") && first.text.contains("page=2\">Next</a>"))
      #expect(!first.text.contains(">Previous</a>"))
      let second = try await browser.get("/control-center/cloud-tokens?page=2")
      #expect(second.text.contains("page=1\">Previous</a>") && second.text.contains(">Granted</td>"))
    }
  }
}

extension PortalWorld {
  func request(tokens: CloudTokens) -> ProvisionRequest {
    ProvisionRequest(
      name: "Another", type: .text, environment: .test, region: TestCatalog.local, models: [TestCatalog.extractive],
      capacity: .units(tokens), userName: bram.name, userEmail: bram.email)
  }

  /// Usage as the journal's applier writes it.
  func use(input: Int64, output: Int64 = 0, isEstimated: Bool = false) async throws {
    let found = try await platform.resources.resource(resource, for: .seeResource, as: Caller(user: ada))
    let now = clock.now
    let entry = UsageEntry(
      call: AdmittedCall(
        requestID: RequestID("request\(now.milliseconds)\(isEstimated)"), companyID: found.company.id,
        resourceID: resource, payer: .key(KeyID("k")), model: TestCatalog.extractive,
        rates: ExchangeRates(input: 1_000, output: 1_000), region: TestCatalog.local, dialect: .openAI,
        admittedAt: now, bundleMonthStart: found.state.bundleMonth.start, localDay: found.zone.day(of: now),
        countedInput: TokenCount(input)),
      servedRegion: TestCatalog.local, usage: TokenUsage(input: TokenCount(input), output: TokenCount(output)),
      finishedAt: now.adding(seconds: 1), timeToFirstToken: 10, status: .completed, attempts: 1,
      isEstimated: isEstimated)
    try await platform.context.database.write {
      _ = try $0.apply([entry], journal: JournalID("journal\(now.milliseconds)\(isEstimated)"), upTo: 1)
    }
  }
}
