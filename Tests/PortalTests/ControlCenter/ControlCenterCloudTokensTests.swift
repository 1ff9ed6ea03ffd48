import Core
import Storage
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("The page Cloud Tokens (T-4)")
struct ControlCenterCloudTokensTests {
  private static let page = "/control-center/cloud-tokens"

  @Test("What is to come: tokens that scheduled changes return, and contracts that end, each with its date")
  func outlook() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.medium)
      let browser = try await world.browser(world.ada)
      _ = try await world.send(browser, world.path(id, "capacity"), [("plan", "text-s")])
      _ = try await world.send(browser, world.path(world.resource, "deprovisioning"), [])
      let page = try await browser.get(Self.page).text
      for row in [
        "<td data-label=\"Date\">15 Apr 2026</td><td data-label=\"What happens\">“Sized” gets smaller</td>"
          + "<td data-label=\"Cloud Tokens\" class=\"num\">+30</td>",
        "“Support assistant” is deprovisioned</td><td data-label=\"Cloud Tokens\" class=\"num\">+16</td>",
        "<td data-label=\"Date\">15 Mar 2027</td><td data-label=\"What happens\">A contract ends</td>"
          + "<td data-label=\"Cloud Tokens\" class=\"num\">−200</td>",
        "“Sized” is suspended, unless Cloud Tokens return</td><td data-label=\"Cloud Tokens\" class=\"num\">+30</td>",
      ] {
        #expect(page.contains(row), "\(row)")
      }
      #expect(page.contains("ends in 365 days"))
    }
  }

  @Test("Filter, order and page are part of the address, and each link keeps the others")
  func address() async throws {
    try await withPortal { world in
      for number in 0..<30 { try await world.provisioned("Resource \(number)", .text, .units(1)) }
      let browser = try await world.browser(world.ada)
      let first = try await browser.get("\(Self.page)?kind=allocated&sort=app&order=ascending").text
      #expect(first.contains("<option value=\"allocated\" selected>") && first.contains("Page 1 of 2"))
      #expect(first.contains("aria-sort=\"ascending\"><a class=\"sort\""))
      #expect(first.contains("?kind=allocated&amp;sort=app&amp;order=ascending&amp;page=2\">Next</a>"))
      #expect(first.contains("?kind=allocated&amp;sort=app&amp;order=descending\">App</a>"))
      #expect(!first.contains("data-label=\"Transaction\">Granted<"))
      let second = try await browser.get("\(Self.page)?kind=allocated&sort=app&order=ascending&page=2").text
      #expect(second.contains("data-label=\"App\">Support assistant</td>"))
      #expect(second.matches(of: #/data-label="Tokens Remaining"/#).count == 6)
      for odd in [
        "page=99", "page=-1", "page=x", "page=\(Int.min)", "page=\(Int.max)", "kind=nothing", "sort=nothing",
        "order=sideways",
      ] {
        #expect(try await browser.get("\(Self.page)?\(odd)").status == 200, "\(odd)")
      }
    }
  }

  @Test("What is not listed is counted: contracts, and resources with what they hold")
  func more() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      #expect(!(try await browser.get(Self.page).text.contains("more ")))
      let company = try #require(world.ada.companyID)
      let start = world.clock.now
      let most = CloudTokensView.most
      try await world.platform.companies.context.write { transaction in
        for number in 0..<(most + 1) {
          try transaction.insert(
            Contract(
              id: Identifier("more\(number)"), companyID: company, tokens: 1, startsAt: start,
              endsAt: start.adding(milliseconds: Int64(number + 1) * PortalWorld.day * 1_000)))
        }
      }
      for number in 0...most { try await world.provisioned("Resource \(number)", .text, .units(1)) }
      let page = try await browser.get(Self.page).text
      #expect(page.contains("2 more contracts are not listed: 2 in force or to come."))
      #expect(page.contains("2 more resources hold 2 Cloud Tokens together"))
      world.clock.advance(seconds: 60 * PortalWorld.day)
      let later = try await world.browser(world.ada).get(Self.page).text
      #expect(later.contains("2 more contracts are not listed: over."))
    }
  }

  @Test("A shortfall is told at the top with who is suspended when, and what helps (T-5)")
  func shortfall() async throws {
    try await withPortal { world in
      world.clock.advance(seconds: 365 * PortalWorld.day + 3_600)
      let page = try await world.browser(world.ada).get(Self.page).text
      #expect(page.contains("class=\"flash bad\" role=\"status\""))
      #expect(page.contains("“Support assistant” (16 Cloud Tokens) is suspended on 15 April 2027"))
      #expect(page.contains("What helps: another contract"))
      #expect(page.contains("<div class=\"figure\">−16</div>") || page.contains("<div class=\"figure\">-16</div>"))
      #expect(page.contains(">ENDED</span>") && page.contains("data-label=\"Transaction\">Expired</td>"))
    }
  }
}
