import Core
import Hummingbird
import Platform

/// "Provision Resource". Rules.
struct ProvisioningController: Sendable {
  let services: PortalServices

  /// `GET /control-center/resources/provision?type=`
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let fields = try FormFields(urlEncoded: request.uri.query ?? "")
    guard let type = ResourceType(slug: fields["type"].nonEmpty ?? ResourceType.text.slug), type != .knowledgeBase
    else { throw PlatformError.notFound("Knowledge bases are not available yet in this version.") }
    return try await page(ProvisionForm(type: type, for: context.caller.user), .editing, request, context)
  }

  /// `POST /control-center/resources/specification`: the parts of the page that follow from the form. Changes nothing.
  func specify(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let form = ProvisionForm(context.form, services.platform.catalog)
    let specification = try await services.platform.resources.specification(form.request, as: context.caller)
    return services.pages.fragment(
      .specification, ProvisionParts(form, specification, services.platform.catalog, problems: []))
  }

  /// `POST /control-center/resources/provision`: "Recalculate" shows the form again, "Provision Resource" its summary.
  func summarise(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let form = ProvisionForm(context.form, services.platform.catalog)
    guard context.form["action"] == "summary" else { return try await page(form, .editing, request, context) }
    return try await page(form, .summary, request, context)
  }

  /// `POST /control-center/resources`: "Provision".
  func provision(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let form = ProvisionForm(context.form, services.platform.catalog)
    do {
      let outcome = try await services.platform.resources.provision(
        form.request, idempotencyKey: form.submission, as: context.caller)
      let list = PageAddress("/control-center/resources", [("type", form.type.slug)])
      return services.pages.redirect(list.with([("created", outcome.resource.text)]))
    } catch PlatformError.invalid(let input) {
      return try await page(form, .problems(input.problems), request, context)
    } catch PlatformError.refused(let reasons) {
      return try await page(form, .refused(reasons), request, context)
    }
  }

  private func page(
    _ form: ProvisionForm, _ wish: ProvisionWish, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let resources = services.platform.resources
    let around = try await resources.provisioningPage(as: context.caller)
    let specification = try await resources.specification(form.request, as: context.caller)
    let page = ProvisionPage(
      form, wish, around, specification, services.platform.catalog, services.settings.branding)
    return await services.pages.page(
      .provision, page, title: "Provision Resource", at: .controlCenter, request, context, status: page.status)
  }
}

/// What a form came with.
enum ProvisionWish: Sendable {
  case editing
  case summary
  case problems([FieldProblem])
  case refused([String])
}
