import Core
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("The page Status (N-3)")
struct ControlCenterStatusTests {
  private static let page = "/control-center/status"

  @Test("Each state is told in words, with since or until when, the usual speed and what failed of late")
  func states() async throws {
    try await withStatus { world, browser in
      let page = try await browser.get(Self.page).text
      for words in [
        "Not used yet", "Working", "340 ms", "1.2 s",
        "<span class=\"badge wait\">Busy</span><span class=\"small\">Until",
        "<span class=\"badge bad\">Not answering</span><span class=\"small\">Since 15 Mar 2026, 10:00</span>",
        "<span class=\"badge wait\">Recovering</span><span class=\"small\">Did not answer since 15 Mar 2026, 09:59</span>",
        "3 of 3 calls failed", "0 of 1 calls failed", "AWS Bedrock", "OpenAI-compatible server", "1 resource",
        "3 of 6 do not answer",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      // What is worst goes first.
      let first = page.firstRange(of: "badge bad")?.lowerBound
      let last = page.firstRange(of: "Not used yet")?.lowerBound
      #expect(first.flatMap { first in last.map { first < $0 } } == true)
    }
  }

  @Test("Calls are said to go elsewhere only where somebody else answers")
  func summary() {
    let others = StatusPage.summary([("A", true), ("A", false), ("B", false)])
    #expect(
      others == "1 of 3 do not answer as they should. With cross-region inference calls go to the others by themselves."
    )
    let nobody = StatusPage.summary([("B", true), ("A", true), ("A", true), ("C", false)])
    #expect(
      nobody == "3 of 4 do not answer as they should. Nobody else answers A and 1 more: calls fail until they do again."
    )
    let alone = StatusPage.summary([("A", true)])
    #expect(alone == "It does not answer as it should. Nobody else answers A: calls fail until they do again.")
  }

  @Test(
    "All are said to answer where each has, not where one was never asked",
    arguments: [(1, true), (2, false), (6, false)])
  func allAnswer(count: Int, isSaid: Bool) async throws {
    try await withStatus(count: count) { _, browser in
      let page = try await browser.get(Self.page).text
      #expect(page.contains("ALL ANSWER") == isSaid)
    }
  }

  @Test("Neither accounts nor the models' names at the provider are shown")
  func hidesAccounts() async throws {
    try await withStatus { _, browser in
      let page = try await browser.get(Self.page).text
      #expect(page.contains("Packhouse Extractive 1"))
      #expect(!page.contains("account-") && !page.contains("secret-name"))
    }
  }

  @Test("Order and page are part of the address; anything odd shows the page all the same")
  func address() async throws {
    try await withStatus(count: 2 * PortalLimits.rows + 1) { _, browser in
      let page = try await browser.get("\(Self.page)?sort=speed&order=descending&page=2").text
      #expect(page.contains("Page 2 of 3"))
      #expect(page.contains("?sort=speed&amp;order=descending&amp;page=3\">Next</a>"))
      for odd in ["page=99", "page=-1", "page=x", "sort=nothing", "order=sideways", "page=\(Int.max)"] {
        #expect(try await browser.get("\(Self.page)?\(odd)").status == 200, "\(odd)")
      }
    }
  }

  @Test("Only deployments that the company's own resources reach are listed; without any the page says what is missing")
  func ownOnly() async throws {
    try await withStatus { world, _ in
      let other = try await StatusScene(world).reports.page(as: Caller(user: world.mallory))
      #expect(other.rows.isEmpty && other.unserved.isEmpty)
    }
    try await withStatus(count: 0) { _, browser in
      let page = try await browser.get(Self.page).text
      #expect(page.contains("No provider of this server answers <strong>Packhouse Extractive 1</strong>"))
      #expect(page.contains("None yet"))
    }
  }

  private func withStatus(
    count: Int = StatusScene.Kind.allCases.count,
    _ body: @Sendable (PortalWorld, Browser) async throws -> Void
  ) async throws {
    try await withPortal { world in
      let application = Application(
        router: PortalRoutes.router(StatusScene(world, count: count).portal),
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
      try await application.test(.router) { client in
        let browser = Browser(client)
        try await browser.signIn(world.ada.email, PortalWorld.password)
        try await body(world, browser)
      }
    }
  }
}
