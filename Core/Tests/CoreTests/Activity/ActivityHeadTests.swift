import Testing

@testable import Core

@Suite("Signed heads (rule G-20)")
struct ActivityHeadTests {
  private let story = ActivityStory(seed: 3, lines: 4)

  @Test("A head is read back as it was printed, with white space around it")
  func roundTrip() throws {
    for company in ["acme", "a.b.c", "..", "0123456789"] {
      for position in [0, 1, 12, Int64.max] {
        let head = ActivityHead(companyID: CompanyID(company), position: position, hash: story.entries[1].hash)
        let signed = SignedActivityHead(head, signedBy: ActivityStory.sign)
        #expect(try SignedActivityHead(text: signed.text) == signed)
        #expect(try SignedActivityHead(text: "  \(signed.text)\r\n") == signed)
        #expect(signed.isGenuine(ActivityStory.sign))
      }
    }
  }

  @Test("The text form is company, position, hash and signature")
  func text() {
    let head = ActivityHead(companyID: CompanyID("acme"), position: 7, hash: [UInt8](repeating: 0xA0, count: 32))
    let signed = SignedActivityHead(head) { _ in [UInt8](repeating: 0x0F, count: 32) }
    #expect(signed.text == "acme.7.\(String(repeating: "a0", count: 32)).\(String(repeating: "0f", count: 32))")
  }

  @Test("What is signed are exactly the bytes that the description gives")
  func signedBytes() {
    let head = ActivityHead(companyID: CompanyID("acme"), position: 258, hash: Array(1...32))
    let expected: [[UInt8]] = [
      [0, 0, 0, 0, 0, 0, 0, 26], Array("packhouse activity head v1".utf8), [0, 0, 0, 0, 0, 0, 0, 4],
      Array("acme".utf8), [0, 0, 0, 0, 0, 0, 0, 8], [0, 0, 0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 0, 0, 0, 32],
      Array(1...32),
    ]
    let signed = Array(expected.joined())
    let isGenuine = SignedActivityHead(head, signedBy: ActivityStory.sign).isGenuine {
      $0 == signed ? ActivityStory.sign(signed) : []
    }
    #expect(isGenuine)
  }

  @Test("Another company, position, hash or key is not what was signed")
  func forgery() {
    let signed = story.head(at: 3)
    #expect(signed.isGenuine(ActivityStory.sign))
    #expect(!signed.isGenuine { PlainSHA256.hash($0) })
    let parts = signed.text.split(separator: ".").map(String.init)
    let forged = [
      ["other"] + parts[1...], [parts[0], "2"] + parts[2...],
      [parts[0], parts[1], String(parts[2].reversed()), parts[3]],
      [parts[0], parts[1], parts[2], String(parts[3].reversed())],
    ]
    for parts in forged {
      #expect((try? SignedActivityHead(text: parts.joined(separator: ".")))?.isGenuine(ActivityStory.sign) == false)
    }
  }

  @Test("Whatever is not a head is refused with a sentence that shows one")
  func malformed() {
    let text = story.head(at: 2).text
    let parts = text.split(separator: ".").map(String.init)
    func with(position: String) -> String { "\(parts[0]).\(position).\(parts[2]).\(parts[3])" }
    #expect((try? SignedActivityHead(text: with(position: "2"))) != nil)
    var broken = ["", " ", ".", "...", "head", "\(text)0", "\(text).", text.uppercased(), String(text.dropLast())]
    broken += ["02", "+2", "-2", "-0", " 2", "", "two", "9223372036854775808"].map(with(position:))
    broken += ["\(parts[1]).\(parts[2]).\(parts[3])", ".\(parts[1]).\(parts[2]).\(parts[3])"]
    broken += ["\(parts[0]).2.\(parts[2])é.\(parts[3])", String(repeating: "a", count: 400) + text]
    for text in broken {
      #expect { try SignedActivityHead(text: text) } throws: { error in
        (error as? InvalidInput)?.problems.first?.message.contains("company.position.hash.signature") == true
      }
    }
  }

  @Test("Every text that differs from a head in one character is refused or not genuine")
  func singleCharacters() {
    let text = story.head(at: 4).text
    var random = SplitMix(seed: 11)
    for index in text.indices {
      let other = "0123456789abcdef.xyz \n".filter { $0 != text[index] }.randomElement(using: &random)!
      let changed = text.replacingCharacters(in: index...index, with: other)
      let isGood = (try? SignedActivityHead(text: changed))?.isGenuine(ActivityStory.sign) ?? false
      #expect(!isGood, "\(changed)")
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: ClosedRange<Index>, with character: Character) -> String {
    var changed = self
    changed.replaceSubrange(range, with: [character])
    return changed
  }
}
