import Testing

@testable import Portal

@Suite("Names of browsers (P-5)")
struct BrowserNameTests {
  @Test(
    "A session is told by browser and system; what is not known is shown as it is",
    arguments: [
      (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
        "Chrome on Linux"
      ),
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0",
        "Edge on Windows"
      ),
      (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
        "Safari on macOS"
      ),
      (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/150.0 Safari/604.1",
        "Chrome on iPhone"
      ),
      ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
      ("python-requests/2.32", "python-requests/2.32"), ("", "Unknown browser"), ("Safari/1", "Safari"),
      (String(repeating: "a", count: 500), String(repeating: "a", count: 40) + "…"),
    ])
  func names(userAgent: String, name: String) {
    #expect(BrowserName.of(userAgent) == name)
  }
}
