import Core
import Hummingbird
import Platform

/// "Deprovision Resource" and its cancellation, each asked in a dialog over the list. Rule A-5.
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
    let isWithKnowledgeBases = context.form.has("together")
    // Nobody ends what the dialog did not show.
    guard !isWithKnowledgeBases || context.form["shown"] == page.knowledgeBases.shownMark else {
      return try await dialog(
        "The knowledge bases that use this resource are others than before. Look at the list and confirm again.",
        request, context)
    }
    do {
      _ = try await resources.deprovision(
        context.resourceID, withKnowledgeBases: isWithKnowledgeBases, idempotencyKey: context.form["submission"],
        as: context.caller)
      return try services.backToList(after: .deprovisioning, page.resource, request)
    } catch PlatformError.conflict(let sentence) {
      return try await dialog(sentence, request, context)
    }
  }

  /// `GET /control-center/resources/{resource}/deprovisioning/cancel`
  func askCancel(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await cancelDialog(nil, request, context)
  }

  /// `POST /control-center/resources/{resource}/deprovisioning/cancel`
  func cancel(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let resources = services.platform.resources
    let page = try await resources.changePage(of: context.resourceID, as: context.caller)
    do {
      _ = try await resources.cancelDeprovisioning(
        of: context.resourceID, idempotencyKey: context.form["submission"], as: context.caller)
      return try services.backToList(after: .deprovisioningCancelled, page.resource, request)
    } catch PlatformError.conflict(let sentence) {
      return try await cancelDialog(sentence, request, context)
    }
  }

  private func dialog(
    _ problem: String?, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let scene = try await services.scene(request, context)
    let trial = try await Self.trial {
      try await services.platform.resources.deprovision(
        context.resourceID, withKnowledgeBases: true, idempotencyKey: "", mode: .dryRun, as: context.caller)
    }
    return try await services.controlCenter(
      .deprovision(scene, trial: trial, problem: problem), request, context,
      status: problem == nil ? .ok : .conflict)
  }

  private func cancelDialog(
    _ problem: String?, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let scene = try await services.scene(request, context)
    let trial = try await Self.trial {
      try await services.platform.resources.cancelDeprovisioning(
        of: context.resourceID, idempotencyKey: "", mode: .dryRun, as: context.caller)
    }
    return try await services.controlCenter(
      .cancelDeprovisioning(scene, trial: trial, problem: problem), request, context,
      status: problem == nil ? .ok : .conflict)
  }

  /// What would happen, or the sentence that says why it cannot.
  private static func trial<Outcome>(
    _ body: () async throws -> Outcome
  ) async throws -> Result<Outcome, PlatformError> {
    do {
      return .success(try await body())
    } catch let error as PlatformError {
      return .failure(error)
    }
  }
}

extension PortalServices {
  /// What the dialogs about a resource are made of.
  func scene(_ request: Request, _ context: SignedInRequestContext) async throws -> LifeScene {
    let page = try await platform.resources.changePage(of: context.resourceID, as: context.caller)
    return LifeScene(page: page, query: try Self.listQuery(request, page.resource), catalog: platform.catalog)
  }

  /// To the list that the change was begun from.
  func backToList(after deed: LifeDeed, _ resource: Resource, _ request: Request) throws -> Response {
    pages.redirect(try Self.listQuery(request, resource).href(after: deed, of: resource.id))
  }

  static func listQuery(_ request: Request, _ resource: Resource) throws -> ControlCenterQuery {
    ControlCenterQuery(try FormFields(urlEncoded: request.uri.query ?? ""), type: resource.type)
  }
}
