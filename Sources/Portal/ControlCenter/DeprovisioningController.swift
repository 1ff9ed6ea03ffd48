import Core
import Hummingbird
import Platform

/// "Deprovision Resource", asked in a dialog over the list. Rule A-5.
struct DeprovisioningController: Sendable {
  let services: PortalServices

  /// `GET /control-center/resources/{resource}/deprovisioning`, with the state of the list in its query.
  func ask(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await dialog(nil, request, context)
  }

  /// `POST /control-center/resources/{resource}/deprovisioning`
  func schedule(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let resources = services.platform.resources
    let page = try await resources.changePage(of: context.resourceID, as: context.caller)
    // Nobody ends what the dialog did not show.
    let shown = context.form["shown"].split(separator: " ").map { ResourceID(String($0)) }
    do {
      _ = try await resources.deprovision(
        context.resourceID, together: context.form.has("together") ? Set(shown) : nil,
        idempotencyKey: context.form["submission"], as: context.caller)
      return try services.backToList(after: .deprovisioning, page.resource, request)
    } catch PlatformError.conflict(let sentence) {
      return try await dialog(sentence, request, context)
    }
  }

  private func dialog(
    _ problem: String?, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let scene = try await services.scene(request, context)
    let trial = try await PortalServices.trial {
      try await services.platform.resources.deprovisioningPreview(of: context.resourceID, as: context.caller)
    }
    return try await services.controlCenter(
      .deprovision(scene, trial: trial, problem: problem), request, context,
      status: problem == nil ? .ok : .conflict)
  }
}

extension PortalServices {
  /// What the dialogs about a resource are made of.
  func scene(_ request: Request, _ context: SignedInRequestContext) async throws -> LifeScene {
    let page = try await platform.resources.changePage(of: context.resourceID, as: context.caller)
    return LifeScene(page: page, query: try Self.listQuery(request, page.resource), catalog: platform.catalog)
  }

  /// What would happen, or the sentence that says why it cannot.
  static func trial<Outcome>(
    _ body: () async throws -> Outcome
  ) async throws -> Result<Outcome, PlatformError> {
    do {
      return .success(try await body())
    } catch let error as PlatformError {
      return .failure(error)
    }
  }

  /// To the list that the change was begun from.
  func backToList(after deed: LifeDeed, _ resource: Resource, _ request: Request) throws -> Response {
    pages.redirect(try Self.listQuery(request, resource).href(after: deed, of: resource.id))
  }

  static func listQuery(_ request: Request, _ resource: Resource) throws -> ControlCenterQuery {
    ControlCenterQuery(try FormFields(urlEncoded: request.uri.query ?? ""), type: resource.type)
  }
}
