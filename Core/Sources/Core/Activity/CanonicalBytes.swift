/// Fields one after the other so that different fields never give the same bytes: each stands behind its length, and the
/// first names what the bytes are. So nothing can move from the end of one field to the beginning of the next.
struct CanonicalBytes {
  private(set) var bytes: [UInt8] = []

  /// `version` says what the fields are and in which order; a change of either takes a new one.
  init(version: String) { append(version) }

  mutating func append(_ field: [UInt8]) {
    append(bigEndian: UInt64(field.count))
    bytes += field
  }

  /// As UTF-8, byte for byte: texts that only look alike stay different.
  mutating func append(_ text: String) { append(Array(text.utf8)) }

  mutating func append(_ number: Int64) {
    append(bigEndian: 8)
    append(bigEndian: UInt64(bitPattern: number))
  }

  /// A field that says whether there is another.
  mutating func append(_ text: String?) {
    append([text == nil ? 0 : 1])
    if let text { append(text) }
  }

  private mutating func append(bigEndian number: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}
