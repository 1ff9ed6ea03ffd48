import Core
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Provisioning a knowledge base (R-5)")
struct ControlCenterKnowledgeBaseTests {
  private static let page = "/control-center/resources/provision"
  private static let live = "/control-center/resources/specification"

  private func fields(_ world: PortalWorld, _ more: [(String, String)]) -> [(String, String)] {
    [
      ("type", "knowledge-base"), ("name", "Manuals"), ("environment", "Test"), ("region", "local"),
      ("capacityKind", "plan"), ("userName", world.bram.name), ("userEmail", world.bram.email),
    ] + more
  }

  @Test("Its embeddings resource is created in the same flow beside the form, and is chosen when it is there")
  func sameFlow() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let empty = try await browser.get("\(Self.page)?type=knowledge-base")
      #expect(empty.text.contains("<option value=\"\" selected>None yet</option>"))
      #expect(empty.text.contains("Standard · 48 Cloud Tokens · 10 GB of disk"))
      let typed = fields(world, [("listedUntil", hidden("listedUntil", in: empty.text) ?? "")])
      let before = try await browser.post(Self.live, typed)
      let href = "\(Self.page)?type=embeddings&amp;region=local&amp;environment=Test"
      #expect(before.text.contains("href=\"\(href)\" target=\"_blank\""))
      // In the other tab: region and environment stand already.
      let other = try await browser.get(href.replacing("&amp;", with: "&"))
      #expect(other.text.contains("<option value=\"local\" selected>"))
      #expect(other.text.contains("<option value=\"Test\" selected>"))
      let sent = FormOf(other.text).with([
        ("name", "Search"), ("models", TestCatalog.miniLM.text), ("cloudTokens", "1"),
      ])
      let summary = try await browser.post(Self.page, sent + [("action", "summary")])
      let created = try await browser.post(PortalWorld.list, FormOf(summary.text).fields)
      let list = try await browser.get(try #require(created.location))
      #expect(list.text.contains("The form for a knowledge base that is open in another tab offers it now"))
      // Back in the first tab.
      let after = try await browser.post(Self.live, typed)
      #expect(after.text.contains("\" selected>Search · Local · Test · Packhouse MiniLM L6 v2</option>"))
      #expect(after.text.contains("<dt>Embeddings Model</dt><dd><div>Packhouse MiniLM L6 v2</div>"))
      let asked = try await browser.post(Self.page, typed + [("action", "summary")])
      #expect(asked.status == 200 && asked.text.contains("Resource Summary"))
      let done = try await browser.post(PortalWorld.list, FormOf(asked.text).fields)
      #expect(done.status == 303 && done.location?.contains("type=knowledge-base") == true)
      let row = try ListRow("Manuals", in: try await browser.get(try #require(done.location)).text)
      #expect(row.text.contains(">Search</a>") && row.text.contains("Standard"))
    }
  }

  @Test("Of several it is the new one that is chosen, and never instead of a choice")
  func several() async throws {
    try await withPortal { world in
      let old = try await world.provisioned("Old", .embeddings, .units(1))
      try await world.provisioned("Older", .embeddings, .units(1))
      let browser = try await world.browser(world.ada)
      let empty = try await browser.get("\(Self.page)?type=knowledge-base")
      let listed = try #require(hidden("listedUntil", in: empty.text))
      #expect(empty.text.contains("<option value=\"\" selected>Choose</option>"))
      world.clock.advance(seconds: 60)
      let new = try await world.provisioned("New", .embeddings, .units(1))
      let open = try await browser.post(Self.live, fields(world, [("listedUntil", listed)]))
      #expect(open.text.contains("<option value=\"\(new)\" selected>"))
      let chosen = try await browser.post(
        Self.live, fields(world, [("listedUntil", listed), ("embeddingsResource", old.text)]))
      #expect(chosen.text.contains("<option value=\"\(old)\" selected>"))
      // Without script the button does the same, and keeps the form.
      let recalculated = try await browser.post(
        Self.page, fields(world, [("listedUntil", listed), ("action", "recalculate")]))
      #expect(recalculated.text.contains("<option value=\"\(new)\" selected>"))
      #expect(recalculated.text.contains("value=\"Manuals\""))
    }
  }

  @Test("Those that cannot be used are listed with the reason and refused by name")
  func unusable() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Search", .embeddings, .units(1))
      let browser = try await world.browser(world.ada)
      _ = try await world.send(browser, world.path(id, "deprovisioning"), [])
      let form = try await browser.post(Self.live, fields(world, []))
      #expect(form.text.contains(" disabled>Search · Local · Test · Packhouse MiniLM L6 v2 — will be deprovisioned on"))
      #expect(form.text.contains("Your company has none that can be used."))
      let forced = try await browser.post(
        PortalWorld.list, fields(world, [("embeddingsResource", id.text), ("submission", "forced")]))
      #expect(forced.status == 422)
      #expect(forced.text.contains("“Search” is scheduled for deprovisioning. Choose another embeddings resource"))
      let foreign = try await browser.post(
        PortalWorld.list, fields(world, [("embeddingsResource", world.resource.text), ("submission", "foreign")]))
      #expect(foreign.status == 422 && foreign.text.contains("There is no such embeddings resource."))
    }
  }

  @Test("Another environment is a warning, before and in the summary")
  func environment() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Search", .embeddings, .units(1))
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let sent = fields(world, [("embeddingsResource", id.text)]).map {
        $0.0 == "environment" ? ("environment", "Production") : $0
      }
      let live = try await browser.post(Self.live, sent)
      #expect(live.text.contains("<p class=\"warning\">“Search” is for Test, the knowledge base for Production."))
      let summary = try await browser.post(Self.page, sent + [("action", "summary")])
      #expect(summary.status == 200 && summary.text.contains("<p class=\"note\">“Search” is for Test"))
      #expect(summary.text.contains("<dt>Embeddings Resource</dt><dd>Search</dd>"))
    }
  }
}
