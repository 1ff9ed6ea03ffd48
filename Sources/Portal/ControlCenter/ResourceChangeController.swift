import Core
import Hummingbird
import Platform

/// "Adjust Plan Size GenAI Resource" and "Edit Resource", with the live "Resource Specification". Rules.
///
/// Both pages have the same form; which of its fields it has follows from the resource.
struct ResourceChangeController: Sendable {
  let services: PortalServices
  /// The page that these routes are for.
  let place: ChangePlace

  private var resources: Resources { services.platform.resources }

  /// `GET /control-center/resources/{resource}/capacity` or `/edit`, with the state of the list in its query.
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let page = try await resources.changePage(of: context.resourceID, as: context.caller)
    let form = ChangeForm(page)
    // A resource has one of the two pages: a conversion moves it to the other.
    guard place == form.kind.place else {
      return services.pages.redirect(
        try PortalServices.listQuery(request, page.resource).href(form.kind.place.path(page.resource.id)))
    }
    return try await answer(form, page, [], request, context)
  }

  /// `POST /control-center/resources/{resource}/capacity/specification` or `/edit/specification`: the parts of the page
  /// that follow from the form. Changes nothing.
  func specify(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let page = try await resources.changePage(of: context.resourceID, as: context.caller)
    let form = ChangeForm(context.form, page)
    let outlook = try await outlook(form, page, context)
    return services.pages.fragment(
      .changeSpecification, ChangeParts(form, page, outlook, services.platform.catalog, problems: []))
  }

  /// `POST /control-center/resources/{resource}/capacity`: "Adjust Plan", or `/edit`: "Save". "Recalculate" only shows
  /// what it would do.
  func change(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let page = try await resources.changePage(of: context.resourceID, as: context.caller)
    let form = ChangeForm(context.form, page)
    guard place == form.kind.place else { return try await otherKind(page, request, context) }
    guard context.form["action"] != "recalculate" else { return try await answer(form, page, [], request, context) }
    do {
      try await commit(form, page, context)
      return try services.backToList(after: place == .capacity ? .capacity : .edited, page.resource, request)
    } catch PlatformError.invalid(let input) {
      return try await answer(form, page, input.problems, request, context, status: .unprocessableContent)
    } catch PlatformError.refused(let reasons) {
      return try await answer(form, page, [], request, context, refusals: reasons, status: .conflict)
    } catch PlatformError.conflict(let sentence) {
      // With what the resource is by now, and its revision: the same form can be sent again.
      let fresh = try await resources.changePage(of: context.resourceID, as: context.caller)
      let again = ChangeForm(context.form, fresh)
      guard place == again.kind.place else { return try await otherKind(fresh, request, context) }
      return try await answer(again, fresh, [], request, context, refusals: [sentence], status: .conflict)
    }
  }

  /// A form for what the resource is no longer.
  private func otherKind(
    _ page: ResourceChangePage, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let sentence =
      "“\(page.resource.name)” has another kind of capacity than this form was for. Look at what it is now and send the "
      + "form again."
    return try await answer(
      ChangeForm(page), page, [], request, context, refusals: [sentence], status: .conflict)
  }

  private func commit(
    _ form: ChangeForm, _ page: ResourceChangePage, _ context: SignedInRequestContext
  ) async throws {
    let (id, revision, capacity) = (context.resourceID, form.revision, form.capacity.capacity)
    guard form.kind != .plan else {
      _ = try await resources.adjustCapacity(
        of: id, to: capacity, revision: revision, idempotencyKey: form.idempotencyKey, as: context.caller)
      return
    }
    let open = form.openFields(of: page.resource)
    guard open.isEmpty else { throw try await everythingWrong(form, open, context) }
    _ = try await resources.edit(
      id, form.edit, capacity: form.kind == .name ? nil : capacity, revision: revision,
      idempotencyKey: form.idempotencyKey, as: context.caller)
  }

  /// What the rules would take for "leave it as it is" but was emptied, with all else that is wrong.
  private func everythingWrong(
    _ form: ChangeForm, _ open: [FieldProblem], _ context: SignedInRequestContext
  ) async throws -> PlatformError {
    do {
      _ = try await resources.edit(
        context.resourceID, form.edit, capacity: form.capacity.capacity, revision: nil, idempotencyKey: "",
        mode: .dryRun, as: context.caller)
    } catch PlatformError.invalid(let input) {
      return .invalid(InvalidInput(input.problems + open))
    } catch PlatformError.refused, PlatformError.conflict {
      // Told when the fields are right.
    }
    return .invalid(InvalidInput(open))
  }

  /// A trial of the change: what it would do, or why it cannot.
  private func outlook(
    _ form: ChangeForm, _ page: ResourceChangePage, _ context: SignedInRequestContext
  ) async throws -> ChangeOutlook {
    guard form.kind != .name, form.capacity.capacity != page.state.capacity.capacity else { return .unchanged }
    do {
      return .change(
        try await resources.adjustCapacity(
          of: context.resourceID, to: form.capacity.capacity, revision: nil, idempotencyKey: "", mode: .dryRun,
          as: context.caller))
    } catch PlatformError.invalid(let input) {
      return .open(form.capacity.placing(input.problems, of: ChangeField.capacity.rawValue).map(\.message))
    } catch PlatformError.refused(let reasons) {
      return .refused(reasons)
    } catch PlatformError.conflict(let sentence) {
      return .refused([sentence])
    }
  }

  private func answer(
    _ form: ChangeForm, _ page: ResourceChangePage, _ problems: [FieldProblem], _ request: Request,
    _ context: SignedInRequestContext, refusals: [String] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let outlook = try await outlook(form, page, context)
    let view = ChangePage(
      form, page, outlook, query: try PortalServices.listQuery(request, page.resource),
      catalog: services.platform.catalog, problems: problems, refusals: refusals)
    return await services.pages.page(
      .resourceChange, view, title: "\(view.heading) · \(page.resource.name)", at: .controlCenter, request, context,
      status: status)
  }
}

/// The two pages that change a resource.
enum ChangePlace: Sendable {
  case capacity, edit

  func path(_ id: ResourceID) -> String {
    switch self {
    case .capacity: ResourceAction.adjustPlan.path(id)
    case .edit: ResourceAction.edit.path(id)
    }
  }
}

extension ChangeForm.Kind {
  var place: ChangePlace {
    switch self {
    case .plan: .capacity
    case .units, .name: .edit
    }
  }
}
