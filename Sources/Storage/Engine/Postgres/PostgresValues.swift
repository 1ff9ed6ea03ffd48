import CPostgres

extension SQLType {
  /// The type's number in PostgreSQL's catalog: `int8`, `text`, `bytea`.
  var postgresType: Oid {
    switch self {
    case .int64: 20
    case .text: 25
    case .bytes: 17
    }
  }
}

/// Parameters in PostgreSQL's binary format.
enum PostgresParameters {
  /// Lays all values into one buffer, so that one pointer serves the call.
  static func execute(_ handle: OpaquePointer, statement: String, _ parameters: [SQLValue]) -> OpaquePointer? {
    var buffer: [UInt8] = []
    var places: [(start: Int, length: Int)?] = []
    places.reserveCapacity(parameters.count)
    for parameter in parameters {
      let start = buffer.count
      switch parameter {
      case .null:
        places.append(nil)
        continue
      case .int64(let value): withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
      case .text(let value): buffer.append(contentsOf: value.utf8)
      case .bytes(let value): buffer.append(contentsOf: value)
      }
      places.append((start, buffer.count - start))
    }
    // A pointer into an empty buffer would be null, which libpq reads as NULL.
    buffer.append(0)
    let lengths = places.map { Int32($0?.length ?? 0) }
    let formats = [Int32](repeating: 1, count: parameters.count)
    return buffer.withUnsafeBytes { bytes in
      let values = places.map { place in
        place.map { UnsafePointer(bytes.baseAddress!.advanced(by: $0.start).assumingMemoryBound(to: CChar.self)) }
      }
      return PQexecPrepared(handle, statement, Int32(parameters.count), values, lengths, formats, 1)
    }
  }
}

/// Values of a result in PostgreSQL's binary format.
enum PostgresResult {
  static func value(_ result: OpaquePointer?, row: Int32, column: Int32) throws -> SQLValue {
    let type = PQftype(result, column)
    if PQgetisnull(result, row, column) != 0 { return .null(.text) }
    let length = Int(PQgetlength(result, row, column))
    let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length)
    switch (type, length) {
    case (20, 8): return .int64(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
    case (23, 4): return .int64(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
    case (16, 1): return .int64(Int64(bytes[0]))
    case (17, _): return .bytes([UInt8](bytes))
    case (25, _), (1043, _), (19, _): return .text(String(decoding: bytes, as: UTF8.self))
    default:
      throw DatabaseProblem(.corrupt, "The database answered with a type of value that Packhouse does not use.")
    }
  }
}
