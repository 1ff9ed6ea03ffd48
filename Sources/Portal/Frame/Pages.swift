import Core
import Hummingbird
import NIOCore
import Platform

/// Puts pages into their frame.
struct Pages: Sendable {
  let platform: PlatformServices
  let settings: PortalSettings
  private let templates: Templates
  private let assets: EmbeddedAssets

  init(platform: PlatformServices, settings: PortalSettings, assets: EmbeddedAssets) {
    self.platform = platform
    self.settings = settings
    self.assets = assets
    templates = Templates(assets)
  }

  var cookies: PortalCookies { PortalCookies(isSecure: settings.isSecure) }

  /// A page for somebody who is signed in.
  func page(
    _ template: PageTemplate, _ content: some Sendable, title: String, at place: Place, _ request: Request,
    _ context: some PortalContext, status: HTTPResponse.Status = .ok, flash: FlashView? = nil
  ) async -> Response {
    let frame = await frame(title: title, at: place, request, context, flash: flash)
    return html(templates.render(template, PageView(frame: frame, page: content)), status: status)
  }

  /// A page by itself, such as the sign-in. Gives the browser what it needs to send a form.
  func card(
    _ template: PageTemplate, _ content: some Sendable, title: String, _ request: Request,
    _ context: some PortalContext, status: HTTPResponse.Status = .ok, flash: FlashView? = nil
  ) -> Response {
    let known = cookies.formToken(request)
    let token = known ?? Self.hex(platform.context.random.bytes(32))
    let frame = FrameView(
      title: title, theme: Self.attribute(cookies.theme(request)), styles: assets.url("styles/portal.css"),
      script: assets.url("scripts/portal.mjs"), icon: assets.url("icons/packhouse.svg"),
      csrf: context.person?.csrfToken ?? token, person: nil, portalLinks: [], controlLinks: [],
      hasControlCenter: false, isAtSessions: false, themes: [], back: "/", flash: flash)
    var response = html(templates.render(template, PageView(frame: frame, page: content)), status: status)
    if known == nil { cookies.setForm(token, &response) }
    return response
  }

  /// A part of a page, for the script that asked for it.
  func fragment(_ template: PageTemplate, _ content: some Sendable) -> Response {
    html(templates.render(template, content), status: .ok)
  }

  /// After a form was carried out: the browser fetches the next page.
  func redirect(_ path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }

  private func frame(
    title: String, at place: Place, _ request: Request, _ context: some PortalContext, flash: FlashView?
  ) async -> FrameView {
    let theme = cookies.theme(request)
    let isAdmin = context.person?.user.companyID != nil && context.person?.user.companyRole == .admin
    return FrameView(
      title: title, theme: Self.attribute(theme), styles: assets.url("styles/portal.css"),
      script: assets.url("scripts/portal.mjs"), icon: assets.url("icons/packhouse.svg"),
      csrf: context.person?.csrfToken ?? "", person: await person(context.person),
      portalLinks: place.portalLinks(), controlLinks: isAdmin ? place.controlLinks() : [], hasControlCenter: isAdmin,
      isAtSessions: place == .sessions,
      themes: Theme.allCases.map { OptionView($0.rawValue, $0.label, isSelected: $0 == theme) },
      back: Self.back(request), flash: flash)
  }

  /// Without the company where that cannot be read just now: the page matters more.
  private func person(_ signedIn: SignedIn?) async -> PersonView? {
    guard let signedIn else { return nil }
    let role = signedIn.user.companyRole == .admin ? "Company admin" : "Member"
    guard signedIn.user.companyID != nil else { return PersonView(name: signedIn.user.name, role: "External member") }
    let company = try? await platform.companies.home(of: signedIn.caller)
    return PersonView(
      name: signedIn.user.name, role: company.map { "\(role) · \($0.company.name)" } ?? role)
  }

  private func html(_ text: String, status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private static func back(_ request: Request) -> String {
    guard request.method == .get, let query = request.uri.query else { return request.uri.path }
    return "\(request.uri.path)?\(query)"
  }

  private static func attribute(_ theme: Theme) -> String? { theme == .system ? nil : theme.rawValue }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
