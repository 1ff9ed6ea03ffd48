import Core
import Hummingbird
import Platform

/// The link of a company invitation: for whoever holds it, signed in or not. Rules P-7, G-9.
struct InvitationController: Sendable {
  let services: PortalServices

  /// `GET /invitations/{token}`: changes nothing, so that a mail scanner that follows links does no harm.
  func show(_ request: Request, context: PortalRequestContext) async throws -> Response {
    try await page(nil, [], request, context)
  }

  /// `POST /invitations/{token}`: with the form for a new account, or by somebody who is signed in.
  func accept(_ request: Request, context: PortalRequestContext) async throws -> Response {
    let body = AcceptanceBody(context.form)
    let invitations = services.platform.invitations
    do {
      if let person = context.signedIn {
        _ = try await invitations.accept(
          token: context.token, idempotencyKey: body.submission, as: person.caller)
        return services.pages.redirect("/")
      }
      let session = try await invitations.accept(
        body.form, token: context.token, idempotencyKey: body.submission, from: origin(request, context))
      var response = services.pages.redirect("/")
      services.pages.cookies.signIn(session, &response)
      return response
    } catch PlatformError.invalid(let input) {
      return try await page(body, input.problems, request, context, status: .unprocessableContent)
    } catch PlatformError.conflict {
      // The page itself says what has come in between.
      return try await page(nil, [], request, context, status: .conflict)
    } catch PlatformError.forbidden {
      return try await page(nil, [], request, context, status: .forbidden)
    }
  }

  /// `POST /invitations/{token}/decline`
  func decline(_ request: Request, context: PortalRequestContext) async throws -> Response {
    do {
      _ = try await services.platform.invitations.decline(
        token: context.token, idempotencyKey: context.form["submission"], as: context.signedIn?.caller,
        from: origin(request, context))
    } catch PlatformError.conflict {
      return try await page(nil, [], request, context, status: .conflict)
    } catch PlatformError.forbidden {
      return try await page(nil, [], request, context, status: .forbidden)
    }
    return services.pages.redirect("/invitations/\(PageAddress.encoded(context.token))")
  }

  private func page(
    _ body: AcceptanceBody?, _ problems: [FieldProblem], _ request: Request, _ context: PortalRequestContext,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let open = try await services.platform.invitations.open(token: context.token, as: context.signedIn)
    let page = InvitationPage(open, body, token: context.token, problems: problems)
    return services.pages.card(
      .invitation, page, title: "Join \(open.company)", request, context, status: page.over == nil ? status : .gone)
  }

  private func origin(_ request: Request, _ context: PortalRequestContext) -> ClientOrigin {
    services.settings.proxies.origin(of: request, peer: context.peer)
  }
}

extension PortalRequestContext {
  fileprivate var token: String { parameters.get("token") ?? "" }
}
