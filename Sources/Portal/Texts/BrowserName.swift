/// What a person calls the browser that a session was begun with: `Firefox on Windows`. Rule P-5.
enum BrowserName {
  /// Each names itself after those that it resembles: the first mark that fits counts.
  private static let browsers = [
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
  ]
  private static let systems = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
  ]
  /// Characters of a name that is not known.
  private static let longest = 40

  /// `userAgent` as the browser sent it; what is not known is shown as it is, cut short.
  static func of(_ userAgent: String) -> String {
    guard let agent = userAgent.nonEmpty else { return "Unknown browser" }
    func first(_ marks: [(String, String)]) -> String? { marks.first { agent.contains($0.0) }?.1 }
    guard let browser = first(browsers) else {
      return agent.count > longest ? "\(agent.prefix(longest))…" : agent
    }
    return first(systems).map { "\(browser) on \($0)" } ?? browser
  }
}
