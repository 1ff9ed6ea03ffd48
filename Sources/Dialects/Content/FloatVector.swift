/// Vectors as JSON numbers and as bytes.
enum FloatVector {
  /// Most numbers of one vector.
  static let mostNumbers = 65_536

  static func littleEndian(_ vector: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(vector.count * 4)
    for number in vector {
      let pattern = number.bitPattern
      bytes.append(UInt8(truncatingIfNeeded: pattern))
      bytes.append(UInt8(truncatingIfNeeded: pattern >> 8))
      bytes.append(UInt8(truncatingIfNeeded: pattern >> 16))
      bytes.append(UInt8(truncatingIfNeeded: pattern >> 24))
    }
    return bytes
  }

  /// Nil where the length is not a multiple of four.
  static func vector(littleEndian bytes: [UInt8]) -> [Float]? {
    guard bytes.count % 4 == 0, bytes.count / 4 <= mostNumbers else { return nil }
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      let pattern =
        UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
        | UInt32(bytes[start + 3]) << 24
      return Float(bitPattern: pattern)
    }
  }

  /// A list of numbers, or little-endian float32 in Base64; nil for anything else.
  static func vector(_ node: JSONNode) -> [Float]? {
    if node.kind == .string {
      return node.stringBytes.flatMap { Base64.decode($0[...]) }.flatMap { FloatVector.vector(littleEndian: $0) }
    }
    guard node.kind == .array else { return nil }
    var vector: [Float] = []
    vector.reserveCapacity(1_024)
    for element in node.elements {
      guard let number = element.double, vector.count < mostNumbers else { return nil }
      vector.append(Float(number))
    }
    return vector
  }

  /// A list of vectors; nil where any of them is none.
  static func vectors(_ node: JSONNode) -> [[Float]]? {
    guard node.kind == .array else { return nil }
    var vectors: [[Float]] = []
    for element in node.elements {
      guard let vector = vector(element) else { return nil }
      vectors.append(vector)
    }
    return vectors
  }
}
