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
      var fingerprint = Fingerprint()
      fingerprint.take(bytes)
      assets[String(cString: entry.name)] = Asset(bytes: bytes, fingerprint: fingerprint.text)
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
}
