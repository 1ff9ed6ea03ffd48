import Core
import Testing

@Suite("Email addresses")
struct EmailAddressTests {
  @Test(
    "P-3: addresses that differ in case, in space around or in how accents are written are one",
    arguments: [
      ("anna@acme.example", "anna@acme.example"),
      ("  Anna@ACME.Example\n", "anna@acme.example"),
      ("A.B+c@sub.acme.example", "a.b+c@sub.acme.example"),
      ("RENE\u{301}@acme.example", "ren\u{e9}@acme.example"),
      ("REN\u{c9}@acme.example", "ren\u{e9}@acme.example"),
      ("o'neil@acme.example", "o'neil@acme.example"),
      ("root@localhost", "root@localhost"),
      ("用户@例子.example", "用户@例子.example"),
    ])
  func canonical(text: String, expected: String) throws {
    let canonical = try #require(EmailAddress.canonical(text))
    // Bytes, because texts that only look alike are equal to Swift but not to a database.
    #expect(Array(canonical.utf8) == Array(expected.utf8))
    #expect(EmailAddress.isPlausible(text))
  }

  @Test(
    "P-3: what cannot be an address is refused",
    arguments: [
      "", " ", "anna", "@acme.example", "anna@", "anna@acme", "an na@acme.example", "anna@@acme.example",
      "anna@b@acme.example", ".anna@acme.example", "anna.@acme.example", "an..na@acme.example",
      "anna@.acme.example", "anna@acme.example.", "anna@acme..example", "anna@-acme.example", "anna@acme-.example",
      "\"anna\"@acme.example", "anna@[192.0.2.1]", "anna\u{0}@acme.example", "anna\u{200B}@acme.example",
      "anna@ac\u{202E}me.example", "anna,berta@acme.example", "Anna <anna@acme.example>", "anna\r\nbcc:x@acme.example",
    ])
  func refused(text: String) {
    #expect(EmailAddress.canonical(text) == nil)
    #expect(!EmailAddress.isPlausible(text))
  }

  @Test("P-3: the lengths are those of mail")
  func lengths() {
    let local = String(repeating: "a", count: 64)
    let label = String(repeating: "b", count: 63)
    #expect(EmailAddress.isPlausible("\(local)@acme.example"))
    #expect(!EmailAddress.isPlausible("a\(local)@acme.example"))
    #expect(EmailAddress.isPlausible("a@\(label).example"))
    #expect(!EmailAddress.isPlausible("a@b\(label).example"))
    let longest = "a@\(label).\(label).\(label).\(String(repeating: "c", count: 60))"
    #expect(longest.utf8.count == 254)
    #expect(EmailAddress.isPlausible(longest))
    #expect(!EmailAddress.isPlausible("a\(longest)"))
    #expect(!EmailAddress.isPlausible(String(repeating: "a", count: 5_000_000)))
  }

  @Test("P-3: what is canonical stays as it is, and case never makes another address", arguments: SplitMix.seeds)
  func idempotent(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let alphabet = Array("aZ09.+-_@ İıßẞéÉΣσςǅﬃ\u{301}\u{307}K例")
    var accepted = 0
    for _ in 0..<5_000 {
      let local = String(
        (0..<Int.random(in: 1...8, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
      let domain = String(
        (0..<Int.random(in: 1...5, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "b" })
      let text = "\(local)@\(domain).example"
      guard let canonical = EmailAddress.canonical(text) else { continue }
      accepted += 1
      #expect(EmailAddress.canonical(canonical).map { Array($0.utf8) } == Array(canonical.utf8), "\(text)")
      #expect(canonical.lowercased() == canonical)
    }
    #expect(accepted > 100)
  }
}
