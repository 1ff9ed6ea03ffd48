import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("What every answer tells the browser")
struct HeaderTests {
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

  @Test("Every page carries the policy, is kept nowhere, and holds no style, script or handler of its own")
  func everyPage() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let pages = [
        "/", "/docs", "/account/sessions", "/resources/\(world.resource)", "/resources/\(world.resource)/keys",
        "/resources/\(world.resource)/keys/create", "/resources/\(world.resource)/settings",
        "/control-center/resources", "/control-center/resources/provision", "/control-center/cloud-tokens",
      ]
      for path in pages { check(path, try await browser.get(path), status: 200) }
      check("404", try await browser.get("/nowhere"), status: 404)
      check("another's", try await browser.get("/resources/unknown000"), status: 404)
      check("form", try await browser.post("/theme", csrf: "wrong"), status: 403)
      let stranger = world.stranger
      check("sign-in", try await stranger.get("/sign-in"), status: 200)
      check("404 signed out", try await stranger.get("/nowhere"), status: 404)
      check("redirect", try await stranger.get("/"), status: 303)
    }
  }

  private func check(_ name: String, _ answer: Browser.Answer, status: Int) {
    #expect(answer.status == status, "\(name)")
    #expect(answer.headers[.contentSecurityPolicy] == Self.policy, "\(name)")
    #expect(answer.headers[.cacheControl] == "no-store", "\(name)")
    #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(name)")
    #expect(!answer.text.contains(" style="), "\(name)")
    #expect(!answer.text.contains("<style"), "\(name)")
    #expect(answer.text.firstMatch(of: #/\son[a-z]+=/#) == nil, "\(name)")
    #expect(answer.text.firstMatch(of: #/<script(?![^>]*\ssrc="\/assets\/)/#) == nil, "\(name)")
    #expect(answer.text.firstMatch(of: #/(src|action)="(https?:)?\/\//#) == nil, "\(name)")
  }

  @Test("A page that is not there says so in the frame, with a way back")
  func notFound() async throws {
    try await withPortal { world in
      let answer = try await world.browser(world.ada).get("/nowhere")
      #expect(answer.text.contains("There is no such page."))
      #expect(answer.text.contains("aria-label=\"GenAI Portal\""))
      #expect(answer.headers[HTTPFieldName.requestID]?.isEmpty == false)
    }
  }

  @Test("An unexpected error gives its request's id and nothing else")
  func unexpected() {
    struct Broken: Error, CustomStringConvertible { let description = "secret of the error" }
    let fault = Fault(Broken())
    let view = FaultView(fault, requestID: "abc")
    #expect(fault.status == .internalServerError)
    #expect(view.requestID == "abc")
    #expect(!view.sentences.joined().contains("secret"))
  }
}

@Suite("Addresses behind proxies")
struct TrustedProxiesTests {
  @Test(
    "A trusted proxy is believed, nobody else",
    arguments: [
      (["10.0.0.0/8"], "10.1.2.3", true), (["10.0.0.0/8"], "11.1.2.3", false), (["::1"], "::1", true),
      (["2001:db8::/33"], "2001:db8:7fff::1", true), (["2001:db8::/33"], "2001:db8:8000::1", false),
      (["192.0.2.7"], "::ffff:192.0.2.7", true), (["0.0.0.0/0"], "203.0.113.9", true), ([], "10.0.0.1", false),
    ])
  func contains(networks: [String], address: String, isTrusted: Bool) {
    #expect(TrustedProxies(networks).contains(address) == isTrusted)
  }

  @Test("What is no address is reported and trusts nobody")
  func unreadable() {
    let proxies = TrustedProxies(["10.0.0.0/33", "proxy.example", "10.0.0.1/", "127.0.0.1"])
    #expect(proxies.unreadable == ["10.0.0.0/33", "proxy.example", "10.0.0.1/"])
    #expect(proxies.contains("127.0.0.1") && !proxies.contains("10.0.0.1"))
  }
}
