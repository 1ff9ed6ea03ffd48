import Hummingbird
import Platform

/// Finds out who sent a request. Rule P-5.
struct SessionReader: RouterMiddleware {
  let services: PortalServices

  func handle(
    _ request: Request, context: PortalRequestContext,
    next: (Request, PortalRequestContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    if let token = PortalCookies(isSecure: services.settings.isSecure).sessionToken(request) {
      let origin = services.settings.proxies.origin(of: request, peer: context.peer)
      context.signedIn = try await services.platform.accounts.signedIn(token: token, address: origin.address)
    }
    return try await next(request, context)
  }
}
