import Core
import Hummingbird
import Platform

/// The three cookies: the session, the proof of a form for people who are not signed in yet, and the theme.
struct PortalCookies: Sendable {
  let isSecure: Bool

  /// Browsers take a name with this prefix only from this very host, by HTTPS, for every path.
  private var prefix: String { isSecure ? "__Host-" : "" }
  private var sessionName: String { prefix + "packhouse_session" }
  private var formName: String { prefix + "packhouse_form" }
  private static let themeName = "packhouse_theme"
  private static let themeLife = 365 * 24 * 3_600
  private static let longestFormToken = 100

  func sessionToken(_ request: Request) -> String? { request.cookies[sessionName]?.value }
  func formToken(_ request: Request) -> String? {
    request.cookies[formName]?.value.nonEmpty.flatMap { $0.utf8.count <= Self.longestFormToken ? $0 : nil }
  }
  func theme(_ request: Request) -> Theme {
    request.cookies[Self.themeName].flatMap { Theme(rawValue: $0.value) } ?? .system
  }

  func signIn(_ session: NewSession, _ response: inout Response) {
    set(sessionName, session.token.reveal(), maxAge: Int(session.maxAgeSeconds), &response)
    set(formName, "", maxAge: 0, &response)
  }
  func signOut(_ response: inout Response) { set(sessionName, "", maxAge: 0, &response) }
  func setForm(_ token: String, _ response: inout Response) { set(formName, token, maxAge: nil, &response) }
  func setTheme(_ theme: Theme, _ response: inout Response) {
    set(Self.themeName, theme.rawValue, maxAge: theme == .system ? 0 : Self.themeLife, &response)
  }

  private func set(_ name: String, _ value: String, maxAge: Int?, _ response: inout Response) {
    response.setCookie(
      Cookie(
        name: name, value: value, maxAge: maxAge, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax))
  }
}

/// How pages are coloured.
enum Theme: String, Sendable, CaseIterable {
  case system, light, dark

  var label: String {
    switch self {
    case .system: "System"
    case .light: "Light"
    case .dark: "Dark"
    }
  }
}

extension String {
  var nonEmpty: String? { isEmpty ? nil : self }
}
