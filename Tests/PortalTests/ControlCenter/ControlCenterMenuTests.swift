import Core
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("The three dots of a resource's row (R-1)")
struct ControlCenterMenuTests {
  private func row(_ name: String, _ world: PortalWorld, _ query: String = "") async throws -> ListRow {
    try ListRow(name, in: try await world.browser(world.ada).get("\(PortalWorld.list)?\(query)").text)
  }

  @Test("ACTIVE: a plan is adjusted, units and knowledge bases are edited, and each is deprovisioned")
  func active() async throws {
    try await withPortal { world in
      try await world.provisioned("Sized", .text, TestCatalog.small)
      _ = try await world.knowledgeBase()
      #expect(try await row("Sized", world).menu == ["Adjust Plan Size", "Deprovision Resource"])
      #expect(try await row("Support assistant", world).menu == ["Edit Resource", "Deprovision Resource"])
      #expect(try await row("Search", world, "type=embeddings").menu == ["Edit Resource", "Deprovision Resource"])
      let base = try await row("Manuals", world, "type=knowledge-base")
      #expect(base.menu == ["Edit Resource", "Deprovision Resource"])
      #expect(base.text.contains("data-label=\"Embeddings Resource\"") && base.text.contains(">Search</a>"))
    }
  }

  @Test("PLAN DOWNGRADE SCHEDULED: the date stands beside the status and the downgrade can be cancelled (A-2)")
  func downgrade() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.medium)
      _ = try await world.send(try await world.browser(world.ada), world.path(id, "capacity"), [("plan", "text-s")])
      let row = try await row("Sized", world)
      #expect(row.text.contains("PLAN DOWNGRADE SCHEDULED</span><span class=\"small\">to S on 15 April 2026</span>"))
      #expect(row.menu == ["Adjust Plan Size", "Cancel Plan Downgrade", "Deprovision Resource"])
    }
  }

  @Test("CAPACITY DECREASE SCHEDULED: what does not fit this month waits for the next one (A-3)")
  func decrease() async throws {
    try await withPortal { world in
      try await world.use(input: 500_000_000)
      let browser = try await world.browser(world.ada)
      _ = try await world.send(browser, world.path(world.resource, "edit"), [("cloudTokens", "2")])
      let row = try await row("Support assistant", world)
      #expect(row.text.contains("CAPACITY DECREASE SCHEDULED"))
      #expect(row.text.contains("to 200 GenAI Units on 15 April 2026"))
      #expect(row.menu == ["Edit Resource", "Cancel Capacity Decrease", "Deprovision Resource"])
    }
  }

  @Test("A conversion to Cloud Tokens of the same cost leaves ACTIVE, says so, and can be cancelled (C-9)")
  func conversion() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.small)
      _ = try await world.send(
        try await world.browser(world.ada), world.path(id, "capacity"),
        [("capacityKind", "units"), ("cloudTokens", "30"), ("plan", "")])
      let row = try await row("Sized", world)
      #expect(row.text.contains(">ACTIVE</span><span class=\"small\">converts to 3k GenAI Units on 15 April 2026"))
      #expect(row.menu == ["Adjust Plan Size", "Cancel Conversion", "Deprovision Resource"])
    }
  }

  @Test("DEPROVISIONING SCHEDULED wins over a scheduled change, and its capacity can't change (A-4)")
  func deprovisioning() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.medium)
      let browser = try await world.browser(world.ada)
      _ = try await world.send(browser, world.path(id, "capacity"), [("plan", "text-s")])
      _ = try await world.send(browser, world.path(id, "deprovisioning"), [])
      let row = try await row("Sized", world)
      #expect(row.text.contains("DEPROVISIONING SCHEDULED</span><span class=\"small\">on 15 April 2026</span>"))
      #expect(row.menu == ["Cancel Deprovisioning"])
      // Who asks all the same is told why, and that it is scheduled still.
      let dialog = try await browser.get(world.path(id, "capacity/cancel")).text
      #expect(dialog.contains("class=\"problems\"") && !dialog.contains("No change of capacity is scheduled"))
    }
  }

  @Test("SUSPENDED: it is named beforehand with its date, keeps its tokens' number, and can still be renamed (T-5)")
  func suspended() async throws {
    try await withPortal { world in
      world.clock.advance(seconds: 365 * PortalWorld.day + 3_600)
      let list = try await world.browser(world.ada).get(PortalWorld.list)
      #expect(list.text.contains("Your resources hold 16 Cloud Tokens, 16 more than your contracts grant."))
      #expect(list.text.contains("“Support assistant” (16 Cloud Tokens) is suspended on 15 April 2027"))
      #expect(list.text.contains("Will be suspended on 15 April 2027 unless Cloud Tokens return."))
      world.clock.advance(seconds: 40 * PortalWorld.day)
      let row = try await row("Support assistant", world)
      #expect(row.text.contains("SUSPENDED</span><span class=\"small\">deprovisioned on 15 May 2027 unless it resumes"))
      #expect(row.text.contains("16 Cloud Tokens, not allocated"))
      #expect(row.menu == ["Edit Resource", "Deprovision Resource"])
      let browser = try await world.browser(world.ada)
      let answer = try await world.send(browser, world.path(world.resource, "edit"), [("name", "Renamed")])
      #expect(answer.status == 303)
      let refused = try await world.send(browser, world.path(world.resource, "edit"), [("cloudTokens", "5")])
      #expect(refused.status == 409 && refused.text.contains("is suspended, so its capacity can&#39;t change"))
      #expect(refused.text.contains("value=\"5\""))
    }
  }

  @Test("DEPROVISIONED: behind the filter, without three dots, with the day on which it ended (A-6)")
  func deprovisioned() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      _ = try await world.send(browser, world.path(world.resource, "deprovisioning"), [])
      world.clock.advance(seconds: 40 * PortalWorld.day)
      let list = try await world.browser(world.ada).get(PortalWorld.list)
      #expect(!list.text.contains(">Support assistant</a>") && list.text.contains("Nothing fits"))
      let row = try await row("Support assistant", world, "status=DEPROVISIONED")
      #expect(row.text.contains("DEPROVISIONED</span><span class=\"small\">on 15 April 2026</span>"))
      #expect(row.text.contains("16 Cloud Tokens returned"))
      #expect(row.menu.isEmpty && !row.text.contains("<details"))
      let again = try await world.browser(world.ada)
      for deed in ["edit", "deprovisioning", "capacity/cancel", "deprovisioning/cancel"] {
        let answer = try await again.get(world.path(world.resource, deed))
        #expect(answer.status == 200 || answer.status == 409, "\(deed) gave \(answer.status)")
      }
      let answer = try await world.send(again, world.path(world.resource, "edit"), [("name", "Ghost")])
      #expect(answer.status == 409 && answer.text.contains("is deprovisioned and can"))
    }
  }

  @Test("Each item leads to its page with the list's state, and from there back to the very list")
  func wayBack() async throws {
    try await withPortal { world in
      let query = "type=text&q=supp&status=ACTIVE&sort=name"
      let row = try await row("Support assistant", world, query)
      let href = try #require(row.href("Edit Resource"))
      #expect(href == "\(world.path(world.resource, "edit"))?\(query)")
      let browser = try await world.browser(world.ada)
      let answer = try await world.send(browser, href, [("name", "Support desk")])
      #expect(answer.status == 303)
      let back = try #require(answer.location)
      #expect(back.hasPrefix("\(PortalWorld.list)?\(query)&done=edited&resource="))
      let list = try await browser.get(back)
      #expect(list.text.contains("“Support desk” was saved: 1,600 GenAI Units each bundle month, 16 Cloud Tokens."))
      #expect(list.text.contains("<tr class=\"new\">"))
    }
  }
}
