import Core
import Hummingbird
import Platform

/// "Pending Invites" beside "Members". Company admins only. Rules P-7, G-9.
struct PendingInvitesController: Sendable {
  let services: PortalServices

  /// `GET /control-center/invitations?q=&sort=&order=&page=&withdrawn=`
  func list(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(request, context) { _ in .closed }
  }

  /// `GET /control-center/invitations/{invitation}`: the list with the link to copy.
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let id = context.invitationID
    return try await page(request, context) { .link(try $0.view(of: id)) }
  }

  /// `POST /control-center/invitations/{invitation}/resend`: leads to the dialog with the new link.
  func resend(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await orRefused(request, context) {
      let id = try await services.platform.members.resend(
        context.invitationID, idempotencyKey: context.form["submission"], as: context.caller)
      return services.pages.redirect("\(InvitationsQuery.path)/\(PageAddress.encoded(id.text))?sent=1")
    }
  }

  /// `GET /control-center/invitations/{invitation}/withdraw`: the list with the question whether.
  func askWithdraw(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let id = context.invitationID
    return try await page(request, context) { list in
      .question(QuestionView(withdrawing: try list.view(of: id), submission: list.idempotencyKey))
    }
  }

  /// `POST /control-center/invitations/{invitation}/withdraw`
  func withdraw(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await orRefused(request, context) {
      let id = try await services.platform.members.withdraw(
        context.invitationID, idempotencyKey: context.form["submission"], as: context.caller)
      return services.pages.redirect(PageAddress(InvitationsQuery.path, []).with([("withdrawn", id.text)]))
    }
  }

  /// Why an invitation is no longer to be changed is said over the list that shows it.
  private func orRefused(
    _ request: Request, _ context: SignedInRequestContext, _ body: () async throws -> Response
  ) async throws -> Response {
    do {
      return try await body()
    } catch PlatformError.conflict(let sentence) {
      return try await page(request, context, status: .conflict) { _ in
        .question(QuestionView(refused: sentence, closeHref: InvitationsQuery.path))
      }
    }
  }

  private func page(
    _ request: Request, _ context: SignedInRequestContext, status: HTTPResponse.Status = .ok,
    _ dialog: (MembersList) throws -> MembersDialog
  ) async throws -> Response {
    let list = try await services.platform.members.list(as: context.caller)
    let query = InvitationsQuery(try FormFields(urlEncoded: request.uri.query ?? ""))
    let flash = list.invitations.first { $0.invitation.id.text == query.withdrawn && $0.state == .withdrawn }.map {
      FlashView(text: "The invitation of \($0.invitation.name) is withdrawn. Its link no longer works.", isGood: true)
    }
    return await services.pages.page(
      .members, MembersPage(list, people: nil, invitations: query, dialog: try dialog(list)), title: "Pending Invites",
      at: .members, request, context, status: status, flash: flash)
  }
}

extension MembersList {
  fileprivate func view(of id: InvitationID) throws(PlatformError) -> InvitationView {
    guard let view = invitations.first(where: { $0.invitation.id == id }) else {
      throw .notFound("There is no such invitation. It may have been over for a month.")
    }
    return view
  }
}

extension SignedInRequestContext {
  fileprivate var invitationID: InvitationID { InvitationID(parameters.get("invitation") ?? "") }
}
