/// The formats of images and documents by their neutral names. Rule F-3.
enum MediaFormat {
  static let images = ["png", "jpeg", "gif", "webp"]
  static let documents = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]

  private static let wordDocument = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  private static let spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

  private static let documentTypes = [
    "application/pdf": "pdf", "text/csv": "csv", "application/msword": "doc", wordDocument: "docx",
    "application/vnd.ms-excel": "xls", spreadsheet: "xlsx", "text/html": "html", "text/plain": "txt",
    "text/markdown": "md",
  ]

  /// The neutral name of an image's media type.
  static func image(mediaType: String) -> String? {
    let parts = mediaType.lowercased().split(separator: "/", maxSplits: 1)
    guard parts.count == 2, parts[0] == "image" else { return nil }
    let name = parts[1] == "jpg" ? "jpeg" : String(parts[1])
    return images.contains(name) ? name : nil
  }

  /// The format that an image's first bytes tell; nil where they are those of none.
  static func image(in bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "png" }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "jpeg" }
    if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) { return "gif" }
    let isWebP = bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
    return isWebP ? "webp" : nil
  }

  /// The neutral name of a document's media type, or of its file name where the type says nothing.
  static func document(mediaType: String, fileName: String) -> String? {
    if let format = documentTypes[mediaType.lowercased()] { return format }
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    let ending = fileName[fileName.index(after: dot)...].lowercased()
    if ending == "htm" { return "html" }
    return documents.contains(ending) ? ending : nil
  }

  /// The media type of a document's format.
  static func mediaType(ofDocument format: String) -> String {
    documentTypes.first { $0.value == format }?.key ?? "application/octet-stream"
  }
}
