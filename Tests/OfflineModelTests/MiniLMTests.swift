import Foundation
import Testing

@testable import OfflineModels

@Suite("MiniLM encoder (C-5, decision 21)")
struct MiniLMTests {
  @Test(
    "Texts are shared out to passes in order, and no pass holds more tokens than the buffers",
    arguments: 1...20 as ClosedRange<UInt64>)
  func passes(seed: UInt64) {
    var source = SeededGenerator(seed: seed)
    let lengths = (0..<Int.random(in: 0...96, using: &source)).map { _ in
      Int.random(in: 2...MiniLM.maximumTokens, using: &source)
    }
    let passes = MiniLM.passes(lengths: lengths)
    #expect(passes.flatMap { Array($0) } == Array(lengths.indices), "seed \(seed)")
    #expect(passes.allSatisfy { lengths[$0].reduce(0, +) <= MiniLM.maximumTokensOfPass }, "seed \(seed)")
    #expect(passes.allSatisfy { !$0.isEmpty })
  }

  @Test(
    "A text's vector does not depend on the texts beside it",
    .enabled(if: TestModels.areFetched, Comment(rawValue: TestModels.missing)))
  func neighbours() throws {
    let encoder = try TestModels.encoder()
    let tokenizer = try TestModels.tokenizer.get()
    let texts = ["One.", "A somewhat longer sentence about rivers and ships.", "", "第三个"].map(tokenizer.encode)
    let together = encoder.embed(texts[...])
    for (index, text) in texts.enumerated() {
      let alone = encoder.embed([text][...])[0]
      #expect(zip(alone, together[index]).allSatisfy { abs($0 - $1) < 1e-5 })
      let length = alone.reduce(0) { $0 + $1 * $1 }
      #expect(abs(length - 1) < 1e-5)
    }
    #expect(encoder.embed([]).isEmpty)
  }

  @Test("The activation is the exact one, to the precision of a float")
  func gelu() {
    var values = stride(from: Float(-12), through: 12, by: 0.01).map { $0 } + [0, -0.0, 1e-30, -1e-30, 1e10, -1e10]
    let inputs = values
    values.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { Kernels.gelu(buffer.count, start) }
    }
    for (input, output) in zip(inputs, values) {
      let x = Double(input)
      let exact = 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
      #expect(abs(Double(output) - exact) <= 4e-7 * max(1, abs(x)), "at \(input)")
    }
  }

  @Test("Rows of attention weights sum up to 1, whatever the scores")
  func softmax() {
    var values: [Float] = [0, 0, 0, 1, 2, 3, -1_000, 0, 1_000, 88, -88, 87.5]
    values.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { Kernels.softmax(rows: 4, columns: 3, start) }
    }
    for row in 0..<4 { #expect(abs(values[(row * 3)..<(row * 3 + 3)].reduce(0, +) - 1) < 1e-6) }
    #expect(abs(values[5] - 0.665_240_9) < 1e-6)
    #expect(values[8] == 1)
  }
}
