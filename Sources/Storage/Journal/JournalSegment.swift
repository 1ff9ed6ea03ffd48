import Core
import Foundation

/// One file of the journal. Its header names the journal and the sequence that comes next, so that an empty journal
/// still knows where it stood.
struct JournalSegment: Hashable, Sendable {
  static let magic: [UInt8] = Array("PHJRNL01".utf8)
  private static let suffix = ".journal"

  let index: Int
  let path: String

  init(folder: String, index: Int) {
    self.index = index
    let digits = String(index)
    path = folder + "/" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + Self.suffix
  }

  /// All segments of a folder, oldest first. Throws where the folder cannot be read.
  static func all(in folder: String) throws -> [JournalSegment] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(suffix) }
        .compactMap { Int($0.dropLast(suffix.count)) }
        .sorted()
        .map { JournalSegment(folder: folder, index: $0) }
    } catch {
      throw JournalProblem(
        .unreadable, "The journal's folder \(folder) cannot be read; check that it exists and its permissions.")
    }
  }

  static func header(id: JournalID, nextSequence: Int64) -> [UInt8] {
    var writer = JournalWriter(reserving: 64)
    for byte in magic { writer.append(byte) }
    writer.append(nextSequence)
    writer.append(id.text)
    writer.append(writer.bytes.withUnsafeBytes { CRC32C.of($0) })
    return writer.bytes
  }

  /// Nil for a file that has no whole header: it was being made when the process died, and holds nothing.
  static func readHeader(_ bytes: UnsafeRawBufferPointer) -> (id: JournalID, nextSequence: Int64, end: Int)? {
    guard bytes.count > magic.count, bytes.prefix(magic.count).elementsEqual(magic) else { return nil }
    var reader = JournalBytes(UnsafeRawBufferPointer(rebasing: bytes[magic.count...]))
    guard let nextSequence = reader.number(Int64.self), let id = reader.text() else { return nil }
    let covered = magic.count + reader.position
    guard let checksum = reader.number(UInt32.self),
      checksum == CRC32C.of(UnsafeRawBufferPointer(rebasing: bytes[..<covered]))
    else { return nil }
    return (JournalID(id), nextSequence, magic.count + reader.position)
  }
}
