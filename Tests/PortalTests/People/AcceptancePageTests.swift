import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("The link of an invitation (P-7, G-9)")
struct AcceptancePageTests {
  private static func link(
    _ world: PortalWorld, _ email: String = "chen@new.example", role: User.CompanyRole = .member
  ) async throws -> String {
    let id = try await world.platform.members.invite(
      InvitationRequest(name: "Chen", email: email, role: role), idempotencyKey: "invite-\(email)",
      as: Caller(user: world.ada))
    let view = try await world.platform.members.list(as: Caller(user: world.ada)).invitations
      .first { $0.invitation.id == id }
    let token = try #require(view?.link?.reveal().split(separator: "/").last)
    return "/invitations/\(token)"
  }

  private static func fields(
    _ submission: String, name: String = "Chen Li", password: String = PortalWorld.password
  ) -> [(String, String)] {
    [("name", name), ("password", password), ("submission", submission)]
  }

  @Test("Who has no account chooses name and password, is signed in at once, and sees what a member sees")
  func newAccount() async throws {
    try await withPortal { world in
      let link = try await Self.link(world)
      let chen = world.stranger
      let page = try await chen.get(link)
      #expect(page.headers[.cacheControl] == "no-store" && page.headers[HTTPFieldName.referrerPolicy] != nil)
      #expect(page.text.contains("Join Northwind") && page.text.contains("Ada invited you"))
      #expect(page.text.contains("value=\"chen@new.example\"") && page.text.contains("value=\"Chen\""))
      let submission = try #require(hidden("submission", in: page.text))
      let joined = try await chen.post(link, Self.fields(submission))
      #expect(joined.status == 303 && joined.location == "/")
      let overview = try await chen.get("/")
      #expect(overview.status == 200 && !overview.text.contains("Control Center"))
      #expect(!overview.text.contains("Support assistant"))
      #expect(try await chen.get(MembersTests.list).status == 403)
      #expect(try await chen.get("/resources/\(world.resource)").status == 404)
      // Once only; the page says so to whoever holds the link.
      let over = try await world.stranger.get(link)
      #expect(over.status == 410 && over.text.contains("was accepted already"))
      #expect(try await world.deeds { $0.hasPrefix("Accepted the invitation") }.count == 1)
    }
  }

  @Test("What is wrong with a new account is said beside its field; the name is kept, the password never")
  func problems() async throws {
    try await withPortal { world in
      let link = try await Self.link(world)
      let chen = world.stranger
      let submission = try #require(hidden("submission", in: try await chen.get(link).text))
      for (name, password, wrong) in [
        ("", PortalWorld.password, 1), ("Chen Li", "short", 1), ("Chen Li", "", 1), (" ", "short", 2),
        (String(repeating: "n", count: 101), PortalWorld.password, 1),
      ] {
        let answer = try await chen.post(link, Self.fields(submission, name: name, password: password))
        #expect(answer.status == 422)
        #expect(answer.text.matches(of: #/aria-invalid="true"/#).count == wrong, "\(name) \(password)")
        #expect(answer.text.contains("value=\"\(name)\""))
        #expect(!answer.text.contains(">short<") && !answer.text.contains("value=\"short\""))
        #expect(hidden("submission", in: answer.text) == submission)
      }
      #expect(try await chen.post(link, Self.fields(submission)).status == 303)
      // Sent twice by the same form: signed in once more, one account.
      let twin = world.stranger
      try await twin.get("/sign-in")
      #expect(try await twin.post(link, Self.fields(submission)).status == 303)
      #expect(try await twin.get("/").status == 200)
      // Another form comes too late.
      let late = try await world.lateBrowser().post(link, Self.fields("late"))
      #expect(late.status == 410 && late.text.contains("was accepted already"))
    }
  }

  @Test("Somebody with an account is led to sign in and back; under another address nothing can be done")
  func existingAccount() async throws {
    try await withPortal { world in
      let link = try await Self.link(world, "xena@people.example", role: .admin)
      let page = try await world.stranger.get(link).text
      #expect(page.contains("/sign-in?next=") && !page.contains("xena@people.example"))
      #expect(!page.contains("name=\"password\""))

      let bram = try await world.browser(world.bram)
      let wrong = try await bram.get(link).text
      #expect(wrong.contains("Sign out") && !wrong.contains("xena@people.example"))
      #expect(!wrong.contains(">Accept</button>") && !wrong.contains("Decline"))
      for path in [link, "\(link)/decline"] {
        let answer = try await bram.post(path, [("submission", "wrong")])
        #expect(answer.status == 403 && answer.text.contains("This invitation is for"))
      }
      let xena = try await world.browser(world.xena)
      let mine = try await xena.get(link).text
      let submission = try #require(hidden("submission", in: mine))
      #expect(mine.contains(">Accept</button>"))
      #expect(try await xena.get(MembersTests.list).status == 404)
      for _ in 0..<2 { #expect(try await xena.post(link, [("submission", submission)]).location == "/") }
      #expect(try await xena.get(MembersTests.list).status == 200)
    }
  }

  @Test("Whoever holds the link can decline; then it is over, also for a form that is open still")
  func decline() async throws {
    try await withPortal { world in
      let link = try await Self.link(world)
      let (chen, other) = (world.stranger, world.stranger)
      let form = try #require(hidden("submission", in: try await other.get(link).text))
      let submission = try #require(hidden("submission", in: try await chen.get(link).text))
      for _ in 0..<2 {
        #expect(try await chen.post("\(link)/decline", [("submission", submission)]).location == link)
      }
      #expect(try await chen.get(link).text.contains("This invitation was declined."))
      let late = try await other.post(link, Self.fields(form))
      #expect(late.status == 410 && late.text.contains("This invitation was declined."))
      let page = try await world.browser(world.ada).get("/control-center/invitations").text
      #expect(page.contains("DECLINED"))
    }
  }

  @Test("A link that never was is not found, signed in or not")
  func unknown() async throws {
    try await withPortal { world in
      let (outsider, ada) = (world.stranger, try await world.browser(world.ada))
      for path in ["/invitations/abc", "/invitations/\(String(repeating: "a", count: 43))"] {
        let (unsigned, signed) = (try await outsider.get(path), try await ada.get(path))
        #expect(unsigned.status == 404 && signed.status == 404)
        let declined = try await ada.post("\(path)/decline", [("submission", "x")])
        #expect(declined.status == 404)
      }
    }
  }
}

extension PortalWorld {
  /// Somebody without a session, with the proof that forms need.
  fileprivate func lateBrowser() async throws -> Browser {
    let browser = stranger
    try await browser.get("/sign-in")
    return browser
  }
}
