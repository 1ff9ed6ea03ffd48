import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Forms")
struct FormGuardTests {
  @Test("A form without its proof, or with another session's, changes nothing and says so")
  func foreignForms() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let other = try await world.browser(world.ada)
      let foreign = try #require(hidden("csrf", in: try await other.get("/").text))
      for token in ["", "wrong", foreign] {
        let answer = try await browser.post("/sign-out", csrf: token)
        #expect(answer.status == 403)
        #expect(answer.text.contains("The form is out of date"))
      }
      #expect(try await browser.get("/").status == 200)
    }
  }

  @Test("Before signing in a form must repeat the browser's own token")
  func openForms() async throws {
    try await withPortal { world in
      let fields = [("email", world.ada.email), ("password", PortalWorld.password)]
      let fresh = world.stranger
      #expect(try await fresh.post("/sign-in", fields, csrf: "").status == 403)
      let other = world.stranger
      let token = try #require(hidden("csrf", in: try await other.get("/sign-in").text))
      #expect(try await fresh.post("/sign-in", fields, csrf: token).status == 403)
      try await fresh.get("/sign-in")
      #expect(try await fresh.post("/sign-in", fields).status == 303)
    }
  }

  @Test("A form after the session has ended leads to signing in again")
  func expiredSession() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      world.clock.advance(seconds: 13 * 3_600)
      let answer = try await browser.post("/theme", [("theme", "dark")])
      #expect(answer.status == 403)
      #expect(answer.text.contains("href=\"/sign-in\""))
    }
  }

  @Test("Forms of other kinds, too large or unreadable ones are refused")
  func refusedForms() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      #expect(try await browser.post("/theme", headers: [.contentType: "application/json"]).status == 415)
      let large = String(repeating: "a", count: PortalLimits.formBytes)
      #expect(try await browser.post("/theme", [("theme", large)]).status == 413)
      let many = (0..<600).map { ("f\($0)", "") }
      #expect(try await browser.post("/theme", many).status == 400)
      #expect(throws: PortalFault.unreadableForm) { try FormFields(urlEncoded: "a=%ff") }
    }
  }

  @Test("Fields are decoded, in their order, repeated names included")
  func fields() throws {
    let fields = try FormFields(urlEncoded: "a=1&b=two+words&a=%C3%A9%26&empty=&bare")
    #expect(fields.all("a") == ["1", "é&"])
    #expect(fields["b"] == "two words")
    #expect(fields["empty"] == "" && fields.has("bare") && !fields.has("c"))
  }

  @Test("A link keeps the state that it does not change")
  func addresses() {
    let address = PageAddress("/list", [("q", "a&b c"), ("sort", "name"), ("order", "")])
    #expect(address.with([]) == "/list?q=a%26b%20c&sort=name")
    #expect(address.with([("sort", ""), ("page", "2")]) == "/list?q=a%26b%20c&page=2")
  }

  @Test("Lists are cut into pages, and a page beyond the end is the last one")
  func pages() {
    let rows = Array(0..<120)
    #expect(rows.page("").elements == Array(0..<50) && rows.page("2").elements.first == 50)
    #expect(rows.page("3").elements.count == 20 && rows.page("99").elements == rows.page("3").elements)
    #expect(rows.page("-1").number == 0 && rows.page("x").number == 0 && [Int]().page("5").number == 0)
    #expect(rows.pageNumber { $0 == 100 } == "3" && rows.pageNumber { $0 == 200 }.isEmpty)
    let address = PageAddress("/list", [("q", "a")])
    #expect(PagesView(rows.page("2"), address)?.previous == "/list?q=a&page=1")
    #expect(PagesView(rows.page("2"), address)?.next == "/list?q=a&page=3")
    #expect(PagesView(rows.page("3"), address)?.next == nil && PagesView([1].page("1"), address) == nil)
  }
}
