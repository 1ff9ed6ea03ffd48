import Core
import Hummingbird
import Platform

/// Signing in. Rule P-5.
struct SignInController: Sendable {
  let services: PortalServices

  /// `GET /sign-in`
  func show(_ request: Request, context: PortalRequestContext) async throws -> Response {
    let query = try FormFields(urlEncoded: request.uri.query ?? "")
    if context.signedIn != nil { return services.pages.redirect(LocalPath.safe(query["next"])) }
    let flash = query.has("signed-out") ? FlashView(text: "You are signed out.", isGood: true) : nil
    return try await page(SignInForm(next: query["next"]), nil, request, context, status: .ok, flash: flash)
  }

  /// `POST /sign-in`
  func create(_ request: Request, context: PortalRequestContext) async throws -> Response {
    let form = SignInForm(context.form)
    let origin = services.settings.proxies.origin(of: request, peer: context.peer)
    do {
      let session = try await services.platform.accounts.signIn(
        email: form.email, password: form.password, from: origin)
      var response = services.pages.redirect(LocalPath.safe(form.next))
      services.pages.cookies.signIn(session, &response)
      return response
    } catch PlatformError.unauthenticated(let sentence) {
      return try await page(form, sentence, request, context, status: .unauthorized)
    } catch PlatformError.throttled(let sentence, let seconds) {
      var response = try await page(form, sentence, request, context, status: .tooManyRequests)
      response.headers[.retryAfter] = "\(seconds)"
      return response
    }
  }

  private func page(
    _ form: SignInForm, _ problem: String?, _ request: Request, _ context: PortalRequestContext,
    status: HTTPResponse.Status, flash: FlashView? = nil
  ) async throws -> Response {
    let view = SignInPage(
      email: InputView("email", "Email", type: "email", value: form.email, autocomplete: "username", isRequired: true),
      password: InputView(
        "password", "Password", type: "password", value: "", autocomplete: "current-password", isRequired: true),
      next: form.next, problem: problem, isSetUpOpen: try await services.platform.setUp.isOpen())
    return services.pages.card(.signIn, view, title: "Sign in", request, context, status: status, flash: flash)
  }
}

struct SignInForm: Sendable {
  let email: String
  let password: Sensitive<String>
  let next: String

  init(next: String) {
    email = ""
    password = Sensitive("")
    self.next = next
  }

  init(_ form: FormFields) {
    email = form["email"]
    password = Sensitive(form["password"])
    next = form["next"]
  }
}

struct SignInPage: Sendable {
  let email: InputView
  let password: InputView
  let next: String
  let problem: String?
  /// True while nobody can sign in because no company exists.
  let isSetUpOpen: Bool
}

/// Paths that came from outside and are led to.
enum LocalPath {
  /// `path` where it stays on this site, else the overview.
  static func safe(_ path: String) -> String {
    // A browser takes `//host` and `/\host` for other sites, and drops control characters before it looks.
    let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    guard isPlain, path.hasPrefix("/"), !path.hasPrefix("//"), !path.hasPrefix("/sign-") else { return "/" }
    return path
  }
}
