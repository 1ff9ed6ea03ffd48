import Core
import Storage
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("The page Company (P-2, E-1 to E-5)")
struct CompanyTests {
  static let path = "/control-center/company"

  /// What the dialog "Edit Company" sends for what was typed.
  private static func form(
    _ browser: Browser, name: String, timeZone: String? = nil
  ) async throws -> [(String, String)] {
    let text = try await browser.get("\(path)/edit").text
    return [
      ("name", name), ("timeZone", timeZone ?? ""), ("revision", try #require(hidden("revision", in: text))),
      ("submission", try #require(hidden("submission", in: text))),
    ]
  }

  @Test("It tells zone, rules of self-service with their verdicts, and accounts with their subscriptions")
  func page() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let page = try await browser.get(Self.path).text
      #expect(page.contains("Final since the first resource was provisioned."))
      #expect(page.matches(of: #/>MET</#).count == 4 && page.contains("Enterprise") && page.contains("FY"))
      #expect(page.contains("1 external member"))
      #expect(page.contains(">main</span>") && !page.contains("-main"))
      #expect(!page.contains("name=\"timeZone\""))
      let company = try #require(world.ada.companyID)
      try await world.platform.companies.context.write { try $0.replacePlatformAccounts(of: company, by: []) }
      let closed = try await browser.get(Self.path).text
      #expect(closed.contains("NOT MET") && closed.contains("No platform account is recorded for Northwind."))
      #expect(closed.contains("Resources can be provisioned and increased once all of it is met."))
    }
  }

  @Test("The zone is asked for until something is provisioned, and what is wrong is said beside the fields")
  func edit() async throws {
    try await withPortal { world in
      // Nothing is provisioned in the other company.
      let browser = try await world.browser(world.mallory)
      #expect(try await browser.get("\(Self.path)/edit").text.contains("Final from the first provisioned resource on."))
      let wrong = try await browser.post(
        Self.path, try await Self.form(browser, name: " ", timeZone: "Mars/Olympus"))
      #expect(wrong.status == 422 && wrong.text.contains("id=\"edit-company\" open"))
      #expect(wrong.text.matches(of: #/aria-invalid="true"/#).count == 2)
      let long = String(repeating: "n", count: 201)
      let kept = try await browser.post(Self.path, try await Self.form(browser, name: long, timeZone: "Asia/Tokyo"))
      #expect(kept.status == 422 && kept.text.contains(long))
      #expect(kept.text.contains("value=\"Asia/Tokyo\" selected"))
      let fields = try await Self.form(browser, name: "Other B.V.", timeZone: "Asia/Tokyo")
      for _ in 0..<2 {
        #expect(try await browser.post(Self.path, fields).location == "\(Self.path)?done=edit")
      }
      let page = try await browser.get("\(Self.path)?done=edit").text
      #expect(page.contains("The company is saved.") && page.contains("Other B.V.") && page.contains("Asia/Tokyo"))
    }
  }

  @Test("A dialog that was open while somebody else saved says so, keeps what was typed, and can be sent again")
  func stale() async throws {
    try await withPortal { world in
      let (browser, other) = (try await world.browser(world.mallory), try await world.browser(world.mallory))
      let fields = try await Self.form(browser, name: "Mine", timeZone: "UTC")
      try await other.post(Self.path, try await Self.form(other, name: "Theirs", timeZone: "Asia/Tokyo"))
      let stale = try await browser.post(Self.path, fields)
      #expect(stale.status == 409 && stale.text.contains("Somebody else changed the company"))
      #expect(stale.text.contains("it is “Theirs” in the time zone Asia/Tokyo now"))
      #expect(stale.text.contains("value=\"Mine\"") && stale.text.contains("value=\"UTC\" selected"))
      let again = [
        ("name", "Mine"), ("timeZone", "Asia/Tokyo"), ("revision", try #require(hidden("revision", in: stale.text))),
        ("submission", try #require(hidden("submission", in: stale.text))),
      ]
      #expect(try await browser.post(Self.path, again).status == 303)
      #expect(try await browser.get(Self.path).text.contains("Mine"))
    }
  }

  @Test("A zone that became final while the dialog was open is refused; the name can still be changed")
  func finalZone() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let late = try await browser.post(Self.path, try await Self.form(browser, name: "New", timeZone: "Asia/Tokyo"))
      #expect(late.status == 422 && late.text.contains("The time zone is final since"))
      #expect(late.text.contains("value=\"New\"") && !late.text.contains("<select id=\"timeZone\""))
      #expect(try await browser.post(Self.path, try await Self.form(browser, name: "New")).status == 303)
    }
  }

  @Test("External invitations are switched after a question; sent twice they stay as asked for")
  func external() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.path)/external-invitations"
      for (isOn, says) in [("on", "switched on."), ("off", "switched off.")] {
        let question = try await browser.get(path).text
        #expect(question.contains("Switch external invitations \(isOn)?"))
        let submission = try #require(hidden("submission", in: question))
        for _ in 0..<2 {
          let answer = try await browser.post(path, [("enabled", isOn), ("submission", submission)])
          #expect(try await browser.get(try #require(answer.location)).text.contains(says))
        }
      }
      #expect(try await world.deeds { $0.hasPrefix("Switched external") }.count == 2)
    }
  }

  @Test("A switch from before somebody switched back asks again, and says why")
  func staleSwitch() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.path)/external-invitations"
      let old = FormOf(try await browser.get(path).text).fields
      try await browser.post(path, old)
      try await browser.post(path, FormOf(try await browser.get(path).text).fields)
      let again = try await browser.post(path, old)
      #expect(again.status == 409 && again.text.contains("undone since"))
      #expect(again.text.contains("Switch external invitations on?"))
      let done = try await browser.post(path, FormOf(again.text).fields)
      #expect(try await browser.get(try #require(done.location)).text.contains("switched on."))
    }
  }

  @Test("Nothing is promised that is not there: no page invites to teams, and none withdraws such invitations")
  func promises() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let path = "\(Self.path)/external-invitations"
      #expect(try await browser.get(path).text.contains("Inviting somebody to a team is not part of this version yet."))
      try await browser.post(path, FormOf(try await browser.get(path).text).fields)
      #expect(try await browser.get(Self.path).text.contains("is not part of this version yet."))
      #expect(!(try await browser.get(path).text.contains("withdrawn")))
      let dialog = try await browser.get(world.path(world.resource, "deprovisioning")).text
      #expect(dialog.contains("its keys stop working, and 16 Cloud Tokens return to your company."))
      #expect(!dialog.contains("withdrawn"))
      let outside = try await browser.get("\(MembersTests.list)/xena/deactivate").text
      #expect(outside.contains("Xena is an external member") && !outside.contains("remove them"))
    }
  }
}
