import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Provisioning in the Control Center (R-1 to R-7, E-5)")
struct ProvisioningTests {
  static let page = "/control-center/resources/provision"

  @Test("The form leads over the summary to the new row, and the named user finds the resource")
  func wholeWay() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let form = try await browser.get("\(Self.page)?type=text")
      for label in [
        "Display Name", "Environment", "Mendix Cloud Region", "Available Text Generation Models", "Default Model",
        "Cloud Tokens", ">User<", ">Email<", "Resource Specification", "Provision Resource",
      ] {
        #expect(form.text.contains(label), "\(label)")
      }
      let fields = world.provisionFields(name: "Order mails")
      let summary = try await browser.post(Self.page, fields + [("action", "summary")])
      #expect(summary.status == 200)
      #expect(summary.text.contains("<dialog class=\"dialog\" id=\"summary\" open"))
      #expect(summary.text.contains("Resource Summary"))
      #expect(summary.text.contains("<dd>3,000 GenAI Units each bundle month</dd>"))
      #expect(summary.text.contains("Packhouse Extractive 1 (not a language model)"))
      let submit = try #require(hidden("submission", in: summary.text))
      let answer = try await browser.post("/control-center/resources", fields + [("submission", submit)])
      #expect(answer.status == 303)
      let list = try await browser.get(try #require(answer.location))
      #expect(list.text.contains("“Order mails” was provisioned"))
      #expect(list.text.matches(of: #/<tr class="new">/#).count == 1)
      #expect(list.text.contains("154 of 200 Cloud Tokens available"))
      // A double submit creates one resource.
      let again = try await browser.post("/control-center/resources", fields + [("submission", submit)])
      #expect(again.location == answer.location)
      #expect(try await world.browser(world.bram).get("/").text.contains("Order mails"))
      let other = try await world.browser(world.cleo).get("/")
      #expect(!other.text.contains("Order mails"))
    }
  }

  @Test("Everything missing is said at once beside the fields, and what was filled in is kept")
  func problems() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let answer = try await browser.post(
        Self.page, [("type", "text"), ("environment", "Production"), ("cloudTokens", "x"), ("action", "summary")])
      #expect(answer.status == 422)
      #expect(answer.text.contains("<option value=\"Production\" selected>"))
      for problem in ["Enter a display name.", "Choose a region.", "Choose at least one model.", "email address"] {
        #expect(answer.text.contains(problem), "\(problem)")
      }
      #expect(!answer.text.contains("Resource Summary"))
    }
  }

  @Test("More than the balance turns the specification red and disables the button; the server refuses it too")
  func overBalance() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let fields = world.provisionFields(tokens: "185")
      let live = try await browser.post("/control-center/resources/specification", fields)
      #expect(live.text.contains("data-can-provision=\"false\""))
      #expect(live.text.contains("<dd class=\"over\">185 / 184</dd>"))
      let page = try await browser.post(Self.page, fields + [("action", "recalculate")])
      #expect(page.text.contains("data-provision disabled"))
      let forced = try await browser.post("/control-center/resources", fields + [("submission", "forced")])
      #expect(forced.status == 409)
      #expect(forced.text.contains("184 Cloud Tokens available"))
      #expect(forced.text.contains("contact Mendix Support"))
      let fits = try await browser.post(
        "/control-center/resources/specification", world.provisionFields(tokens: "184"))
      #expect(fits.text.contains("data-can-provision=\"true\""))
    }
  }

  @Test("The live answer offers the models of the region, more of them with cross-region inference")
  func models() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      func live(_ fields: [(String, String)]) async throws -> String {
        try await browser.post("/control-center/resources/specification", [("type", "text")] + fields).text
      }
      let none = try await live([])
      #expect(none.contains("Choose a region first."))
      let local = try await live([("region", "local")])
      #expect(local.contains("value=\"packhouse-extractive-1\"") && !local.contains("crossRegionOf"))
      // On by default where models need it.
      let frankfurt = try await live([("region", "eu-central-1")])
      #expect(frankfurt.contains("name=\"crossRegion\" value=\"on\" checked"))
      #expect(frankfurt.contains("value=\"claude-sonnet-4-6\""))
      let off = try await live([("region", "eu-central-1"), ("crossRegionOf", "eu-central-1")])
      #expect(!off.contains("value=\"claude-sonnet-4-6\""))
      #expect(off.contains("1 more with cross-region inference."))
      // An answer for another region is no answer for this one.
      let moved = try await live([("region", "local"), ("crossRegionOf", "eu-central-1"), ("crossRegion", "on")])
      #expect(!moved.contains("Switch it off"))
    }
  }

  @Test("Terms are shown, have to be confirmed, and the confirmation is for the version shown (R-7)")
  func terms() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let fields = [
        ("type", "text"), ("name", "Claude"), ("environment", "Test"), ("region", "eu-central-1"),
        ("models", "claude-sonnet-4-6"), ("capacityKind", "plan"), ("plan", "text-s"), ("userName", "Ada"),
        ("userEmail", "ada@people.example"), ("action", "summary"),
      ]
      let unconfirmed = try await browser.post(Self.page, fields)
      #expect(unconfirmed.status == 422)
      #expect(unconfirmed.text.contains("https://anthropic.example/legal"))
      #expect(try await browser.post(Self.page, fields + [("terms", "anthropic@0")]).status == 422)
      let confirmed = try await browser.post(Self.page, fields + [("terms", "anthropic@1")])
      #expect(confirmed.status == 200)
      #expect(confirmed.text.contains("2.5M input and 1.25M output tokens each bundle month"))
      let submit = try #require(hidden("submission", in: confirmed.text))
      let answer = try await browser.post(
        "/control-center/resources", fields + [("terms", "anthropic@1"), ("submission", submit)])
      #expect(answer.status == 303)
    }
  }

  @Test("The summary's form carries every field of the form (R-4)")
  func summaryCarriesFields() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let summary = try await browser.post(Self.page, world.provisionFields() + [("action", "summary")])
      let dialog = try #require(summary.text.split(separator: "<dialog").last)
      let sent = dialog.matches(of: #/type="hidden" name="([^"]+)" value="([^"]*)"/#)
        .map { (String($0.1), String($0.2)) }
      let answer = try await browser.post("/control-center/resources", sent.filter { $0.0 != "csrf" })
      #expect(answer.location?.contains("done=provisioned&resource=") == true)
    }
  }

  @Test("A company without tokens sees the list with the reasons; nothing can be pressed (E-5)")
  func ineligible() async throws {
    try await withPortal(tokens: 16) { world in
      let browser = try await world.browser(world.ada)
      let list = try await browser.get("/control-center/resources")
      #expect(list.status == 200)
      #expect(list.text.contains("<button class=\"button primary\" disabled"))
      #expect(list.text.contains("0 Cloud Tokens"))
      #expect(list.text.contains("To order a resource instead, contact Mendix Support."))
      let form = try await browser.get(Self.page)
      #expect(form.text.contains("data-provision disabled"))
    }
  }

  @Test("Tabs, search and filters narrow the list, and its links keep them (R-1)")
  func list() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let page = try await browser.get("/control-center/resources")
      for label in [
        "Text Generation Resources", "Embeddings Generation Resources", "Knowledge Base Resources", "Status", "Name",
        "Model", "Plan", "Created For",
      ] {
        #expect(page.text.contains(label), "\(label)")
      }
      #expect(page.text.contains("1.6k GenAI Units"))
      #expect(page.text.contains("target=\"_blank\""))
      let none = try await browser.get("/control-center/resources?q=nothing&environment=Production")
      #expect(none.text.contains("Nothing fits") && none.text.contains("value=\"nothing\""))
      let found = try await browser.get("/control-center/resources?q=SUPPORT&status=ACTIVE&sort=name")
      #expect(found.text.contains("q=SUPPORT&amp;status=ACTIVE&amp;sort=name&amp;order=descending"))
      #expect(try await browser.get("/control-center/resources?status=DEPROVISIONED").text.contains("Nothing fits"))
      let empty = try await browser.get("/control-center/resources?type=embeddings")
      #expect(empty.text.contains("None yet"))
      #expect(try await browser.get("\(Self.page)?type=nothing").status == 404)
    }
  }
}
