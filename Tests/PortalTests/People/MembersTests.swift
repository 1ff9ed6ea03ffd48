import Core
import Storage
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Members (P-4, P-7)")
struct MembersTests {
  static let list = "/control-center/members"

  /// Opens a question, answers it, and gives the page that it leads to.
  private static func answer(_ path: String, _ browser: Browser) async throws -> Browser.Answer {
    let question = try await browser.get(path)
    let submission = try #require(hidden("submission", in: question.text))
    let answer = try await browser.post(path, [("submission", submission)])
    #expect(answer.status == 303)
    return try await browser.get(try #require(answer.location))
  }

  @Test("The list tells colleagues and external members apart, marks who asks, and offers only what can be done")
  func list() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let page = try await browser.get(Self.list).text
      #expect(page.contains("Members (4)"))
      #expect(page.contains("the only active admin") && page.contains("External"))
      #expect(page.contains("\(Self.list)/bram/make-admin") && page.contains("\(Self.list)/bram/deactivate"))
      // The last admin can't be made a member; an external member has no menu.
      #expect(page.contains("\(Self.list)/\(world.ada.id)/deactivate"))
      #expect(!page.contains("\(Self.list)/\(world.ada.id)/make-member") && !page.contains("\(Self.list)/xena/"))
      let externals = try await browser.get("\(Self.list)?show=external").text
      #expect(externals.contains("xena@people.example") && !externals.contains("bram@people.example"))
      #expect(try await browser.get("\(Self.list)?q=nobody").text.contains("Nobody fits"))
      func order(_ query: String) async throws -> [String] {
        try await browser.get(Self.list + query).text.matches(of: #/>([a-z]+)@people\.example</#).map { String($0.1) }
      }
      #expect(try await order("") == ["ada", "bram", "cleo", "xena"])
      #expect(try await order("?sort=name&order=descending") == ["xena", "cleo", "bram", "ada"])
    }
  }

  @Test("Somebody is made an admin, a member again, deactivated and reactivated, each after a question")
  func changes() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let bram = try await world.browser(world.bram)
      #expect(try await bram.get(Self.list).status == 403)
      #expect(
        try await Self.answer("\(Self.list)/bram/make-admin", browser).text.contains("Bram is an admin now."))
      #expect(try await bram.get(Self.list).status == 200)
      #expect(
        try await Self.answer("\(Self.list)/bram/make-member", browser).text
          .contains("Bram is a member now and no longer an admin."))
      #expect(try await bram.get(Self.list).status == 403)

      let question = try await browser.get("\(Self.list)/bram/deactivate").text
      #expect(question.contains("Deactivate Bram?") && question.contains("Keys belong to resources"))
      #expect(!question.contains("no active admin left"))
      #expect(
        try await Self.answer("\(Self.list)/bram/deactivate", browser).text
          .contains("Bram is deactivated and can no longer get in."))
      // P-7: at the next request.
      #expect(try await bram.get("/").location?.hasPrefix("/sign-in") == true)
      await #expect(throws: Unexpected.self) { _ = try await world.browser(world.bram) }
      #expect(
        try await Self.answer("\(Self.list)/bram/reactivate", browser).text.contains("Bram is active again."))
      #expect(try await bram.get("/").location?.hasPrefix("/sign-in") == true)
      #expect(try await world.browser(world.bram).get("/").text.contains("Support assistant"))
    }
  }

  @Test("The last active admin is not made a member: there is nothing to press, and who sends it anyway reads why")
  func lastAdmin() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.list)/\(world.ada.id)/make-member"
      let question = try await browser.get(path).text
      #expect(question.contains("last active admin. Make somebody else an admin first."))
      #expect(question.contains(">Close</a>"))
      let answer = try await browser.post(path, [("submission", "x")])
      #expect(answer.status == 409)
      #expect(answer.text.contains("This is not possible any more"))
      #expect(try await browser.get(Self.list).status == 200)
    }
  }

  @Test("Deactivating the last active admin is not blocked; the question says what it means and who can help")
  func lastAdminLeaves() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.list)/\(world.ada.id)/deactivate"
      let question = try await browser.get(path).text
      #expect(question.contains("Northwind has no active admin left then."))
      #expect(question.contains("packhouse user create --admin") && question.contains("This is you"))
      let submission = try #require(hidden("submission", in: question))
      #expect(try await browser.post(path, [("submission", submission)]).location == "/sign-in")
      await #expect(throws: Unexpected.self) { _ = try await world.browser(world.ada) }
    }
  }

  @Test("A question from before it was undone asks again with the reason, and does what it says when it is sent again")
  func stale() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.list)/bram/deactivate"
      let old = FormOf(try await browser.get(path).text).fields
      #expect(try await browser.post(path, old).status == 303)
      _ = try await Self.answer("\(Self.list)/bram/reactivate", browser)
      // Back in the browser, and once more.
      let again = try await browser.post(path, old)
      #expect(again.status == 409 && again.text.contains("undone since. Look at what Bram is now"))
      #expect(again.text.contains("Deactivate Bram?"))
      #expect(try await world.browser(world.bram).get("/").status == 200)
      #expect(try await browser.post(path, FormOf(again.text).fields).status == 303)
      await #expect(throws: Unexpected.self) { _ = try await world.browser(world.bram) }
    }
  }

  @Test("Who steps down leaves the Control Center; who deactivates themselves is signed out")
  func oneself() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      _ = try await Self.answer("\(Self.list)/bram/make-admin", browser)
      let path = "\(Self.list)/\(world.ada.id)/make-member"
      let question = try await browser.get(path).text
      #expect(question.contains("This is you"))
      let submission = try #require(hidden("submission", in: question))
      #expect(try await browser.post(path, [("submission", submission)]).location == "/")
      #expect(try await browser.get(Self.list).status == 403)

      let bram = try await world.browser(world.bram)
      _ = try await Self.answer("\(Self.list)/\(world.ada.id)/make-admin", bram)
      let leave = "\(Self.list)/bram/deactivate"
      #expect(try await bram.post(leave, [("submission", "leave")]).location == "/sign-in")
      #expect(try await bram.get("/").location?.hasPrefix("/sign-in") == true)
    }
  }

  @Test("People of other companies, external members, nobody and unknown deeds are not found, whoever asks and however")
  func notFound() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      for member in [world.mallory.id.text, "nobody"] {
        #expect(try await browser.get("\(Self.list)/\(member)/deactivate").status == 404)
        #expect(try await browser.post("\(Self.list)/\(member)/deactivate", [("submission", "x")]).status == 404)
      }
      #expect(try await browser.post("\(Self.list)/xena/deactivate", [("submission", "x")]).status == 404)
      #expect(try await browser.get("\(Self.list)/bram/promote").status == 404)
      #expect(try await world.browser(world.mallory).get("/").status == 200)
    }
  }

  @Test("The same answer sent twice does it once; a deed that is true already says so")
  func repeated() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.list)/bram/make-admin"
      let submission = try #require(hidden("submission", in: try await browser.get(path).text))
      for _ in 0..<2 { #expect(try await browser.post(path, [("submission", submission)]).status == 303) }
      let made = try await world.deeds { $0.hasPrefix("Made “Bram”") }
      #expect(made.count == 1)
      let again = try await browser.get(path).text
      #expect(again.contains("Nothing is to be done: Bram is an admin now.") && again.contains(">Close</a>"))
    }
  }
}

extension PortalWorld {
  /// The sentences of the company's activity that fit, newest first.
  func deeds(_ fits: @Sendable (String) -> Bool) async throws -> [String] {
    let company = ada.companyID ?? CompanyID("none")
    return try await platform.members.context.read { try $0.activity(of: company, limit: 200).map(\.deed.sentence) }
      .filter(fits)
  }
}
