import Core
import Hummingbird
import Platform

/// What a resource has used. Rules G-4, G-5, G-7.
struct ConsumptionController: Sendable {
  let services: PortalServices

  /// `GET /resources/{resource}?back=N`: N bundle months before the current one.
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let platform = services.platform
    let id = context.resourceID
    let query = try FormFields(urlEncoded: request.uri.query ?? "")
    let found = try await platform.resources.resource(id, for: .seeResource, as: context.caller)
    // Rule U-3: there is nothing to show of a knowledge base here.
    guard found.resource.type != .knowledgeBase else {
      return services.pages.redirect(ResourceTab.settings.href(id))
    }
    let summary = try await platform.consumption.summary(of: id, as: context.caller)
    let period = try await platform.consumption.period(
      .bundleMonth, stepsBack: Int(query["back"]) ?? 0, of: id, as: context.caller)
    let page = ConsumptionPage(found, summary, period, at: platform.context.clock.now())
    return await services.pages.page(
      .consumption, page, title: found.resource.name, at: found.place(.consumption), request, context)
  }
}
