import Core
import Hummingbird
import Platform

/// Somebody's own sessions. Rule P-5.
struct SessionsController: Sendable {
  let services: PortalServices

  /// `GET /account/sessions`
  func list(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let sessions = try await services.platform.accounts.sessions(of: context.signedIn)
    let zone = try? await services.platform.companies.home(of: context.caller).zone
    let query = try FormFields(urlEncoded: request.uri.query ?? "")
    let flash: FlashView? =
      switch query["done"] {
      case "ended": FlashView(text: "The session was ended.", isGood: true)
      case "others": FlashView(text: "All other sessions were ended.", isGood: true)
      default: nil
      }
    return await services.pages.page(
      .sessions, SessionsPage(sessions, zone: zone ?? .utc), title: "Sessions", at: .sessions, request, context,
      flash: flash)
  }

  /// `POST /account/sessions/{session}/end`
  func end(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let id = Identifier<Session>(context.parameters.get("session") ?? "")
    try await services.platform.accounts.endSession(id, of: context.signedIn)
    return services.pages.redirect("/account/sessions?done=ended")
  }

  /// `POST /account/sessions/end-others`
  func endOthers(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    _ = try await services.platform.accounts.endOtherSessions(of: context.signedIn)
    return services.pages.redirect("/account/sessions?done=others")
  }

  /// `POST /sign-out`
  func signOut(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await services.platform.accounts.signOut(context.signedIn)
    var response = services.pages.redirect("/sign-in?signed-out=1")
    services.pages.cookies.signOut(&response)
    return response
  }
}

struct SessionsPage: Sendable {
  let zone: String
  let rows: [SessionRow]
  let hasOthers: Bool

  init(_ sessions: [SessionView], zone: CompanyZone) {
    self.zone = zone.identifier
    rows = sessions.map { SessionRow($0, zone: zone) }
    hasOthers = sessions.contains { !$0.isCurrent }
  }
}

struct SessionRow: Sendable {
  let id: String
  let browser: String
  /// As the browser names itself.
  let userAgent: String
  let address: String
  let began: String
  let lastSeen: String
  let ends: String
  let isCurrent: Bool

  init(_ view: SessionView, zone: CompanyZone) {
    id = view.session.id.text
    browser = BrowserName.of(view.session.userAgent)
    userAgent = view.session.userAgent
    address = view.session.address
    began = DayText.moment(view.session.createdAt, zone)
    lastSeen = DayText.moment(view.session.lastSeenAt, zone)
    ends = DayText.moment(view.session.expiresAt, zone)
    isCurrent = view.isCurrent
  }
}
