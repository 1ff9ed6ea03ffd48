import HTTPTypes
import Hummingbird

/// What every answer tells the browser: run and show nothing but our own, keep nothing but assets.
struct PageHeaders: RouterMiddleware {
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

  func handle(
    _ request: Request, context: PortalRequestContext,
    next: (Request, PortalRequestContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[HTTPFieldName.referrerPolicy] = "same-origin"
    response.headers[HTTPFieldName.openerPolicy] = "same-origin"
    response.headers[HTTPFieldName.requestID] = context.requestID
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }
}

/// Names of header fields that the library does not know.
enum HTTPFieldName {
  static let referrerPolicy = name("referrer-policy")
  static let openerPolicy = name("cross-origin-opener-policy")
  static let requestID = name("x-request-id")
  static let forwardedFor = name("x-forwarded-for")

  private static func name(_ text: String) -> HTTPTypes.HTTPField.Name {
    guard let name = HTTPTypes.HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
    return name
  }
}
