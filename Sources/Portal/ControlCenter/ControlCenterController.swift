import Core
import Hummingbird
import Platform

/// "GenAI Resources". Rules R-1, E-5.
struct ControlCenterController: Sendable {
  let services: PortalServices

  /// `GET /control-center/resources?type=&q=&status=&environment=&sort=&order=&page=`, after a change also with what
  /// was done to which resource: `&done=&resource=`.
  func list(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await services.controlCenter(nil, request, context)
  }
}

extension PortalServices {
  /// The list as the address of `request` asks for it, with a dialog over it where there is one.
  func controlCenter(
    _ dialog: LifeDialog?, _ request: Request, _ context: SignedInRequestContext,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let list = try await platform.resources.controlCenter(as: context.caller)
    let query = ControlCenterQuery(try FormFields(urlEncoded: request.uri.query ?? ""), type: dialog?.type)
    let page = ControlCenterPage(list, query, dialog: dialog, catalog: platform.catalog)
    return await pages.page(
      .controlCenter, page, title: dialog?.title ?? "GenAI Resources", at: .controlCenter, request, context,
      status: status, flash: dialog == nil ? query.done?.flash(list, query.resource, platform.catalog) : nil)
  }
}
