import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Text that people enter stays text")
struct EscapingTests {
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\"&<>", "{{frame.csrf}}",
    // To Swift each of these is one character with what follows or precedes it; to a browser it is not.
    "\"\u{301} autofocus onfocus=alert(1) ", "\u{600}<script>alert(1)</script>", "<\u{200D}b\u{600}>",
  ]

  @Test("Every special byte is escaped, whatever stands around it", arguments: Self.hostile)
  func escapes(text: String) {
    let escaped = EscapedHTML().escapeText(text)
    #expect(!escaped.utf8.contains(UInt8(ascii: "<")) && !escaped.utf8.contains(UInt8(ascii: "\"")))
    #expect(!escaped.utf8.contains(UInt8(ascii: ">")) && !escaped.utf8.contains(UInt8(ascii: "'")))
  }

  @Test("Names, descriptions, searches and addresses never become markup", arguments: Self.hostile)
  func pages(text: String) async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let resource = try await world.platform.resources.provision(
        ProvisionRequest(
          name: text, type: .text, environment: .test, region: TestCatalog.local, models: [TestCatalog.extractive],
          capacity: .units(1), userName: text, userEmail: world.bram.email),
        idempotencyKey: "hostile", as: Caller(user: world.ada)
      ).resource
      _ = try await world.platform.keys.create(
        KeyForm(description: text), for: resource, idempotencyKey: "hostile", as: Caller(user: world.ada))
      let encoded = PageAddress.encoded(text)
      let pages = [
        "/?q=\(encoded)", "/", "/docs?resource=\(resource)", "/resources/\(resource)", "/resources/\(resource)/keys",
        "/resources/\(resource)/settings", "/control-center/resources?q=\(encoded)&sort=\(encoded)",
        "/control-center/resources?created=\(resource)", "/control-center/cloud-tokens", "/sign-in?next=\(encoded)",
      ]
      for path in pages {
        let bytes = try await browser.get(path).text
        #expect(!Self.contains(bytes, text), "\(path)")
        #expect(!Self.contains(bytes, "<script>alert"), "\(path)")
        #expect(!Self.contains(bytes, "<img src=x"), "\(path)")
      }
      let form = try await browser.post(
        "/control-center/resources/provision", [("type", "text"), ("name", text), ("action", "summary")])
      #expect(form.status == 422)
      #expect(!Self.contains(form.text, text))
    }
  }

  /// By bytes, as a browser reads. What holds nothing special is allowed to stand as it is.
  private static func contains(_ page: String, _ text: String) -> Bool {
    guard EscapedHTML().escapeText(text) != text else { return false }
    let (page, text) = (Array(page.utf8), Array(text.utf8))
    guard page.count >= text.count else { return false }
    return (0...page.count - text.count).contains { start in
      page[start] == text[0] && page[start..<start + text.count].elementsEqual(text)
    }
  }

  @Test("A template's names in an entered text are not filled in")
  func noInjectionOfNames() async throws {
    try await withPortal { world in
      let page = try await world.browser(world.ada).get("/?q=%7B%7Bframe.csrf%7D%7D")
      #expect(page.text.contains("value=\"{{frame.csrf}}\""))
    }
  }
}
