import Foundation

extension String {
  /// The text in Unicode's composed form (NFC), so that what looks equal is equal byte for byte: in memory, in an index
  /// and in SQL. What is ASCII comes back as it is.
  var canonical: String {
    var text = self
    let isASCII = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } }
    return isASCII ? text : text.precomposedStringWithCanonicalMapping
  }

  /// Length in characters as this folder counts them: Unicode scalars. One visible sign may be made of any number of
  /// scalars, so a limit on signs would bound nothing.
  var scalarCount: Int { unicodeScalars.count }

  var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

  var hasControls: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }

  /// PostgreSQL cannot hold it in a text, and nobody means it.
  var hasNull: Bool { utf8.contains(0) }

  func hasBytes(_ part: String) -> Bool {
    let sought = Array(part.utf8)
    guard let first = sought.first else { return true }
    var text = self
    return text.withUTF8 { bytes in
      guard bytes.count >= sought.count else { return false }
      for start in 0...(bytes.count - sought.count) where bytes[start] == first {
        if sought.indices.allSatisfy({ bytes[start + $0] == sought[$0] }) { return true }
      }
      return false
    }
  }
}
