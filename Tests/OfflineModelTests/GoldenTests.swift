import Foundation
import Testing

@testable import OfflineModels

/// What the reference implementation said about 200 texts; see Golden/make_golden.py.
private struct Golden: Decodable, Sendable {
  struct Embedded: Decodable, Sendable {
    let text: String
    let ids: [Int32]
    let vector: Data
  }

  struct Tokenized: Decodable, Sendable {
    let text: String
    let ids: [Int32]
  }

  struct ScalarPage: Decodable, Sendable {
    let start: UInt32
    let hash: String
  }

  let embedded: [Embedded]
  let tokenized: [Tokenized]
  let scalarPages: [ScalarPage]

  static func read() throws -> Golden {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/golden.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }
}

@Suite("Golden data of the reference implementation (C-5, decision 21)")
struct GoldenTests {
  @Test(
    "Token ids of 200 texts of many languages, and of overlong ones, are those of the reference",
    .enabled(if: TestModels.areFetched, Comment(rawValue: TestModels.missing)))
  func tokenIDs() throws {
    let golden = try Golden.read()
    #expect(golden.embedded.count == 200)
    let tokenizer = try TestModels.tokenizer.get()
    for item in golden.embedded {
      #expect(tokenizer.encode(item.text) == item.ids, "\(item.text)")
    }
    for item in golden.tokenized {
      #expect(tokenizer.encode(item.text) == item.ids, "\(item.text)")
    }
  }

  @Test(
    "Vectors of 200 texts agree with the reference to a cosine of 0.9999",
    .enabled(if: TestModels.areFetched, Comment(rawValue: TestModels.missing)))
  func vectors() throws {
    let golden = try Golden.read()
    let encoder = try TestModels.encoder()
    let texts = golden.embedded.map(\.ids)
    var worst: Float = 1
    for pass in MiniLM.passes(lengths: texts.map(\.count)) {
      for (vector, item) in zip(encoder.embed(texts[pass]), golden.embedded[pass]) {
        let cosine = cosine(vector, floats(of: item.vector))
        #expect(cosine >= 0.9999, "\(item.text)")
        worst = min(worst, cosine)
      }
    }
    // The check can fail: another text's vector is told apart.
    #expect(cosine(encoder.embed(texts[0..<1])[0], floats(of: golden.embedded[5].vector)) < 0.9999)
    // Half-precision storage of the golden data costs about 1e-7; the encoder itself must not cost much more.
    #expect(worst > 0.99999)
  }

  @Test("Every Unicode scalar is cleaned, decomposed, lowered and isolated as the reference does it")
  func scalars() throws {
    let pages = try Golden.read().scalarPages
    let tokenizer = try SmallVocabulary.tokenizer.get()
    #expect(pages.count == 51)
    for page in pages {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for value in page.start..<(page.start + 4_096) {
        guard let scalar = Unicode.Scalar(value) else { continue }
        for word in tokenizer.words(of: "a\(Character(scalar))b") {
          for part in word.unicodeScalars { fold(part.value, into: &hash) }
          fold(0x20, into: &hash)
        }
      }
      let text = String(hash, radix: 16)
      let padded = String(repeating: "0", count: 16 - text.count) + text
      #expect(padded == page.hash, "page \(String(page.start, radix: 16))")
    }
  }

  private func fold(_ value: UInt32, into hash: inout UInt64) {
    for shift: UInt32 in [0, 8, 16, 24] {
      hash = (hash ^ UInt64(value >> shift & 0xFF)) &* 0x100_0000_01B3
    }
  }

  private func floats(of halves: Data) -> [Float] {
    stride(from: 0, to: halves.count, by: 2).map { index in
      let bits = UInt16(halves[halves.startIndex + index]) | UInt16(halves[halves.startIndex + index + 1]) << 8
      return Float(Float16(bitPattern: bits))
    }
  }

  private func cosine(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return 0 }
    var (dot, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    return Float(dot / (aa * bb).squareRoot())
  }
}
