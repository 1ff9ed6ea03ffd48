import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Inviting members (P-7, G-9)")
struct PendingInvitesTests {
  static let list = "/control-center/invitations"

  private static func fields(
    _ submission: String, _ name: String = "Chen", _ email: String = "chen@new.example", role: String = "member"
  ) -> [(String, String)] {
    [("name", name), ("email", email), ("role", role), ("submission", submission)]
  }

  private static func submission(_ browser: Browser) async throws -> String {
    try #require(hidden("submission", in: try await browser.get("\(MembersTests.list)/add").text))
  }

  @Test("An invitation leads to its link, which stands in the list until it is used; nothing is invited twice")
  func invite() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      #expect(try await browser.get(Self.list).text.contains("No invitations"))
      let submission = try await Self.submission(browser)
      let sent = try await browser.post(MembersTests.list, Self.fields(submission))
      let dialog = try await browser.get(try #require(sent.location))
      #expect(dialog.headers[.cacheControl] == "no-store")
      #expect(dialog.text.contains("Send this link to chen@new.example."))
      #expect(dialog.text.firstMatch(of: #/\/invitations\/[\w-]{43}</#) != nil)
      #expect(try await browser.post(MembersTests.list, Self.fields(submission)).location == sent.location)
      let page = try await browser.get(Self.list).text
      #expect(page.contains("Pending Invites (1)") && page.contains("PENDING") && page.contains("chen@new.example"))
      #expect(try await world.deeds { $0.hasPrefix("Invited") }.count == 1)

      // Back, and somebody else with the same form: another invitation.
      let other = try await browser.post(
        MembersTests.list, Self.fields(submission, "Dana", "dana@new.example", role: "admin"))
      #expect(other.location != sent.location)
      #expect(try await browser.get(Self.list).text.contains("Pending Invites (2)"))
    }
  }

  @Test("What is wrong is said beside its field, and what was typed is kept")
  func problems() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let submission = try await Self.submission(browser)
      let long = String(repeating: "n", count: 101)
      let cases: [(fields: [(String, String)], says: String, keeps: String)] = [
        (Self.fields(submission, " "), "Enter the person&apos;s name.", "chen@new.example"),
        (Self.fields(submission, long), "in at most 100 visible characters.", long),
        (Self.fields(submission, "Chen", ""), "such as anna@example.com.", "value=\"Chen\""),
        (Self.fields(submission, "Chen", "chen@"), "such as anna@example.com.", "value=\"chen@\""),
        (Self.fields(submission, "Chen", "chen@new.example, dana@new.example"), "such as anna@", "dana@new.example"),
        (Self.fields(submission, role: ""), "Choose a role: Member or Admin.", "chen@new.example"),
        (Self.fields(submission, role: "owner"), "Choose a role: Member or Admin.", "chen@new.example"),
        (Self.fields(submission, "B", "BRAM@people.example"), "is a member of your company already.", "BRAM@people"),
        (Self.fields(submission, "M", "mallory@people.example"), "Invite them under another address.", "mallory@"),
      ]
      for entry in cases {
        let answer = try await browser.post(MembersTests.list, entry.fields)
        #expect(answer.status == 422, "\(entry.fields)")
        #expect(answer.text.contains("id=\"add-member\" open"))
        #expect(Self.plain(answer.text).contains(Self.plain(entry.says)), "\(entry.fields)")
        #expect(answer.text.contains(entry.keeps), "\(entry.fields)")
        #expect(hidden("submission", in: answer.text) == submission)
      }
      let all = try await browser.post(MembersTests.list, Self.fields(submission, "", "x", role: "")).text
      #expect(all.matches(of: #/aria-invalid="true"/#).count == 2 && all.contains("Choose a role"))
      // The role that was chosen stays.
      let kept = try await browser.post(MembersTests.list, Self.fields(submission, "", role: "admin")).text
      #expect(kept.contains("value=\"admin\" checked"))
      // A form without its submit key asks to be opened again.
      #expect(try await browser.post(MembersTests.list, Self.fields("")).status == 422)
      #expect(try await browser.get(Self.list).text.contains("No invitations"))
    }
  }

  /// With the apostrophes that a page writes as entities.
  private static func plain(_ text: String) -> String {
    text.replacing("&#39;", with: "'").replacing("&apos;", with: "'").replacing("&#x27;", with: "'")
  }

  @Test("Withdrawing asks first and ends the link; resending gives another one; what is over says so (G-9)")
  func withdrawAndResend() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let sent = try await browser.post(MembersTests.list, Self.fields(try await Self.submission(browser)))
      let shown = try #require(sent.location)
      let dialog = String(try #require(shown.split(separator: "?").first))
      func link() async throws -> String {
        let text = try await browser.get(dialog).text
        return String(try #require(text.firstMatch(of: #/\/invitations\/[\w-]{43}/#)).0)
      }
      let first = try await link()
      let outsider = world.stranger
      #expect(try await outsider.get(first).status == 200)

      let submission = try #require(hidden("submission", in: try await browser.get(Self.list).text))
      let renewed = try await browser.post("\(dialog)/resend", [("submission", submission)])
      #expect(renewed.location?.hasSuffix("?sent=1") == true)
      let second = try await link()
      #expect(second != first)
      #expect(try await outsider.get(first).status == 404)
      #expect(try await outsider.get(second).status == 200)

      let question = try await browser.get("\(dialog)/withdraw").text
      #expect(question.contains("Withdraw the invitation of Chen?"))
      let withdrawal = [("submission", try #require(hidden("submission", in: question)))]
      let done = try await browser.post("\(dialog)/withdraw", withdrawal)
      #expect(try await browser.get(try #require(done.location)).text.contains("The invitation of Chen is withdrawn."))
      #expect(try await browser.post("\(dialog)/withdraw", withdrawal).status == 303)
      let gone = try await outsider.get(second)
      #expect(gone.status == 410 && gone.text.contains("This invitation was withdrawn."))
      for verb in ["withdraw", "resend"] {
        let late = try await browser.post("\(dialog)/\(verb)", [("submission", "late")])
        #expect(late.status == 409 && late.text.contains("This invitation was withdrawn."))
      }
      #expect(!(try await browser.get(dialog).text.contains("id=\"invitation-url\"")))

      // Another company's are not found, nor is what never was.
      let mallory = try await world.browser(world.mallory)
      for path in [dialog, "\(dialog)/withdraw", "\(Self.list)/nothing"] {
        #expect(try await mallory.get(path).status == 404)
      }
      #expect(try await mallory.post("\(dialog)/resend", [("submission", "x")]).status == 404)
      #expect(try await mallory.post("\(dialog)/withdraw", [("submission", "x")]).status == 404)
    }
  }

  @Test("An invitation expires after 14 days, can be resent then, and is listed for 30 days")
  func expiry() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      try await browser.post(MembersTests.list, Self.fields(try await Self.submission(browser)))
      world.clock.advance(seconds: 14 * 86_400 + 1)
      let later = try await world.browser(world.ada)
      let page = try await later.get(Self.list).text
      #expect(page.contains("Pending Invites (0)") && page.contains("EXPIRED"))
      #expect(page.contains("/resend\"") && !page.contains("/withdraw\""))
      world.clock.advance(seconds: 30 * 86_400)
      #expect(try await world.browser(world.ada).get(Self.list).text.contains("No invitations"))
    }
  }
}
