import Core
import Hummingbird
import Platform

/// "Company" with its dialogs. Company admins only. Rules P-2, E-1 to E-5.
struct CompanyController: Sendable {
  static let path = "/control-center/company"

  let services: PortalServices

  /// `GET /control-center/company?done=`
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(.closed, request, context)
  }

  /// `GET /control-center/company/edit`
  func askEdit(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(.edit(nil, []), request, context)
  }

  /// `POST /control-center/company`
  func edit(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let body = EditCompanyBody(context.form)
    do {
      _ = try await services.platform.companies.edit(
        name: body.name, timeZone: body.timeZone, revision: body.revision, idempotencyKey: body.idempotencyKey,
        as: context.caller)
      return services.pages.redirect("\(Self.path)?done=edit")
    } catch PlatformError.invalid(let input) {
      return try await page(.edit(body, input.problems), request, context, status: .unprocessableContent)
    } catch PlatformError.conflict(let sentence) {
      // With the company's present revision: the same form can be sent again.
      let problems = [FieldProblem("", sentence)]
      return try await page(.edit(body.atPresentRevision, problems), request, context, status: .conflict)
    }
  }

  /// `GET /control-center/company/external-invitations`
  func askExternal(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(.external(problem: nil), request, context)
  }

  /// `POST /control-center/company/external-invitations`: `enabled` says which way.
  func setExternal(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    do {
      _ = try await services.platform.companies.setExternalInvitations(
        context.form["enabled"] == "on", idempotencyKey: context.form["submission"], as: context.caller)
      return services.pages.redirect("\(Self.path)?done=external")
    } catch PlatformError.conflict(let sentence) {
      return try await page(.external(problem: sentence), request, context, status: .conflict)
    }
  }

  private func page(
    _ dialog: CompanyDialog, _ request: Request, _ context: SignedInRequestContext,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let settings = try await services.platform.companies.settings(as: context.caller)
    let query = try FormFields(urlEncoded: request.method == .get ? request.uri.query ?? "" : "")
    let isOn = settings.company.company.externalInvitationsEnabled
    let flash: FlashView? =
      switch query["done"] {
      case "edit": FlashView(text: "The company is saved.", isGood: true)
      case "external": FlashView(text: "External invitations are switched \(isOn ? "on" : "off").", isGood: true)
      default: nil
      }
    return await services.pages.page(
      .company, CompanyPage(settings, dialog: dialog), title: "Company", at: .company, request, context,
      status: status, flash: flash)
  }
}
