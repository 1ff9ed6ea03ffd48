import CAssets

/// The files that are part of the program.
struct EmbeddedAssets: Sendable {
  /// Bytes of one file with what browsers need to keep it.
  struct Asset: Sendable {
    let bytes: [UInt8]
    /// Changes with the content.
    let fingerprint: String
  }

  /// By name, such as `styles/portal.css`.
  let assets: [String: Asset]

  init() {
    var count = 0
    let first = packhouse_assets(&count)
    var assets: [String: Asset] = [:]
    for entry in UnsafeBufferPointer(start: first, count: count) {
      let bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: entry.count))
      assets[String(cString: entry.name)] = Asset(bytes: bytes, fingerprint: Self.fingerprint(bytes))
    }
    self.assets = assets
  }

  /// What people may fetch: styles, scripts and icons.
  func served(_ name: String) -> Asset? {
    guard Self.mediaType(name) != nil else { return nil }
    return assets[name]
  }

  /// The address of a file, which changes with its content, so that it can be kept for ever.
  func url(_ name: String) -> String {
    "/assets/\(name)" + (assets[name].map { "?v=\($0.fingerprint)" } ?? "")
  }

  static func mediaType(_ name: String) -> String? {
    switch (name.prefix { $0 != "/" }, name.split(separator: ".").last) {
    case ("styles", "css"): "text/css; charset=utf-8"
    case ("scripts", "mjs"): "text/javascript; charset=utf-8"
    case ("icons", "svg"): "image/svg+xml"
    case ("icons", "png"): "image/png"
    case ("icons", "ico"): "image/x-icon"
    default: nil
    }
  }

  /// FNV-1a: tells versions of our own files apart; nobody else chooses them.
  private static func fingerprint(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(hash, radix: 36)
  }
}
