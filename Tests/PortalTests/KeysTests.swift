import Core
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Keys (G-12 to G-14)")
struct KeysTests {
  @Test("A key is shown once, in the answer to the form, in four ways; a repeat says that it was shown")
  func shownOnce() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.bram)
      let list = "/resources/\(world.resource)/keys"
      #expect(try await browser.get(list).text.contains("No keys yet"))
      let form = try await browser.get("\(list)/create")
      #expect(form.text.contains("id=\"create-key\" open"))
      let submit = try #require(hidden("submission", in: form.text))
      let fields = [
        ("description", "Order portal"), ("expiresOn", ""), ("monthlyLimit", "12.5"), ("submission", submit),
      ]
      let answer = try await browser.post(list, fields)
      #expect(answer.status == 200)
      #expect(answer.headers[.cacheControl] == "no-store")
      for label in [">Mendix</button>", ">Plain key</button>", ">curl</button>", ">Python</button>"] {
        #expect(answer.text.contains(label))
      }
      let key = try #require(answer.text.firstMatch(of: #/phk_[0-9a-z]+_[0-9A-Za-z]+/#)).output
      #expect(answer.text.contains("https://gateway.example/v1/chat/completions"))

      let again = try await browser.post(list, fields)
      #expect(again.text.contains("This key was shown before"))
      #expect(!again.text.contains(key))
      let page = try await browser.get(list)
      #expect(page.text.contains("Order portal") && page.text.contains("12.5 GenAI Units a month"))
      #expect(page.text.contains("Never") && page.text.contains("ACTIVE"))
      #expect(!page.text.contains(key))
      #expect(page.text.matches(of: #/Order portal<span/#).count == 1)
    }
  }

  @Test("What is wrong with a new key is said beside its fields, and what was typed is kept")
  func problems() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let list = "/resources/\(world.resource)/keys"
      let submit = try #require(hidden("submission", in: try await browser.get("\(list)/create").text))
      let answer = try await browser.post(
        list, [("description", " "), ("expiresOn", "yesterday"), ("monthlyLimit", "-1"), ("submission", submit)])
      #expect(answer.status == 422)
      #expect(answer.text.contains("id=\"create-key\" open"))
      #expect(answer.text.contains("Enter a description."))
      #expect(answer.text.contains("value=\"yesterday\"") && answer.text.contains("value=\"-1\""))
      #expect(answer.text.matches(of: #/aria-invalid="true"/#).count == 3)
    }
  }

  @Test("Revoking asks first, names the key, and shows the revoked key in the list")
  func revoke() async throws {
    try await withPortal { world in
      let browser = try await world.browser(world.ada)
      let list = "/resources/\(world.resource)/keys"
      let submit = try #require(hidden("submission", in: try await browser.get("\(list)/create").text))
      try await browser.post(list, [("description", "Old app"), ("submission", submit)])
      let page = try await browser.get(list)
      let ask = try #require(page.text.firstMatch(of: #/href="([^"]+\/revoke)"/#)).1
      let question = try await browser.get(String(ask))
      #expect(question.text.contains("Revoke “Old app”?"))
      #expect(try await browser.get(list).text.contains("ACTIVE</span></td><td class=\"num\"><a"))
      let answer = try await browser.post(String(ask))
      let after = try await browser.get(try #require(answer.location))
      #expect(after.text.contains("The key “Old app” is revoked."))
      #expect(after.text.contains("REVOKED"))
      #expect(!after.text.contains("/revoke\""))
      // Again changes nothing.
      #expect(try await browser.post(String(ask)).status == 303)
      #expect(try await browser.get("\(list)/unknown/revoke").status == 404)
    }
  }

  @Test("The list is sorted by its headers, and the address keeps how")
  func sorted() async throws {
    try await withPortal { world in
      let list = "/resources/\(world.resource)/keys"
      for name in ["Beta", "alpha", "Gamma"] {
        _ = try await world.platform.keys.create(
          KeyForm(description: name), for: world.resource, idempotencyKey: name, as: Caller(user: world.ada))
        world.clock.advance(seconds: 60)
      }
      let browser = try await world.browser(world.ada)
      func order(_ query: String) async throws -> [String] {
        try await browser.get(list + query).text.matches(of: #/<tr><td>(\w+)<\/td>/#).map { String($0.1) }
      }
      #expect(try await order("") == ["Gamma", "alpha", "Beta"])
      #expect(try await order("?sort=description") == ["alpha", "Beta", "Gamma"])
      #expect(try await order("?sort=description&order=descending") == ["Gamma", "Beta", "alpha"])
      let page = try await browser.get("\(list)?sort=description")
      #expect(
        page.text.contains(
          "aria-sort=\"ascending\"><a class=\"sort\" href=\"\(list)?sort=description&amp;order=descending\""))
    }
  }
}
