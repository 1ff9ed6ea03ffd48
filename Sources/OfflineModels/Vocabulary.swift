import Foundation

/// The word pieces of the model by their bytes: an open-addressed table that is asked by the hash of a prefix, so that
/// the longest piece at a place is found without building strings. A class, because copies of its arrays would cost more
/// than the look-ups.
final class Vocabulary: Sendable {
  /// Far above any vocabulary that a model of this kind has.
  static let maximumPieces = 1 << 20

  /// Marks a piece that goes on inside a word.
  private static let continuation: [UInt8] = Array("##".utf8)
  private static let emptySlot: Int32 = -1

  private let bytes: [UInt8]
  /// Where piece `i` begins in ``bytes``; one more than there are pieces.
  private let starts: [Int32]
  private let slots: [Int32]
  private let mask: UInt64
  /// Length of the longest piece in bytes, without its `##`.
  let longestPiece: Int

  let classify: Int32
  let separate: Int32
  let unknown: Int32
  /// Texts that stand for a token of their own wherever they occur, with their ids.
  let specialTokens: [(text: [UInt8], id: Int32)]

  /// Reads a vocabulary with one piece a line; the line's number is the id. `file` is named in errors.
  init(lines: [UInt8], file: String) throws(OfflineModelsError) {
    var bytes: [UInt8] = []
    var starts: [Int32] = [0]
    bytes.reserveCapacity(lines.count)
    for line in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      bytes += line
      starts.append(Int32(clamping: bytes.count))
    }
    if lines.last == UInt8(ascii: "\n") { starts.removeLast() }
    let count = starts.count - 1
    guard count > 0, count <= Self.maximumPieces, bytes.count < Int(Int32.max) else {
      throw .unusable(file: file, reason: "it has \(count) lines; 1 to \(Self.maximumPieces) are expected")
    }
    let capacity = (count * 4).nextPowerOfTwo
    var slots = [Int32](repeating: Self.emptySlot, count: capacity)
    let mask = UInt64(capacity - 1)
    var longest = 0
    for id in 0..<count {
      let piece = bytes[Int(starts[id])..<Int(starts[id + 1])]
      let isContinuation = piece.count > 2 && piece.starts(with: Self.continuation)
      let text = isContinuation ? piece.dropFirst(2) : piece
      longest = max(longest, text.count)
      var hash = PieceHash(isContinuation: isContinuation)
      for byte in text { hash.add(byte) }
      var slot = hash.value & mask
      while slots[Int(slot)] != Self.emptySlot { slot = (slot &+ 1) & mask }
      slots[Int(slot)] = Int32(id)
    }
    self.bytes = bytes
    self.starts = starts
    self.slots = slots
    self.mask = mask
    longestPiece = longest
    (classify, separate, unknown, specialTokens) = try Self.specials(bytes: bytes, starts: starts, file: file)
  }

  /// Number of pieces.
  var count: Int { starts.count - 1 }

  /// The id of the piece that is exactly `text`, whose hash is `hash`; nil where there is none.
  func id(of text: Slice<UnsafeBufferPointer<UInt8>>, hash: PieceHash) -> Int32? {
    var slot = hash.value & mask
    while true {
      let id = slots[Int(slot)]
      if id == Self.emptySlot { return nil }
      if isPiece(Int(id), text, isContinuation: hash.isContinuation) { return id }
      slot = (slot &+ 1) & mask
    }
  }

  private func isPiece(_ id: Int, _ text: Slice<UnsafeBufferPointer<UInt8>>, isContinuation: Bool) -> Bool {
    let start = Int(starts[id])
    let prefix = isContinuation ? 2 : 0
    guard Int(starts[id + 1]) - start == text.count + prefix else { return false }
    if isContinuation && (bytes[start] != Self.continuation[0] || bytes[start + 1] != Self.continuation[1]) {
      return false
    }
    let first = start + prefix
    var index = 0
    while index < text.count {
      if bytes[first + index] != text.base[text.startIndex + index] { return false }
      index += 1
    }
    return true
  }

  private static func specials(
    bytes: [UInt8], starts: [Int32], file: String
  ) throws(OfflineModelsError) -> (Int32, Int32, Int32, [(text: [UInt8], id: Int32)]) {
    var found: [String: Int32] = [:]
    let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    for id in 0..<(starts.count - 1) where bytes[Int(starts[id])..<Int(starts[id + 1])].first == UInt8(ascii: "[") {
      let text = String(decoding: bytes[Int(starts[id])..<Int(starts[id + 1])], as: UTF8.self)
      if names.contains(text) { found[text] = Int32(id) }
    }
    guard let classify = found["[CLS]"], let separate = found["[SEP]"], let unknown = found["[UNK]"],
      found.count == names.count
    else {
      throw .unusable(file: file, reason: "it lacks one of the pieces \(names.joined(separator: " "))")
    }
    let specials = found.sorted { $0.key < $1.key }.map { (text: Array($0.key.utf8), id: $0.value) }
    return (classify, separate, unknown, specials)
  }
}

/// A hash of a piece that grows byte by byte (FNV-1a, 64 bits), apart for word starts and continuations.
struct PieceHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
  let isContinuation: Bool

  init(isContinuation: Bool) {
    self.isContinuation = isContinuation
    add(isContinuation ? 1 : 0)
  }

  @inline(__always)
  mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    value ^= value >> 29
  }
}

extension Int {
  fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
