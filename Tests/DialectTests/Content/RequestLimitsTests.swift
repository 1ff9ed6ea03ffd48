import Core
import Testing

@testable import Dialects

@Suite("Limits of the model version hold whatever the dialect (F-3)")
struct RequestLimitsTests {
  private static let limits = ModelLimits(
    maxOutputTokens: 8_000, defaultMaxTokens: 4_000, maxImages: 20, maxImageBytes: 3_932_160, maxDocuments: 5,
    maxDocumentBytes: 4_718_592, maxImageSide: 8_000, imageFormats: ["png", "jpeg", "gif", "webp"],
    documentFormats: ["pdf", "txt"], maxToolNameLength: 64, maxTexts: 96)

  private static func refusal(_ call: ModelCall, limits: ModelLimits = limits) -> String? {
    do {
      try RequestLimits.check(call, limits: limits)
      return nil
    } catch {
      return error.message
    }
  }

  private static func refusal(_ content: [ContentBlock]) -> String? {
    refusal(.chat(ChatRequest(messages: [Message(role: .user, content: content)])))
  }

  /// So many bytes of an image in that format.
  private static func image(_ format: String, count: Int = 12) -> [UInt8] {
    let start: [UInt8] =
      switch format {
      case "png": [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      case "jpeg": [0xFF, 0xD8, 0xFF, 0xE0]
      case "gif": Array("GIF89a".utf8)
      default: Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP".utf8)
      }
    return start + [UInt8](repeating: 0, count: count - start.count)
  }

  private static func refusal(tools names: [String]) -> String? {
    let tools = names.map { Tool(name: $0, description: nil, inputSchema: RawJSON([0x7B, 0x7D])) }
    return refusal(.chat(ChatRequest(messages: [], tools: tools)))
  }

  @Test("Tool names that models take are taken")
  func toolNames() {
    #expect(Self.refusal(tools: ["a", "Ab_9-", "z" + String(repeating: "9", count: 63)]) == nil)
  }

  @Test(
    "Other tool names are refused",
    arguments: ["", "1a", "_a", "-a", "a b", "é", "a.b", "z" + String(repeating: "9", count: 64)])
  func badToolNames(_ name: String) {
    let refusal = Self.refusal(tools: ["fine", name])
    #expect(refusal?.hasPrefix("Tool 2 is named \"\(name)\", but the name of a tool must begin with a letter") == true)
  }

  @Test("A name is shown on one line and cut")
  func shownToolName() {
    let long = "\n\u{202E}" + String(repeating: "z", count: 500)
    let shown = "\"\u{FFFD}\u{FFFD}" + String(repeating: "z", count: 78) + "…\", but"
    #expect(Self.refusal(tools: [long])?.hasPrefix("Tool 1 is named " + shown) == true)
  }

  @Test("Two tools of one name are refused")
  func duplicateTools() {
    #expect(Self.refusal(tools: ["a", "b", "a"])?.hasPrefix("Tool 3 is named \"a\" like an earlier tool") == true)
  }

  @Test("A tool that is marked strict is refused by name where the model takes no such mark (D-2)")
  func strictTools() {
    func refusal(_ isStrict: Bool, takes: Bool) -> String? {
      var limits = Self.limits
      limits.takesStrictTools = takes
      let tools = [
        Tool(name: "a", description: nil, inputSchema: RawJSON([0x7B, 0x7D])),
        Tool(name: "clock", description: nil, inputSchema: RawJSON([0x7B, 0x7D]), isStrict: isStrict),
      ]
      return Self.refusal(.chat(ChatRequest(messages: [], tools: tools)), limits: limits)
    }
    #expect(refusal(true, takes: true) == nil)
    #expect(refusal(false, takes: false) == nil)
    #expect(
      refusal(true, takes: false)
        == "Tool 2, \"clock\", is marked strict, which this model does not take; leave strict out, or set it to false.")
  }

  @Test("20 images are taken and 21 refused, those in tool results counted too")
  func imageCount() {
    let bytes = Sensitive(Self.image("png"))
    let image = ContentBlock.image(format: "png", bytes: bytes)
    let inResult = ContentBlock.toolResult(id: "t", content: [.image(format: "png", bytes: bytes)], isError: false)
    #expect(Self.refusal([ContentBlock](repeating: image, count: 19) + [inResult]) == nil)
    #expect(
      Self.refusal([ContentBlock](repeating: image, count: 20) + [inResult])
        == "A request may hold at most 20 images.")
  }

  @Test("An image of 3.75 MB is taken and one byte more refused")
  func imageBytes() {
    let most = Self.image("png", count: 3_932_160)
    #expect(Self.refusal([.image(format: "png", bytes: Sensitive(most))]) == nil)
    #expect(
      Self.refusal([
        .image(format: "png", bytes: Sensitive(Self.image("png"))),
        .image(format: "png", bytes: Sensitive(most + [0])),
      ])
        == "Image 2 has 3932161 bytes; at most 3932160 are allowed.")
  }

  @Test("Five documents of 4.5 MB are taken, more or larger ones refused")
  func documents() {
    func document(_ count: Int) -> ContentBlock {
      .document(format: "pdf", name: Sensitive("d"), bytes: Sensitive([UInt8](repeating: 0, count: count)))
    }
    #expect(Self.refusal([ContentBlock](repeating: document(4_718_592), count: 5)) == nil)
    #expect(
      Self.refusal([ContentBlock](repeating: document(1), count: 6)) == "A request may hold at most 5 documents.")
    #expect(
      Self.refusal([document(4_718_593)]) == "Document 1 has 4718593 bytes; at most 4718592 are allowed.")
    #expect(
      Self.refusal([.document(format: "doc", name: Sensitive("d"), bytes: Sensitive([1]))])
        == "Document 1 is in a format that the model does not take; it takes pdf, txt.")
  }

  private static func png(_ width: UInt32, _ height: UInt32) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + big(width) + big(height)
  }

  @Test("An image is what it is declared to be: else the sentence says which one, and what its bytes are")
  func imageFormats() {
    let formats = ["png", "jpeg", "gif", "webp"]
    for declared in formats {
      for actual in formats {
        let refusal = Self.refusal([
          .image(format: "png", bytes: Sensitive(Self.image("png"))),
          .toolResult(
            id: "t", content: [.image(format: declared, bytes: Sensitive(Self.image(actual)))], isError: false),
        ])
        let expected =
          "Image 2 is declared to be image/\(declared), but its bytes are those of image/\(actual); declare it as that."
        #expect(refusal == (declared == actual ? nil : expected))
      }
      for bytes in [[], [0x89], Array("some text".utf8), Array("RIFF1234WAVE".utf8)] as [[UInt8]] {
        #expect(
          Self.refusal([.image(format: declared, bytes: Sensitive(bytes))])
            == "Image 1 is declared to be image/\(declared), but its bytes are those of no PNG, JPEG, GIF or WebP image."
        )
      }
    }
  }

  @Test("8,000 pixels a side are taken and 8,001 refused")
  func pixels() {
    #expect(Self.refusal([.image(format: "png", bytes: Sensitive(Self.png(8_000, 8_000)))]) == nil)
    #expect(
      Self.refusal([.image(format: "png", bytes: Sensitive(Self.png(10, 8_001)))])
        == "Image 1 measures 10 by 8001 pixels; at most 8000 a side are allowed.")
  }

  @Test("The sizes of all four formats are read from their heads")
  func imageSizes() {
    let jpeg: [UInt8] = [
      0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 0, 0xFF, 0xC2, 0, 11, 8, 0x01, 0x02, 0x03, 0x04, 1, 1, 1, 1,
      1,
    ]
    #expect(ImageSize(jpeg).map { [$0.width, $0.height] } == [0x0304, 0x0102])
    let gif = Array("GIF89a".utf8) + [0x10, 0x27, 0x05, 0x00, 0, 0]
    #expect(ImageSize(gif).map { [$0.width, $0.height] } == [10_000, 5])
    func webP(_ kind: String, _ rest: [UInt8]) -> [UInt8] {
      Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP".utf8) + Array(kind.utf8) + [0, 0, 0, 0] + rest
    }
    let extended = webP("VP8X", [0, 0, 0, 0, 0x0F, 0x27, 0, 4, 0, 0])
    #expect(ImageSize(extended).map { [$0.width, $0.height] } == [10_000, 5])
    let lossy = webP("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x10, 0x27, 5, 0])
    #expect(ImageSize(lossy).map { [$0.width, $0.height] } == [10_000, 5])
    let lossless = webP("VP8L", [0x2F, 0x0F, 0x27, 0x01, 0, 0, 0, 0, 0, 0])
    #expect(ImageSize(lossless).map { [$0.width, $0.height] } == [10_000, 5])
    for count in 0..<jpeg.count { _ = ImageSize(Array(jpeg.prefix(count))) }
    #expect(ImageSize([1, 2, 3]) == nil)
  }

  @Test("A reasoning budget must leave room for an answer")
  func reasoning() {
    func refusal(_ maxTokens: Int?, _ budget: Int) -> String? {
      Self.refusal(
        .chat(
          ChatRequest(
            messages: [], inference: InferenceParameters(maxTokens: maxTokens),
            reasoning: ReasoningRequest(budget: budget))))
    }
    #expect(refusal(nil, 3_999) == nil)
    #expect(refusal(nil, 4_000) != nil)
    #expect(refusal(5_000, 4_000) == nil)
    #expect(refusal(100_000, 8_000) != nil)
  }

  @Test("96 texts are taken and 97 refused; empty ones and other dimensions are refused")
  func texts() {
    func refusal(_ texts: [String], dimensions: Int? = nil) -> String? {
      var limits = Self.limits
      limits.dimensions = 1_024
      limits.dimensionChoices = [256, 1_024]
      let request = EmbedRequest(inputs: texts.map(Sensitive.init), dimensions: dimensions)
      return Self.refusal(.embed(request), limits: limits)
    }
    #expect(refusal([String](repeating: "a", count: 96)) == nil)
    #expect(
      refusal([String](repeating: "a", count: 97)) == "The request holds 97 texts; at most 96 are allowed in one call.")
    #expect(refusal(["a", ""]) == "Text 2 is empty; every text needs at least one character.")
    #expect(refusal([]) != nil)
    #expect(refusal(["a"], dimensions: 256) == nil)
    #expect(refusal(["a"], dimensions: 300) == "The model gives vectors of 256, 1024 dimensions, not of 300.")
  }
}
