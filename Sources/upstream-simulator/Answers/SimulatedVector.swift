import Foundation
import NIOCore

/// A unit vector that depends on the text alone.
struct SimulatedVector {
  static let defaultDimensions = 1024
  static let maximumDimensions = 8192

  let values: [Float]

  /// - Parameter fingerprint: of the text; equal texts get equal vectors.
  init(fingerprint: UInt64, dimensions: Int) {
    var state = fingerprint
    var sum: Float = 0
    let raw = (0..<dimensions).map { _ -> Float in
      // SplitMix64: a small generator whose every seed is good.
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      mixed ^= mixed >> 31
      let value = Float(mixed >> 40) / Float(1 << 23) - 1
      sum += value * value
      return value
    }
    let length = sum.squareRoot()
    values = length > 0 ? raw.map { $0 / length } : raw
  }

  func writeFloats(into buffer: inout ByteBuffer) {
    write(values.map(\.description), into: &buffer)
  }

  func writeWhole(signed: Bool, into buffer: inout ByteBuffer) {
    write(values.map { String(Int(($0 * 127).rounded()) + (signed ? 0 : 128)) }, into: &buffer)
  }

  /// One bit a dimension, eight to a number, the first dimension in the highest bit.
  func writeBits(signed: Bool, into buffer: inout ByteBuffer) {
    let bytes = stride(from: 0, to: values.count, by: 8).map { start in
      values[start..<min(start + 8, values.count)].enumerated().reduce(0) { $0 | ($1.1 > 0 ? 128 >> $1.0 : 0) }
    }
    write(bytes.map { String($0 - (signed ? 128 : 0)) }, into: &buffer)
  }

  /// Little-endian 32-bit floats in base64, as a JSON string.
  func writeBase64(into buffer: inout ByteBuffer) {
    var bytes = Data(capacity: values.count * 4)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    buffer.writeString("\"\(bytes.base64EncodedString())\"")
  }

  private func write(_ numbers: [String], into buffer: inout ByteBuffer) {
    buffer.writeString("[\(numbers.joined(separator: ","))]")
  }
}
