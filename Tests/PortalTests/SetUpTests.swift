import Core
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Set-up by a one-time link (P-1, P-2)")
struct SetUpTests {
  private static let fields = [
    ("companyName", "Northwind"), ("timeZone", "Europe/Amsterdam"), ("name", "Ada"), ("email", "ada@own.example"),
    ("password", "correct horse battery"), ("cloudTokens", "200"),
  ]

  @Test("The link creates company and admin, signs in, and works once")
  func once() async throws {
    try await withEmptyPortal { browser, token in
      let form = try await browser.get("/set-up?token=\(token)")
      #expect(form.status == 200)
      #expect(form.text.contains("It is final from now on."))
      let answer = try await browser.post("/set-up", Self.fields + [("token", token)])
      #expect(answer.status == 303)
      #expect(answer.location == "/control-center/resources")
      let page = try await browser.get("/control-center/cloud-tokens")
      #expect(page.status == 200)
      #expect(page.text.contains("Europe/Amsterdam"))
      #expect(try await browser.get("/set-up?token=\(token)").status == 409)
    }
  }

  @Test("What is wrong is said all at once, beside the fields, and what was typed is kept")
  func problems() async throws {
    try await withEmptyPortal { browser, token in
      try await browser.get("/set-up?token=\(token)")
      let answer = try await browser.post(
        "/set-up", [("companyName", "North"), ("timeZone", "Mars/Base"), ("password", "short"), ("token", token)])
      #expect(answer.status == 422)
      #expect(answer.text.contains("role=\"alert\""))
      #expect(answer.text.contains("value=\"North\""))
      #expect(answer.text.contains("Choose a password of at least 12 characters."))
      #expect(answer.text.contains("Enter a whole number of Cloud Tokens"))
      #expect(!answer.text.contains("value=\"short\""))
    }
  }

  @Test("A wrong link opens nothing, and the sign-in page says that nothing is set up")
  func wrongLink() async throws {
    try await withEmptyPortal { browser, _ in
      #expect(try await browser.get("/set-up?token=wrong").status == 404)
      #expect(try await browser.get("/sign-in").text.contains("not set up yet"))
      let answer = try await browser.post("/set-up", Self.fields + [("token", "wrong")])
      #expect(answer.status == 404)
    }
  }

  private func withEmptyPortal(_ body: @Sendable (Browser, String) async throws -> Void) async throws {
    try await TestDatabase.with(.sqlite) { test in
      let platform = PlatformServices(
        try Founded.context(test.database, ManualClock()), passwordCost: PasswordCost(log2Rounds: 1))
      let token = try await platform.setUp.makeToken().reveal()
      let portal = PortalServices(platform: platform, settings: PortalSettings(isSecure: false))
      let application = Application(
        router: PortalRoutes.router(portal), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
      try await application.test(.router) { client in try await body(Browser(client), token) }
    }
  }
}
