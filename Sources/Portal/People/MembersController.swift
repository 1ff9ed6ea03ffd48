import Core
import Hummingbird
import Platform

/// "Members" with its dialogs. Company admins only; Platform says who they are. Rules P-4, P-7.
struct MembersController: Sendable {
  let services: PortalServices

  /// `GET /control-center/members?q=&show=&sort=&order=&page=&done=&member=`
  func list(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(request, context) { _ in .closed }
  }

  /// `GET /control-center/members/add`: the list with the dialog "Add Member".
  func askAdd(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(request, context) { _ in .add(AddMemberBody(), []) }
  }

  /// `POST /control-center/members`: leads to the dialog with the link.
  func invite(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let body = AddMemberBody(context.form)
    func again(_ problems: [FieldProblem], _ status: HTTPResponse.Status) async throws -> Response {
      try await page(request, context, status: status) { _ in .add(body, problems) }
    }
    do {
      let id = try await services.platform.members.invite(
        body.request, idempotencyKey: body.idempotencyKey, as: context.caller)
      return services.pages.redirect("\(InvitationsQuery.path)/\(PageAddress.encoded(id.text))?sent=1")
    } catch PlatformError.invalid(let input) {
      return try await again(input.problems, .unprocessableContent)
    } catch PlatformError.refused(let reasons) {
      return try await again(reasons.map { FieldProblem("", $0) }, .conflict)
    }
  }

  /// `GET /control-center/members/{member}/{change}`: the list with the question whether.
  func ask(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let change = try context.memberChange
    let member = context.memberID
    return try await page(request, context) { list in
      guard let view = list.people.first(where: { $0.user.id == member }) else {
        throw PlatformError.notFound("There is no such member of the company.")
      }
      return .question(
        QuestionView(change, view, company: list.company.company.name, submission: list.idempotencyKey))
    }
  }

  /// `POST /control-center/members/{member}/{change}`
  func apply(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let change = try context.memberChange
    let outcome: MemberOutcome
    do {
      outcome = try await services.platform.members.apply(
        change, to: context.memberID, idempotencyKey: context.form["submission"], as: context.caller)
    } catch PlatformError.conflict(let sentence) {
      let member = context.memberID
      return try await page(request, context, status: .conflict) { list in
        .question(Self.question(change, member, list, problem: sentence))
      }
    }
    // Who has just left the list may not see it any more.
    if outcome.user == context.caller.id, change == .makeMember { return services.pages.redirect("/") }
    if outcome.user == context.caller.id, change == .deactivate { return services.pages.redirect("/sign-in") }
    return services.pages.redirect(
      PageAddress(MembersQuery.path, []).with([("done", change.slug), ("member", outcome.user.text)]))
  }

  /// Asked anew where it can still be done, as the member is by now.
  private static func question(
    _ change: MemberChange, _ member: UserID, _ list: MembersList, problem: String
  ) -> QuestionView {
    guard let view = list.people.first(where: { $0.user.id == member }), view.menu.contains(change) else {
      return QuestionView(refused: problem, closeHref: MembersQuery.path)
    }
    return QuestionView(
      change, view, company: list.company.company.name, submission: list.idempotencyKey, problem: problem)
  }

  private func page(
    _ request: Request, _ context: SignedInRequestContext, status: HTTPResponse.Status = .ok,
    _ dialog: (MembersList) throws -> MembersDialog
  ) async throws -> Response {
    let list = try await services.platform.members.list(as: context.caller)
    let query = MembersQuery(try FormFields(urlEncoded: request.method == .get ? request.uri.query ?? "" : ""))
    let changed = list.people.first { $0.user.id.text == query.member }?.user
    var flash: FlashView?
    if let changed, let done = query.done, done.isTrue(of: changed) {
      flash = FlashView(text: done.announcement(changed.name), isGood: true)
    }
    return await services.pages.page(
      .members, MembersPage(list, people: query, invitations: nil, dialog: try dialog(list)), title: "Members",
      at: .members, request, context, status: status, flash: flash)
  }
}

extension SignedInRequestContext {
  fileprivate var memberID: UserID { UserID(parameters.get("member") ?? "") }

  fileprivate var memberChange: MemberChange {
    get throws {
      guard let change = MemberChange(slug: parameters.get("change") ?? "") else { throw PortalFault.noPage }
      return change
    }
  }
}
