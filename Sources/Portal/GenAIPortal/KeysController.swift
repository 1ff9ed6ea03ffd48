import Core
import Hummingbird
import Platform

/// Keys of a resource. Rules G-12, G-13.
struct KeysController: Sendable {
  let services: PortalServices

  /// `GET /resources/{resource}/keys`
  func list(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(.closed, request, context)
  }

  /// `GET /resources/{resource}/keys/create`: the list with the dialog "Create Key".
  func askCreate(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(.create(CreateKeyBody(), []), request, context)
  }

  /// `POST /resources/{resource}/keys`: the answer shows the key, once.
  func create(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let body = CreateKeyBody(context.form)
    do {
      let creation = try await services.platform.keys.create(
        body.form, for: context.resourceID, idempotencyKey: body.idempotencyKey, as: context.caller)
      switch creation {
      case .created(let created): return try await page(.shown(created), request, context)
      case .shownBefore(let key): return try await page(.shownBefore(key), request, context)
      }
    } catch PlatformError.invalid(let input) {
      return try await page(.create(body, input.problems), request, context, status: .unprocessableContent)
    }
  }

  /// `GET /resources/{resource}/keys/{key}/revoke`: the list with the question whether.
  func askRevoke(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await page(.revoke(context.keyID), request, context)
  }

  /// `POST /resources/{resource}/keys/{key}/revoke`
  func revoke(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let key = try await services.platform.keys.revoke(context.keyID, of: context.resourceID, as: context.caller)
    let address = PageAddress(ResourceTab.keys.href(context.resourceID), [])
    return services.pages.redirect(address.with([("revoked", key.id.text)]))
  }

  private func page(
    _ dialog: KeysDialog, _ request: Request, _ context: SignedInRequestContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let platform = services.platform
    let found = try await platform.resources.resource(context.resourceID, for: .manageKeys, as: context.caller)
    let keys = try await platform.keys.list(of: context.resourceID, as: context.caller)
    let query = KeysQuery(try FormFields(urlEncoded: request.method == .get ? request.uri.query ?? "" : ""))
    let page = try KeysPage(
      found, keys, query, dialog: dialog,
      samples: SampleSource(found.resource, platform.catalog, gateway: platform.context.addresses.gateway),
      idempotencyKey: SubmitKey.make(platform.context.random))
    return await services.pages.page(
      .keys, page, title: "Keys · \(found.resource.name)", at: found.place(.keys), request, context, status: status,
      flash: page.flash)
  }
}

/// What stands open over the list.
enum KeysDialog: Sendable {
  case closed
  case create(CreateKeyBody, [FieldProblem])
  case shown(CreatedKey)
  case shownBefore(ResourceKey)
  case revoke(KeyID)
}

struct CreateKeyBody: Sendable {
  let form: KeyForm
  let idempotencyKey: String

  init() {
    form = KeyForm(description: "")
    idempotencyKey = ""
  }

  init(_ fields: FormFields) {
    form = KeyForm(
      description: fields["description"], expiresOn: fields["expiresOn"], monthlyLimit: fields["monthlyLimit"])
    idempotencyKey = fields["submission"]
  }
}

/// Fresh for each form: makes a double submit harmless.
enum SubmitKey {
  static func make(_ random: RandomSource) -> String {
    random.bytes(16).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}

extension SignedInRequestContext {
  fileprivate var keyID: KeyID { KeyID(parameters.get("key") ?? "") }
}
