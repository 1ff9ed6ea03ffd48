/// One frame of `application/vnd.amazon.eventstream`: total length, length of the headers, CRC-32 of both, headers,
/// payload, CRC-32 of everything before. Numbers are big-endian.
public struct EventStreamFrame: Sendable, Equatable, Redacted {
  /// The value of a header. Only strings occur in model streams; other kinds are read over.
  public enum HeaderValue: Sendable, Equatable {
    case string(String)
    case bool(Bool)
    case number(Int64)
    case bytes([UInt8])
  }

  public struct Header: Sendable, Equatable {
    public var name: String
    public var value: HeaderValue

    public init(_ name: String, _ value: HeaderValue) {
      self.name = name
      self.value = value
    }
  }

  public static let contentType = "application/vnd.amazon.eventstream"

  public var headers: [Header]
  public var payload: [UInt8]

  public init(headers: [Header], payload: [UInt8]) {
    self.headers = headers
    self.payload = payload
  }

  /// An event of a model stream with a JSON payload.
  public init(event: String, payload: [UInt8]) {
    self.init(
      headers: [
        Header(":event-type", .string(event)), Header(":content-type", .string("application/json")),
        Header(":message-type", .string("event")),
      ], payload: payload)
  }

  /// An exception that ends a model stream, with a JSON payload.
  public init(exception: String, payload: [UInt8]) {
    self.init(
      headers: [
        Header(":exception-type", .string(exception)), Header(":content-type", .string("application/json")),
        Header(":message-type", .string("exception")),
      ], payload: payload)
  }

  /// The most bytes that it takes on the wire.
  var mostBytes: Int {
    headers.reduce(Self.leastLength + payload.count) { sum, header in
      switch header.value {
      case .string(let value): sum + 4 + header.name.utf8.count + value.utf8.count
      case .bytes(let value): sum + 4 + header.name.utf8.count + value.count
      case .number, .bool: sum + 10 + header.name.utf8.count
      }
    }
  }

  /// The string header `name`.
  public subscript(name: String) -> String? {
    guard case .string(let value)? = headers.first(where: { $0.name == name })?.value else { return nil }
    return value
  }

  // MARK: Layout

  static let preludeLength = 8
  static let checksumLength = 4
  /// Lengths, their checksum, and the frame's checksum.
  static let leastLength = preludeLength + 2 * checksumLength
  /// Most bytes of all headers of a frame that is read, as in other clients.
  static let mostHeaderBytes = 128 << 10
  /// Most headers of a frame that is read; model streams have three.
  static let mostHeaders = 128
  private static let mostNameLength = 255
  private static let mostValueLength = Int(Int16.max)

  /// The frame as it goes over the wire. Names are cut at 255 bytes and values at 32,767, the most that fit.
  public var bytes: [UInt8] {
    var head: [UInt8] = []
    for header in headers { Self.append(header, to: &head) }
    let total = Self.leastLength + head.count + payload.count
    var frame: [UInt8] = []
    frame.reserveCapacity(total)
    Self.append(UInt32(total), to: &frame)
    Self.append(UInt32(head.count), to: &frame)
    Self.append(CRC32.checksum(frame, 0..<Self.preludeLength), to: &frame)
    frame.append(contentsOf: head)
    frame.append(contentsOf: payload)
    Self.append(CRC32.checksum(frame, 0..<frame.count), to: &frame)
    return frame
  }

  private static func append(_ header: Header, to bytes: inout [UInt8]) {
    let name = header.name.utf8.prefix(mostNameLength)
    bytes.append(UInt8(name.count))
    bytes.append(contentsOf: name)
    switch header.value {
    case .bool(let value): bytes.append(value ? 0 : 1)
    case .number(let value):
      bytes.append(5)
      append(UInt64(bitPattern: value), to: &bytes)
    case .bytes(let value):
      bytes.append(6)
      append(UInt16(min(value.count, mostValueLength)), to: &bytes)
      bytes.append(contentsOf: value.prefix(mostValueLength))
    case .string(let value):
      bytes.append(7)
      append(UInt16(min(value.utf8.count, mostValueLength)), to: &bytes)
      bytes.append(contentsOf: value.utf8.prefix(mostValueLength))
    }
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
