import Core
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Deprovision Resource and Cancel Deprovisioning (A-5)")
struct ControlCenterDeprovisioningTests {
  @Test("The dialog names the resource and what will happen with its date; the answer leads back, and twice is once")
  func dialog() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = world.path(world.resource, "deprovisioning")
      let dialog = try await browser.get("\(path)?q=supp")
      for part in [
        "<dialog class=\"dialog\" id=\"life\" open", "Deprovision “Support assistant”?",
        "<dt>Environment</dt><dd>Test</dd>",
        "<dt>Ends</dt><dd>15 April 2026</dd>", "16 Cloud Tokens return to your company",
        "class=\"button danger\">Deprovision</button>",
      ] {
        #expect(dialog.text.contains(part), "\(part)")
      }
      let fields = FormOf(dialog.text).fields
      let done = try await browser.post("\(path)?q=supp", fields)
      #expect(done.status == 303 && done.location?.contains("q=supp&done=deprovisioning") == true)
      let list = try await browser.get(try #require(done.location))
      #expect(list.text.contains("“Support assistant” is deprovisioned on 15 April 2026. Until then everything works"))
      #expect(try await browser.post("\(path)?q=supp", fields).location == done.location)
      let late = try await browser.post(path, [("submission", "another")])
      #expect(late.status == 409 && late.text.contains("is scheduled for deprovisioning already."))
    }
  }

  @Test("Cancelling it is asked too, says what goes on, and is harmless twice")
  func cancel() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      _ = try await world.send(browser, world.path(world.resource, "deprovisioning"), [])
      let path = world.path(world.resource, "deprovisioning/cancel")
      let dialog = try await browser.get(path)
      #expect(dialog.text.contains("“Support assistant” is not deprovisioned on 15 April 2026; it goes on as it is."))
      let fields = FormOf(dialog.text).fields
      let done = try await browser.post(path, fields)
      let list = try await browser.get(try #require(done.location))
      #expect(list.text.contains("The deprovisioning of “Support assistant” was cancelled."))
      #expect(list.text.contains(">ACTIVE<"))
      #expect(try await browser.post(path, fields).location == done.location)
      let late = try await browser.get(path)
      #expect(late.text.contains("No deprovisioning is scheduled for this resource."))
    }
  }

  @Test("Dialogs from before their answer was undone ask again with the reason, and do what they say when sent again")
  func stale() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = world.path(world.resource, "deprovisioning")
      let old = FormOf(try await browser.get(path).text).fields
      try await browser.post(path, old)
      let oldCancel = FormOf(try await browser.get("\(path)/cancel").text).fields
      try await browser.post("\(path)/cancel", oldCancel)
      let again = try await browser.post(path, old)
      #expect(again.status == 409 && again.text.contains("undone since. Look at what “Support assistant” is now"))
      #expect(try await browser.post(path, FormOf(again.text).fields).status == 303)
      let cancelled = try await browser.post("\(path)/cancel", oldCancel)
      #expect(cancelled.status == 409 && cancelled.text.contains("undone since"))
      #expect(try await browser.post("\(path)/cancel", FormOf(cancelled.text).fields).status == 303)
      let list = try await browser.get(PortalWorld.list).text
      #expect(try ListRow("Support assistant", in: list).text.contains(">ACTIVE<"))
    }
  }

  @Test("A knowledge base with the name of its embeddings resource says that both are concerned")
  func sameName() async throws {
    try await withPortal { world in
      let (embeddings, base) = try await world.knowledgeBase()
      _ = try await world.platform.resources.edit(
        embeddings, ResourceEdit(name: "Manuals"), capacity: nil, revision: nil, idempotencyKey: "rename",
        as: Caller(user: world.ada))
      let browser = try await world.browser(world.ada)
      let path = world.path(embeddings, "deprovisioning")
      try await browser.post(path, FormOf(try await browser.get(path).text).with([("together", "yes")]))
      let cancel = try await browser.get(world.path(base, "deprovisioning/cancel")).text
      #expect(cancel.contains("the deprovisioning of “Manuals” is cancelled as well"))
    }
  }

  @Test("An embeddings resource ends only together with the knowledge bases that the dialog showed, with all dates")
  func together() async throws {
    try await withPortal { world in
      let (embeddings, base) = try await world.knowledgeBase()
      let browser = try await world.browser(world.ada)
      let path = world.path(embeddings, "deprovisioning")
      let dialog = try await browser.get(path)
      #expect(dialog.text.contains("<tr><td>Manuals</td><td>15 April 2026</td></tr>"))
      #expect(dialog.text.contains("Deprovision the knowledge base as well, with all content"))
      let form = FormOf(dialog.text)
      let alone = try await browser.post(path, form.fields)
      #expect(alone.status == 409 && alone.text.contains("can only be deprovisioned together with it"))
      // Another knowledge base since then is not ended unseen.
      try await world.provisioned("Laws", .knowledgeBase, TestCatalog.knowledgeBase, embeddings: embeddings)
      let unseen = try await browser.post(path, form.with([("together", "yes")]))
      #expect(unseen.status == 409 && unseen.text.contains("others than were shown: “Laws” would end as well."))
      #expect(unseen.text.contains("<td>Laws</td>"))
      let done = try await browser.post(path, FormOf(unseen.text).with([("together", "yes")]))
      #expect(done.status == 303)
      let said = try await browser.get(try #require(done.location)).text
      #expect(said.contains("its 2 knowledge bases end by then as well"))
      let cancel = try await browser.get(world.path(base, "deprovisioning/cancel"))
      #expect(cancel.text.contains("the deprovisioning of “Search” is cancelled as well"))
      _ = try await world.send(browser, world.path(base, "deprovisioning/cancel"), [])
      let search = try ListRow("Search", in: try await browser.get("\(PortalWorld.list)?type=embeddings").text)
      #expect(search.text.contains(">ACTIVE<"))
      let laws = try ListRow("Laws", in: try await browser.get("\(PortalWorld.list)?type=knowledge-base").text)
      #expect(laws.text.contains("DEPROVISIONING SCHEDULED"))
    }
  }
}
