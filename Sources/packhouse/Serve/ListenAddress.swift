/// Where a listener listens.
struct ListenAddress: Sendable, Hashable {
  let host: String
  let port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:8080`, `localhost:0` or `[::1]:8080`.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      // Without brackets nobody can tell the address from its port.
      return nil
    }
    guard !host.isEmpty, !host.contains("/") else { return nil }
    self.init(host: host, port: port)
  }
}
