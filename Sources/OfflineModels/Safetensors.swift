import Foundation

/// A file in the safetensors format: 8 bytes of header length (little-endian), a JSON header that names every tensor
/// with its type, shape and place, then the tensors' bytes.
///
/// Nothing in the file is believed: lengths, shapes and places are checked against each other before a byte is read.
struct Safetensors: Sendable {
  /// The header of the largest model that anybody would put here is far smaller.
  static let maximumHeaderBytes = 1 << 20
  static let maximumTensors = 4_096
  static let maximumDimensions = 8

  private static let lengthBytes = 8

  let path: String
  private let memory: TensorMemory
  private let entries: [String: Entry]
  private let dataStart: Int

  /// Opens and checks the file at `path`. Throws ``OfflineModelsError/unusable(file:reason:)``.
  init(path: String) throws(OfflineModelsError) {
    self.path = path
    memory = try TensorMemory(mapping: path)
    let bytes = memory.bytes
    guard bytes.count >= Self.lengthBytes else {
      throw .unusable(file: path, reason: "it ends before its header length")
    }
    let headerLength = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard headerLength <= Self.maximumHeaderBytes else {
      throw .unusable(file: path, reason: "its header claims \(headerLength) bytes; at most 1 MiB is read")
    }
    dataStart = Self.lengthBytes + Int(headerLength)
    guard dataStart <= bytes.count else {
      throw .unusable(file: path, reason: "it ends inside its header")
    }
    do {
      let header = Data(bytes[Self.lengthBytes..<dataStart])
      entries = try JSONDecoder().decode(Header.self, from: header).entries
    } catch {
      throw .unusable(file: path, reason: "its header is not the JSON object that the format asks for")
    }
    guard entries.count <= Self.maximumTensors else {
      throw .unusable(file: path, reason: "it names \(entries.count) tensors; at most \(Self.maximumTensors) are read")
    }
    for (name, entry) in entries {
      try check(name, entry)
    }
  }

  /// Names of all tensors, sorted.
  var names: [String] { entries.keys.sorted() }

  /// The tensor `name`, which must have `shape`, as floats: those of the file itself where it holds aligned F32,
  /// converted ones where it holds F16.
  func tensor(_ name: String, shape: [Int]) throws(OfflineModelsError) -> Tensor {
    guard let entry = entries[name] else {
      throw .unusable(file: path, reason: "it has no tensor \(name)")
    }
    guard entry.shape == shape else {
      throw .unusable(file: path, reason: "tensor \(name) has the shape \(entry.shape) instead of \(shape)")
    }
    let start = dataStart + entry.begin
    let count = shape.reduce(1, *)
    switch entry.type {
    case "F32" where start % MemoryLayout<Float>.alignment == 0 && count > 0:
      return Tensor(memory: memory, offset: start, shape: shape)
    case "F32":
      return converted(start: start, count: count, shape: shape) { bytes, index in
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
      }
    case "F16":
      return converted(start: start, count: count, shape: shape) { bytes, index in
        Float(
          Float16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))))
      }
    default:
      throw .unusable(file: path, reason: "tensor \(name) is of type \(entry.type); F32 and F16 are read")
    }
  }

  private func converted(
    start: Int, count: Int, shape: [Int], read: (UnsafeRawBufferPointer, Int) -> Float
  ) -> Tensor {
    let source = UnsafeRawBufferPointer(rebasing: memory.bytes[start...])
    let floats = TensorMemory(floats: count) { target in
      for index in 0..<count { target[index] = read(source, index) }
    }
    return Tensor(memory: floats, offset: 0, shape: shape)
  }

  private func check(_ name: String, _ entry: Entry) throws(OfflineModelsError) {
    let dataLength = memory.byteCount - dataStart
    guard entry.begin >= 0, entry.begin <= entry.end, entry.end <= dataLength else {
      throw .unusable(
        file: path, reason: "tensor \(name) lies at \(entry.begin)..<\(entry.end) of \(dataLength) data bytes")
    }
    guard entry.shape.count <= Self.maximumDimensions else {
      throw .unusable(file: path, reason: "tensor \(name) has \(entry.shape.count) dimensions")
    }
    guard let width = Self.widths[entry.type] else { return }
    var size = width
    for dimension in entry.shape {
      let (product, isOverflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !isOverflow else {
        throw .unusable(file: path, reason: "tensor \(name) has the impossible shape \(entry.shape)")
      }
      size = product
    }
    guard size == entry.end - entry.begin else {
      throw .unusable(
        file: path, reason: "tensor \(name) needs \(size) bytes and is given \(entry.end - entry.begin)")
    }
  }

  /// Bytes of one element, for the types that are read or commonly stand beside them.
  private static let widths = ["F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1]
}

/// One line of the header.
private struct Entry: Decodable, Sendable {
  let type: String
  let shape: [Int]
  let begin: Int
  let end: Int

  private enum Member: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Member.self)
    type = try members.decode(String.self, forKey: .type)
    shape = try members.decode([Int].self, forKey: .shape)
    let offsets = try members.decode([Int].self, forKey: .offsets)
    guard offsets.count == 2 else {
      throw DecodingError.dataCorruptedError(forKey: .offsets, in: members, debugDescription: "two offsets expected")
    }
    begin = offsets[0]
    end = offsets[1]
  }
}

/// The whole header without its free-form metadata.
private struct Header: Decodable {
  let entries: [String: Entry]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Name.self)
    var entries: [String: Entry] = [:]
    for name in members.allKeys where name.stringValue != "__metadata__" {
      entries[name.stringValue] = try members.decode(Entry.self, forKey: name)
    }
    self.entries = entries
  }
}
