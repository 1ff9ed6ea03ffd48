import Foundation
import Testing

@testable import OfflineModels

@Suite("Safetensors reader: nothing in a file is believed (decision 21)")
struct SafetensorsTests {
  @Test("Floats of 32 and of 16 bits, aligned or not, are read as they were written")
  func goodFile() throws {
    let floats: [Float] = [1, -2.5, 0, 3e20, -0.125, 7]
    let halves: [Float16] = [1, -2.5, 65_504, 0.25]
    // The odd byte in between leaves `b` unaligned.
    let bytes = floats.flatMap(littleEndian) + [0] + halves.flatMap(littleEndian) + floats.flatMap(littleEndian)
    let header = """
      {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
      "h":{"dtype":"F16","shape":[4],"data_offsets":[25,33]},"b":{"dtype":"F32","shape":[6],"data_offsets":[33,57]},
      "n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}
      """
    try withFile(header: header, data: bytes) { path in
      let file = try Safetensors(path: path)
      #expect(file.names == ["a", "b", "h", "n"])
      #expect(try values(file.tensor("a", shape: [2, 3])) == floats)
      #expect(try values(file.tensor("b", shape: [6])) == floats)
      #expect(try values(file.tensor("h", shape: [4])) == halves.map(Float.init))
      #expect(throws: OfflineModelsError.self) { try file.tensor("a", shape: [3, 2]) }
      #expect(throws: OfflineModelsError.self) { try file.tensor("missing", shape: [1]) }
      #expect(throws: OfflineModelsError.self) { try file.tensor("n", shape: [1]) }
    }
  }

  @Test(
    "A header that lies is refused",
    arguments: [
      ("not JSON", "}{"),
      ("an array", "[]"),
      ("a tensor that is no object", #"{"a":1}"#),
      ("no offsets", #"{"a":{"dtype":"F32","shape":[2]}}"#),
      ("one offset", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#),
      ("a place after the end", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#),
      ("a negative place", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#),
      ("an end before the start", #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[8,0]}}"#),
      ("too few bytes for the shape", #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#),
      ("too many bytes for the shape", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#),
      ("a shape that overflows", #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#),
      ("a negative dimension", #"{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#),
      ("a number too large", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}"#),
      ("nine dimensions", #"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}"#),
    ])
  func lyingHeader(what: String, header: String) throws {
    try withFile(header: header, data: [UInt8](repeating: 0, count: 8)) { path in
      let error = #expect(throws: OfflineModelsError.self, "\(what)") { try Safetensors(path: path) }
      #expect(error?.description.contains("scripts/fetch-models.sh") == true)
    }
    // The same tensor told truly is read.
    let truth = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    try withFile(header: truth, data: [UInt8](repeating: 0, count: 8)) { path in
      let tensor = try Safetensors(path: path).tensor("a", shape: [2])
      #expect(values(tensor) == [0, 0])
    }
  }

  @Test("A file cut short anywhere is refused")
  func truncated() throws {
    let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let whole = littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    for length in 0..<whole.count {
      try withFile(bytes: Array(whole[..<length])) { path in
        #expect(throws: OfflineModelsError.self, "cut to \(length) bytes") { try Safetensors(path: path) }
      }
    }
    try withFile(bytes: whole) { path in _ = try Safetensors(path: path) }
  }

  @Test("A header length beyond the file or the limit is refused", arguments: [9, 1 << 20, 1 << 40, UInt64.max])
  func headerLength(_ length: UInt64) throws {
    try withFile(bytes: littleEndian(length) + Array("{}      ".utf8)) { path in
      #expect(throws: OfflineModelsError.self) { try Safetensors(path: path) }
    }
  }

  @Test("Random bytes and random changes never crash the reader", arguments: 1...3 as ClosedRange<UInt64>)
  func randomChanges(seed: UInt64) throws {
    var source = SeededGenerator(seed: seed)
    let header =
      #"{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}"#
    let whole = littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 1, count: 8)
    for _ in 0..<50 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &source) {
        bytes[Int.random(in: 0..<bytes.count, using: &source)] = UInt8.random(in: 0...255, using: &source)
      }
      try withFile(bytes: bytes) { path in
        // Either is right; only an answer is asked for.
        if let file = try? Safetensors(path: path), let tensor = try? file.tensor("a", shape: [2, 1]) {
          #expect(values(tensor).count == 2, "seed \(seed)")
        }
      }
    }
  }

  @Test("A missing file, a folder and an empty file are refused with a sentence")
  func notAFile() throws {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(throws: OfflineModelsError.self) { try Safetensors(path: folder + "/no-such-file-\(UUID())") }
    #expect(throws: OfflineModelsError.self) { try Safetensors(path: folder) }
    try withFile(bytes: []) { path in
      #expect(throws: OfflineModelsError.self) { try Safetensors(path: path) }
    }
  }

  private func values(_ tensor: Tensor) -> [Float] {
    withExtendedLifetime(tensor) { (0..<tensor.shape.reduce(1, *)).map { tensor.floats[$0] } }
  }

  private func littleEndian(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  private func littleEndian(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  private func littleEndian(_ value: Float16) -> [UInt8] {
    (0..<2).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  private func withFile(header: String, data: [UInt8], _ body: (String) throws -> Void) throws {
    try withFile(bytes: littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data, body)
  }

  private func withFile(bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "packhouse-\(UUID()).safetensors")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }
}
