import Core
import Hummingbird
import Platform

/// "Provision Resource". Rules.
struct ProvisioningController: Sendable {
  let services: PortalServices

  /// `GET /control-center/resources/provision?type=&region=&environment=`
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let fields = try FormFields(urlEncoded: request.uri.query ?? "")
    guard let type = ResourceType(slug: fields["type"].nonEmpty ?? ResourceType.text.slug) else {
      throw PlatformError.notFound("There is no such type of resource.")
    }
    return try await page(ProvisionForm(type: type, for: context.caller.user, fields), .editing, request, context)
  }

  /// `POST /control-center/resources/specification`: the parts of the page that follow from the form. Changes nothing.
  func specify(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let (form, scene) = try await scene(ProvisionForm(context.form), context)
    return services.pages.fragment(.specification, ProvisionParts(form, scene, problems: []))
  }

  /// `POST /control-center/resources/provision`: "Recalculate" shows the form again, "Provision Resource" its summary.
  func summarise(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let form = ProvisionForm(context.form)
    guard context.form["action"] == "summary" else { return try await page(form, .editing, request, context) }
    return try await page(form, .summary, request, context)
  }

  /// `POST /control-center/resources`: "Provision".
  func provision(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let form = ProvisionForm(context.form)
    guard form.timeZone == nil || form.zone != nil else { return try await page(form, .summary, request, context) }
    do {
      let outcome = try await services.platform.resources.provision(
        form.request, timeZone: form.zone, idempotencyKey: form.idempotencyKey, as: context.caller)
      let list = ControlCenterQuery(FormFields(), type: form.type)
      return services.pages.redirect(list.href(after: LifeDeed(outcome.invitation), of: outcome.resource))
    } catch PlatformError.invalid(let input) {
      return try await page(form, .problems(input.problems), request, context)
    } catch PlatformError.refused(let reasons) {
      return try await page(form, .refused(reasons), request, context)
    }
  }

  private func page(
    _ form: ProvisionForm, _ wish: ProvisionWish, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let (form, scene) = try await scene(form, context)
    let page = ProvisionPage(form, wish, scene)
    return await services.pages.page(
      .provision, page, title: "Provision Resource", at: .controlCenter, request, context, status: page.status)
  }

  /// The form with what leaves nothing to choose, and all that its page is made of.
  private func scene(
    _ form: ProvisionForm, _ context: SignedInRequestContext
  ) async throws -> (ProvisionForm, ProvisionScene) {
    let resources = services.platform.resources
    let around = try await resources.provisioningPage(as: context.caller)
    let form = form.completed(by: around)
    let scene = ProvisionScene(
      around: around, specification: try await resources.specification(form.request, as: context.caller),
      catalog: services.platform.catalog, branding: services.settings.branding, served: services.servedModels)
    return (form, scene)
  }
}

/// What a form came with.
enum ProvisionWish: Sendable {
  case editing
  case summary
  case problems([FieldProblem])
  case refused([String])
}

extension LifeDeed {
  init(_ invitation: ProvisioningInvitation) {
    self =
      switch invitation {
      case .onTeam: .provisioned
      case .invited: .invited
      case .notInvited: .uninvited
      case .tooMany: .crowded
      }
  }
}
