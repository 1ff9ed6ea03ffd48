import Hummingbird

/// The theme, kept in the browser.
struct ThemeController: Sendable {
  let services: PortalServices

  /// `POST /theme`
  func change(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    var response = services.pages.redirect(LocalPath.safe(context.form["back"]))
    services.pages.cookies.setTheme(Theme(rawValue: context.form["theme"]) ?? .system, &response)
    return response
  }
}
