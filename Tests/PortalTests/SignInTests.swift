import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Signing in and out (P-5)")
struct SignInTests {
  @Test("Somebody signs in, is led to the page that was asked for, and out again")
  func signInAndOut() async throws {
    try await withPortal { world in
      let browser = world.stranger
      let wanted = try await browser.get("/resources/\(world.resource)/keys?sort=status")
      #expect(wanted.status == 303)
      let signIn = try #require(wanted.location)
      #expect(signIn == "/sign-in?next=/resources/\(world.resource)/keys%3Fsort%3Dstatus")
      let form = try await browser.get(signIn)
      let next = try #require(hidden("next", in: form.text))
      let answer = try await browser.post(
        "/sign-in", [("email", " ADA@people.example"), ("password", PortalWorld.password), ("next", next)])
      #expect(answer.status == 303)
      #expect(answer.location == "/resources/\(world.resource)/keys?sort=status")
      let cookie = answer.headers[values: .setCookie].first { $0.hasPrefix("packhouse_session=") } ?? ""
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
      #expect(!cookie.contains("Secure"))

      let page = try await browser.get("/")
      #expect(page.text.contains("Company admin · Northwind"))
      #expect(try await browser.post("/sign-out").location == "/sign-in?signed-out=1")
      #expect(try await browser.get("/").status == 303)
    }
  }

  @Test("Behind HTTPS the cookies are Secure and bound to the host")
  func secureCookies() async throws {
    try await withPortal(isSecure: true) { world in
      let browser = try await world.browser(world.ada)
      #expect(browser.cookies.keys.contains("__Host-packhouse_session"))
      let form = try await world.stranger.get("/sign-in")
      let cookie = form.headers[values: .setCookie].joined()
      #expect(cookie.hasPrefix("__Host-packhouse_form=") && cookie.contains("Secure"))
    }
  }

  @Test("A wrong password and an unknown address get the same answer, and the address typed is kept")
  func wrongPassword() async throws {
    try await withPortal { world in
      let browser = world.stranger
      try await browser.get("/sign-in")
      let wrong = try await browser.post("/sign-in", [("email", world.ada.email), ("password", "wrong")])
      let unknown = try await browser.post("/sign-in", [("email", "nobody@people.example"), ("password", "wrong")])
      #expect(wrong.status == 401 && unknown.status == 401)
      #expect(wrong.text.contains("Email or password is wrong."))
      #expect(wrong.text.contains("value=\"\(world.ada.email)\""))
      #expect(
        wrong.text.replacing(world.ada.email, with: "") == unknown.text.replacing("nobody@people.example", with: ""))
    }
  }

  @Test("Too many failures make somebody wait, and the answer says how long")
  func throttled() async throws {
    try await withPortal { world in
      let browser = world.stranger
      try await browser.get("/sign-in")
      var last = try await browser.post("/sign-in", [("email", world.ada.email), ("password", "wrong")])
      for _ in 0..<6 where last.status == 401 {
        last = try await browser.post("/sign-in", [("email", world.ada.email), ("password", "wrong")])
      }
      #expect(last.status == 429)
      #expect(last.headers[.retryAfter] != nil)
      #expect(last.text.contains("Too many failed sign-ins."))
    }
  }

  @Test(
    "Nobody is led to another site after signing in",
    arguments: [
      "//evil.example", "https://evil.example", "/\\evil.example", "\t//evil.example", "/\u{9}/evil", "/sign-in",
    ])
  func nextStaysHere(next: String) async throws {
    #expect(LocalPath.safe(next) == "/")
    try await withPortal { world in
      let browser = world.stranger
      try await browser.get("/sign-in")
      let answer = try await browser.post(
        "/sign-in", [("email", world.ada.email), ("password", PortalWorld.password), ("next", next)])
      #expect(answer.location == "/")
    }
  }

  @Test("Sessions are listed and ended; an ended one is signed out at its next request")
  func endSessions() async throws {
    try await withPortal { world in
      let first = try await world.browser(world.ada)
      let second = try await world.browser(world.ada)
      let page = try await first.get("/account/sessions")
      #expect(page.text.contains("THIS ONE"))
      #expect(page.text.contains("End all others"))
      let id = try #require(page.text.firstMatch(of: #/\/account\/sessions\/([0-9a-z]{10})\/end/#)).1
      let answer = try await first.post("/account/sessions/\(id)/end")
      #expect(answer.location == "/account/sessions?done=ended")
      #expect(try await first.get("/account/sessions?done=ended").text.contains("The session was ended."))
      #expect(try await second.get("/").status == 303)
      // Another person's session does not exist for anybody else.
      let other = try await world.browser(world.bram)
      #expect(try await other.post("/account/sessions/\(id)/end").status == 404)
    }
  }

  @Test("The theme is kept in a cookie that the server reads")
  func theme() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      #expect(try await browser.get("/").text.contains("<html lang=\"en\">"))
      let answer = try await browser.post("/theme", [("theme", "dark"), ("back", "/docs")])
      #expect(answer.location == "/docs")
      #expect(try await browser.get("/docs").text.contains("<html lang=\"en\" data-theme=\"dark\">"))
      try await browser.post("/theme", [("theme", "system"), ("back", "//evil.example")])
      #expect(try await browser.get("/docs").text.contains("<html lang=\"en\">"))
    }
  }
}
