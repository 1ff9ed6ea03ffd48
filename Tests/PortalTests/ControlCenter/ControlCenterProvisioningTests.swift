import Core
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Every field of Provision Resource, wrong in every way (R-2, R-4, P-7)")
struct ControlCenterProvisioningTests {
  private static let page = "/control-center/resources/provision"

  struct Wrong: Sendable {
    let field: String
    let value: String
    let problem: String
  }

  static let wrongs = [
    Wrong(field: "name", value: "", problem: "Enter a display name."),
    Wrong(field: "name", value: "a\u{200B}\nb", problem: "Remove line breaks"),
    Wrong(field: "name", value: String(repeating: "n", count: 300), problem: "Shorten the display name"),
    Wrong(field: "environment", value: "", problem: "Choose an environment: Test, Acceptance or Production."),
    Wrong(field: "environment", value: "Moon", problem: "Choose an environment: Test, Acceptance or Production."),
    Wrong(field: "region", value: "", problem: "Choose a region."),
    Wrong(field: "region", value: "mars-1", problem: "is not offered"),
    Wrong(field: "models", value: "", problem: "Choose at least one model."),
    Wrong(field: "models", value: "gpt", problem: "is not a model"),
    Wrong(field: "models", value: "claude-sonnet-4-6", problem: "is not available in Local"),
    Wrong(field: "cloudTokens", value: "", problem: "Enter a number of Cloud Tokens."),
    Wrong(field: "cloudTokens", value: "2.5", problem: "Enter a whole number of Cloud Tokens, such as 30"),
    Wrong(field: "cloudTokens", value: "0", problem: "Enter a whole number of Cloud Tokens from 1"),
    Wrong(
      field: "cloudTokens", value: "99999999999999999999999", problem: "Enter a whole number of Cloud Tokens from 1"),
    Wrong(field: "userName", value: " ", problem: "Enter the name of the user"),
    Wrong(field: "userEmail", value: "nobody", problem: "email address, such as"),
    Wrong(field: "timeZone", value: "Mars/Base", problem: "Choose a time zone from the list."),
  ]

  @Test(
    "Each is said beside its field and in the summary at the top; the other fields keep what was typed",
    arguments: wrongs)
  func wrong(_ wrong: Wrong) async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let right = world.provisionFields(name: "Keeps its name").filter { $0.0 != wrong.field }
      let sent = right + [(wrong.field, wrong.value), ("submission", "wrong")]
      let asked = try await browser.post(Self.page, sent + [("action", "summary")])
      let forced = try await browser.post(PortalWorld.list, sent)
      for answer in [asked, forced] {
        #expect(answer.status == 422)
        #expect(!answer.text.contains("id=\"summary\""))
        let error = answer.text.matches(of: #/<div class="error">([^<]+)</#).map { String($0.1) }
        #expect(error.contains { $0.contains(wrong.problem) } || wrong.field == "timeZone", "\(error)")
        #expect(answer.text.contains("role=\"alert\"") && answer.text.contains(wrong.problem))
        if wrong.field != "name" { #expect(answer.text.contains("value=\"Keeps its name\"")) }
        if wrong.field != "userEmail" { #expect(answer.text.contains("value=\"\(world.bram.email)\"")) }
        if wrong.field == "cloudTokens" { #expect(answer.text.contains("value=\"\(wrong.value)\"")) }
      }
      #expect(try await browser.get(PortalWorld.list).text.contains("184 of 200 Cloud Tokens available"))
    }
  }

  @Test("Of a deactivated colleague the form promises no invitation, and the list says what became of them (P-7)")
  func deactivatedUser() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let caller = Caller(user: world.ada)
      _ = try await world.platform.members.apply(.deactivate, to: world.cleo.id, idempotencyKey: "x", as: caller)
      let fields =
        world.provisionFields(name: "Cleo's").filter { !$0.0.hasPrefix("user") }
        + [("userName", "Cleo"), ("userEmail", world.cleo.email), ("submission", "cleo")]
      let live = try await browser.post("\(PortalWorld.list)/specification", fields).text
      #expect(live.contains("who is deactivated has this address: nobody is invited"))
      #expect(!live.contains("gets an invitation"))
      let summary = try await browser.post(Self.page, fields + [("action", "summary")]).text
      #expect(summary.contains("Is deactivated: not on the team, and not invited"))
      let done = try await browser.post(PortalWorld.list, fields)
      #expect(try await browser.get(try #require(done.location)).text.contains("cannot join your company"))
    }
  }

  @Test("Two submits of one form are one resource; other content sent from it is another")
  func idempotency() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let fields = world.provisionFields(name: "Once", tokens: "3") + [("submission", "one")]
      let first = try await browser.post(PortalWorld.list, fields)
      #expect(first.status == 303)
      #expect(try await browser.post(PortalWorld.list, fields).location == first.location)
      let changed = world.provisionFields(name: "Twice", tokens: "3") + [("submission", "one")]
      #expect(try await browser.post(PortalWorld.list, changed).location != first.location)
      #expect(try await browser.get(PortalWorld.list).text.contains("178 of 200 Cloud Tokens available"))
      let without = try await browser.post(PortalWorld.list, world.provisionFields(name: "Thrice"))
      #expect(without.status == 422)
    }
  }

  @Test("Somebody unknown is invited, after the form and the summary said so (P-7)")
  func invitation() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let fields = world.provisionFields(name: "For Nina").map {
        $0.0 == "userEmail" ? ("userEmail", "nina@people.example") : $0.0 == "userName" ? ("userName", "Nina") : $0
      }
      let live = try await browser.post("\(PortalWorld.list)/specification", fields)
      #expect(live.text.contains("Nobody of your company has this address: Nina gets an invitation"))
      let summary = try await browser.post(Self.page, fields + [("action", "summary")])
      #expect(summary.text.contains("Gets an invitation to your company"))
      let done = try await browser.post(PortalWorld.list, FormOf(summary.text).fields)
      #expect(done.location?.contains("done=invited") == true)
      let list = try await browser.get(try #require(done.location))
      #expect(list.text.contains("Nina (nina@people.example) is invited to your company"))
      #expect(list.text.contains("<a href=\"/control-center/members\">Open Members</a>"))
    }
  }

  @Test("Back from the summary the form stands as it was, also without script")
  func back() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.get(Self.page)
      let summary = try await browser.post(
        Self.page, world.provisionFields(name: "Not yet", tokens: "7") + [("action", "summary")])
      let form = try await browser.post(Self.page, FormOf(summary.text).fields + [("action", "recalculate")])
      #expect(form.status == 200 && !form.text.contains("id=\"summary\""))
      #expect(form.text.contains("value=\"Not yet\"") && form.text.contains("value=\"7\""))
      #expect(form.text.contains("value=\"\(TestCatalog.extractive)\" checked"))
    }
  }
}
