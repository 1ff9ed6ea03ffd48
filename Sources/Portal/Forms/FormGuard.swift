import Core
import Hummingbird
import NIOCore
import Platform

/// Reads forms and refuses those that no page of ours made for this browser.
///
/// Somebody signed in proves it with the session's token; before that a random cookie has to be repeated by the form,
/// which another site can neither read nor send along (`SameSite=Lax`).
struct FormGuard: RouterMiddleware {
  static let field = "csrf"

  let services: PortalServices

  func handle(
    _ request: Request, context: PortalRequestContext,
    next: (Request, PortalRequestContext) async throws -> Response
  ) async throws -> Response {
    guard request.method != .get, request.method != .head else { return try await next(request, context) }
    var context = context
    context.form = try await Self.fields(of: request)
    guard isGenuine(context.form[Self.field], request, context) else { throw PortalFault.foreignForm }
    return try await next(request, context)
  }

  private func isGenuine(_ token: String, _ request: Request, _ context: PortalRequestContext) -> Bool {
    if let signedIn = context.signedIn {
      return services.platform.accounts.isGenuine(csrfToken: token, for: signedIn)
    }
    guard let expected = PortalCookies(isSecure: services.settings.isSecure).formToken(request) else { return false }
    return KeyFormat.areEqual(Array(token.utf8), Array(expected.utf8))
  }

  private static func fields(of request: Request) async throws -> FormFields {
    let type = request.headers[.contentType]?.lowercased() ?? ""
    guard type.hasPrefix("application/x-www-form-urlencoded") else { throw PortalFault.notAForm }
    if let length = request.headers[.contentLength].flatMap(Int.init), length > PortalLimits.formBytes {
      throw PortalFault.tooLarge
    }
    do {
      let body = try await request.body.collect(upTo: PortalLimits.formBytes)
      guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
        throw PortalFault.unreadableForm
      }
      return try FormFields(urlEncoded: text)
    } catch is NIOTooManyBytesError {
      throw PortalFault.tooLarge
    } catch is BodyEnding {
      throw PortalFault.unreadableForm
    }
  }
}
