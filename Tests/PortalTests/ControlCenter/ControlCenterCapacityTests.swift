import Core
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Adjust Plan Size GenAI Resource and Edit Resource (A-1 to A-4, C-9)")
struct ControlCenterCapacityTests {
  @Test(
    "Forms from before their change was undone say so, keep what was typed, and work when they are sent again (R-6)")
  func undone() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = world.path(world.resource, "edit")
      let old = FormOf(try await browser.get(path).text).with([("cloudTokens", "20"), ("action", "change")])
      for _ in 0..<2 { #expect(try await browser.post(path, old).status == 303) }
      #expect(try await world.send(browser, path, [("cloudTokens", "16")]).status == 303)
      let again = try await browser.post(path, old)
      #expect(again.status == 409 && again.text.contains("undone since"))
      #expect(again.text.contains("name=\"cloudTokens\"") && again.text.contains("value=\"20\""))
      let done = try await browser.post(path, FormOf(again.text).with([("action", "change")]))
      #expect(try await browser.get(try #require(done.location)).text.contains("was saved: 2,000 GenAI Units"))

      // The same with what was scheduled.
      let sized = try await world.provisioned("Sized", .text, TestCatalog.medium)
      let (capacity, cancel) = (world.path(sized, "capacity"), world.path(sized, "capacity/cancel"))
      _ = try await world.send(browser, capacity, [("plan", "text-s")])
      let dialog = FormOf(try await browser.get(cancel).text).fields
      for _ in 0..<2 { #expect(try await browser.post(cancel, dialog).status == 303) }
      _ = try await world.send(browser, capacity, [("plan", "text-s")])
      let late = try await browser.post(cancel, dialog)
      #expect(late.status == 409 && late.text.contains("undone since"))
      #expect(try await browser.post(cancel, FormOf(late.text).fields).status == 303)
    }
  }

  @Test("An upgrade takes the difference at once; the page says so before, the list afterwards (A-1)")
  func upgrade() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.small)
      let browser = try await world.browser(world.ada)
      let path = world.path(id, "capacity")
      let page = try await browser.get(path)
      for label in [
        "Adjust Plan Size GenAI Resource", "Resource Specification", "Adjust Plan", "M · 60 Cloud Tokens",
        "S · 30 Cloud Tokens · 2.5M input, 1.25M output tokens · current",
        "This is the capacity that the resource has: it stays.",
      ] {
        #expect(page.text.contains(label), "\(label)")
      }
      let fields = FormOf(page.text).with([("plan", "text-m")])
      let live = try await browser.post("\(path)/specification", fields)
      #expect(live.text.contains("<dd>+30 / 154</dd>") && live.text.contains("<div>Immediately</div>"))
      #expect(live.text.contains("The current bundle month gains the difference at once."))
      let answer = try await browser.post(path, fields + [("action", "change")])
      #expect(answer.status == 303)
      let list = try await browser.get(try #require(answer.location))
      #expect(
        list.text.contains("“Sized” was saved: 5M input and 2.5M output tokens each bundle month, 60 Cloud Tokens."))
      // The same submit again is harmless; the balance is that of one upgrade.
      #expect(try await browser.post(path, fields + [("action", "change")]).location == answer.location)
      #expect(try await browser.get(PortalWorld.list).text.contains("124 of 200 Cloud Tokens available"))
    }
  }

  @Test(
    "An upgrade beyond the balance turns the specification red, rests the button, and is refused by name (A-1, E-1)")
  func beyondBalance() async throws {
    try await withPortal(tokens: 60) { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.small)
      let browser = try await world.browser(world.ada)
      let path = world.path(id, "capacity")
      let fields = FormOf(try await browser.get(path).text).with([("plan", "text-m")])
      let live = try await browser.post("\(path)/specification", fields)
      #expect(live.text.contains("<dd class=\"over\">+30 / 14</dd>"))
      #expect(live.text.contains("data-can-provision=\"false\""))
      let forced = try await browser.post(path, fields + [("action", "change")])
      #expect(forced.status == 409 && forced.text.contains("14 Cloud Tokens available"))
      #expect(forced.text.contains("<option value=\"text-m\" selected>"))
    }
  }

  @Test(
    "A downgrade is announced with its date, replaced by an upgrade that says so, and cancelled by its dialog (A-2, A-4)"
  )
  func downgrade() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.medium)
      let browser = try await world.browser(world.ada)
      let path = world.path(id, "capacity")
      let first = try await world.send(browser, path, [("plan", "text-s")])
      let said = try await browser.get(try #require(first.location)).text
      #expect(
        said.contains("it changes to S (30 Cloud Tokens) on 15 April 2026. Until then it keeps M (60 Cloud Tokens)."))
      let page = try await browser.get(path)
      #expect(page.text.contains("A change to S (30 Cloud Tokens) is scheduled for 15 April 2026."))
      let again = try await world.send(browser, path, [("plan", "text-s")])
      #expect(again.status == 422 && again.text.contains("This change is scheduled already."))
      let dialog = try await browser.get("\(path)/cancel")
      #expect(dialog.text.contains("Cancel Plan Downgrade of “Sized”?"))
      #expect(dialog.text.contains("does not change to S (30 Cloud Tokens) on 15 April 2026"))
      let fields = FormOf(dialog.text).fields
      let done = try await browser.post("\(path)/cancel", fields)
      #expect(done.status == 303)
      #expect(try await browser.get(try #require(done.location)).text.contains("The scheduled change was cancelled."))
      #expect(try await browser.post("\(path)/cancel", fields).location == done.location)
      // Somebody else's dialog that is open still.
      let late = try await browser.post("\(path)/cancel", [("submission", "another")])
      #expect(late.status == 409 && late.text.contains("No change of capacity is scheduled for this resource."))
      #expect(late.text.contains(">Close</a>"))
    }
  }

  @Test("A plan converts to at most what it costs, with the next bundle month, after saying that there is no way back")
  func conversion() async throws {
    try await withPortal { world in
      let id = try await world.provisioned("Sized", .text, TestCatalog.small)
      let browser = try await world.browser(world.ada)
      let path = world.path(id, "capacity")
      func convert(_ tokens: String) async throws -> Browser.Answer {
        try await world.send(browser, path, [("capacityKind", "units"), ("cloudTokens", tokens), ("plan", "text-s")])
      }
      #expect(try await browser.get(path).text.contains("cannot be undone"))
      for (tokens, problem) in [
        ("31", "may cost at most what the plan costs, 30 Cloud Tokens"), ("", "Enter a number of Cloud Tokens."),
        ("1.5", "Enter a whole number of Cloud Tokens, such as 30"),
        ("0", "Enter a whole number of Cloud Tokens from 1"),
        ("-3", "Enter a whole number of Cloud Tokens from 1"),
      ] {
        let answer = try await convert(tokens)
        #expect(answer.status == 422, "\(tokens)")
        #expect(answer.text.contains("<div class=\"error\">") && answer.text.contains(problem), "\(tokens)")
        #expect(answer.text.contains("name=\"cloudTokens\" type=\"number\" value=\"\(tokens)\""), "\(tokens)")
      }
      #expect(try await convert("20").status == 303)
      #expect(try await browser.get(PortalWorld.list).text.contains("to 2k GenAI Units on 15 April 2026"))
    }
  }

  @Test("Edit Resource: an increase counts at once, a decrease that fits returns its tokens at once (A-3)")
  func edit() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = world.path(world.resource, "edit")
      let up = try await world.send(browser, path, [("cloudTokens", "20"), ("environment", "Production")])
      #expect(up.status == 303)
      #expect(try await browser.get(PortalWorld.list).text.contains("180 of 200 Cloud Tokens available"))
      let page = try await browser.get(path)
      #expect(page.text.contains("<option value=\"Production\" selected>"))
      let fields = FormOf(page.text).with([("cloudTokens", "5")])
      let live = try await browser.post("\(path)/specification", fields)
      #expect(live.text.contains("<dd>−15 / 180</dd>"))
      #expect(live.text.contains("What this bundle month has used fits, so the Cloud Tokens return at once."))
      #expect(try await browser.post(path, fields + [("action", "change")]).status == 303)
      #expect(try await browser.get(PortalWorld.list).text.contains("195 of 200 Cloud Tokens available"))
    }
  }

  @Test("Everything wrong with the form stands beside its field, and nothing that was typed is lost")
  func problems() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = world.path(world.resource, "edit")
      let answer = try await world.send(
        browser, path,
        [("name", "  "), ("environment", "Moon"), ("defaultModel", "none"), ("cloudTokens", "many <b>")])
      #expect(answer.status == 422)
      for problem in [
        "Enter a display name.", "Choose an environment: Test, Acceptance or Production.",
        "Choose the default model from the models of the resource.", "Enter a whole number of Cloud Tokens, such as 30",
      ] {
        // In the summary and beside the field.
        #expect(
          answer.text.contains("<li>\(problem)") && answer.text.contains("<div class=\"error\">\(problem)"),
          "\(problem)")
      }
      #expect(answer.text.matches(of: #/aria-invalid="true"/#).count == 4)
      #expect(answer.text.contains("value=\"  \"") && answer.text.contains("value=\"many &lt;b&gt;\""))
      let long = String(repeating: "x", count: 300)
      let other = try await world.send(browser, path, [("name", long), ("cloudTokens", "9,999")])
      #expect(other.status == 422 || other.status == 409)
      #expect(other.text.contains("value=\"\(long)\"") && other.text.contains("value=\"9,999\""))
      #expect(other.text.contains("Shorten the display name"))
      let same = try await world.send(browser, path, [])
      #expect(same.status == 303)
    }
  }

  @Test("A form that is older than the last change says so, shows what is now, and can be sent again")
  func stale() async throws {
    try await withPortal { world in
      let (one, two) = (try await world.browser(world.ada), try await world.browser(world.ada))
      let path = world.path(world.resource, "edit")
      let old = FormOf(try await one.get(path).text)
      world.clock.advance(seconds: 1)
      #expect(try await world.send(two, path, [("cloudTokens", "17")]).status == 303)
      let refused = try await one.post(path, old.with([("name", "Typed by one"), ("action", "change")]))
      #expect(refused.status == 409 && refused.text.contains("was changed while this form was open"))
      #expect(refused.text.contains("value=\"Typed by one\"") && refused.text.contains("1,700 GenAI Units"))
      let fresh = FormOf(refused.text)
      #expect(fresh["revision"] != old["revision"])
      #expect(try await one.post(path, fresh.fields + [("action", "change")]).status == 303)
      #expect(try await one.get(PortalWorld.list).text.contains("Typed by one"))
    }
  }

  @Test("A resource has one of the two pages; the other leads to it, and a form for the other kind is refused")
  func otherPage() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let moved = try await browser.get(world.path(world.resource, "capacity?q=a"))
      #expect(moved.status == 303)
      #expect(moved.location == world.path(world.resource, "edit?type=text&q=a"))
      try await browser.get(PortalWorld.list)
      let answer = try await browser.post(
        world.path(world.resource, "capacity"), [("plan", "text-s"), ("capacityKind", "plan"), ("action", "change")])
      #expect(answer.status == 409 && answer.text.contains("has another kind of capacity than this form was for"))
    }
  }

  @Test("Recalculate shows what would happen and changes nothing, without script too")
  func recalculate() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = world.path(world.resource, "edit")
      let page = try await browser.get(path)
      let answer = try await browser.post(
        path, FormOf(page.text).with([("cloudTokens", "40"), ("action", "recalculate")]))
      #expect(answer.status == 200 && answer.text.contains("<dd>+24 / 184</dd>"))
      #expect(try await browser.get(PortalWorld.list).text.contains("184 of 200 Cloud Tokens available"))
    }
  }

  @Test("A knowledge base is renamed and has no capacity to change (A-1)")
  func knowledgeBase() async throws {
    try await withPortal { world in
      let (_, base) = try await world.knowledgeBase()
      let browser = try await world.browser(world.ada)
      let path = world.path(base, "edit")
      let page = try await browser.get(path)
      #expect(page.text.contains("Knowledge bases have one size; their capacity can&#39;t change."))
      #expect(!page.text.contains("name=\"cloudTokens\"") && !page.text.contains("name=\"environment\""))
      #expect(try await world.send(browser, path, [("name", "")]).text.contains("Enter a display name."))
      #expect(try await world.send(browser, path, [("name", "Handbooks")]).status == 303)
      #expect(try await browser.get("\(PortalWorld.list)?type=knowledge-base").text.contains("Handbooks"))
    }
  }

  @Test("Another company's resource is not there, whatever is asked of it")
  func strangers() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.mallory)
      for deed in ["capacity", "edit", "capacity/cancel", "deprovisioning", "deprovisioning/cancel"] {
        try await browser.get(PortalWorld.list)
        #expect(try await browser.get(world.path(world.resource, deed)).status == 404, "\(deed)")
        try await browser.get(PortalWorld.list)
        let answer = try await browser.post(
          world.path(world.resource, deed), [("submission", "x"), ("name", "Mine"), ("cloudTokens", "1")])
        #expect(answer.status == 404, "\(deed)")
      }
      #expect(try await world.browser(world.ada).get(PortalWorld.list).text.contains(">ACTIVE<"))
    }
  }
}
