import Foundation

/// Checks images and documents as far as their first bytes tell what they are.
enum Media {
  private static let images: [(format: String, start: [UInt8])] = [
    ("png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), ("jpeg", [0xFF, 0xD8, 0xFF]),
    ("gif", Array("GIF8".utf8)), ("webp", Array("RIFF".utf8)),
  ]
  private static let documents: [(format: String, start: [UInt8])] = [
    ("pdf", Array("%PDF-".utf8)), ("docx", Array("PK".utf8)), ("xlsx", Array("PK".utf8)), ("doc", [0xD0, 0xCF]),
    ("xls", [0xD0, 0xCF]), ("csv", []), ("html", []), ("txt", []), ("md", []), ("plain", []),
  ]

  /// Refuses base64 that is none and bytes that are no image of the format.
  static func checkImage(_ base64: String, format: String) throws(CallProblem) {
    try check(base64, format == "jpg" ? "jpeg" : format, images, "image")
  }

  static func checkDocument(_ base64: String, format: String) throws(CallProblem) {
    try check(base64, format, documents, "document")
  }

  /// Checks `data:image/png;base64,...`; other addresses are taken as they are and never fetched.
  static func checkImage(address: String) throws(CallProblem) {
    guard address.hasPrefix("data:") else { return }
    let (type, base64) = try splitDataAddress(address)
    guard type.hasPrefix("image/") else { throw CallProblem("An image has the media type '\(type.prefix(40))'.") }
    try checkImage(base64, format: String(type.dropFirst("image/".count)))
  }

  /// The media type and the base64 of `data:TYPE;base64,...`.
  static func splitDataAddress(_ address: String) throws(CallProblem) -> (type: String, base64: String) {
    guard address.hasPrefix("data:"), let comma = address.firstIndex(of: ","), address[..<comma].hasSuffix(";base64")
    else { throw CallProblem("Data must be written as data:TYPE;base64,DATA.") }
    let type = address[..<comma].dropFirst("data:".count).dropLast(";base64".count)
    return (String(type), String(address[address.index(after: comma)...]))
  }

  private static func check(
    _ base64: String, _ format: String, _ known: [(format: String, start: [UInt8])], _ kind: String
  ) throws(CallProblem) {
    guard let wanted = known.first(where: { $0.format == format }) else {
      throw CallProblem("'\(format.prefix(40))' is no format of a \(kind); use \(known.map(\.format)).")
    }
    guard let data = Data(base64Encoded: base64), !data.isEmpty else {
      throw CallProblem("The bytes of a \(kind) are not valid base64.")
    }
    guard data.starts(with: wanted.start), format != "webp" || data.dropFirst(8).starts(with: Array("WEBP".utf8)) else {
      throw CallProblem("The bytes of a \(kind) are no \(format).")
    }
  }
}
