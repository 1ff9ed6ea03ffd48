import Core
import Platform

struct KeysPage: Sendable {
  let resource: ResourceHead
  let zone: String
  let search: String
  let sort: String
  let order: String
  let headers: [SortHeader]
  let rows: [KeyRow]
  let pages: PagesView?
  /// True where there is a key, shown or searched away.
  let hasKeys: Bool
  let createForm: CreateKeyView
  let shown: ShownKeyView?
  let shownBefore: String?
  let revoke: RevokeKeyView?
  /// Not of the template: announced by the frame.
  let flash: FlashView?

  init(
    _ found: AuthorizedResource, _ keys: [KeyView], _ query: KeysQuery, dialog: KeysDialog, samples: SampleSource,
    idempotencyKey: String
  ) throws(PlatformError) {
    let href = ResourceTab.keys.href(found.resource.id)
    resource = ResourceHead(found, tab: .keys)
    zone = found.zone.identifier
    (search, sort, order) = (query.search, query.sort.rawValue, query.order)
    headers = query.headers(href)
    let kept = query.apply(to: keys)
    let page = kept.page(query.page.nonEmpty ?? kept.pageNumber { $0.key.id.text == query.revoked })
    rows = page.elements.map { KeyRow($0, zone: found.zone, href: href, highlighted: query.revoked) }
    pages = PagesView(page, query.address(href))
    hasKeys = !keys.isEmpty
    flash = keys.first { $0.key.id.text == query.revoked && $0.status == .revoked }.map {
      FlashView(text: "The key “\($0.key.description)” is revoked. Nothing is admitted with it any more.", isGood: true)
    }
    var createForm = CreateKeyView(CreateKeyBody(), [], href: href, submit: idempotencyKey, isOpen: false)
    var shown: ShownKeyView?
    var shownBefore: String?
    var revoke: RevokeKeyView?
    switch dialog {
    case .closed: break
    case .create(let body, let problems):
      createForm = CreateKeyView(body, problems, href: href, submit: idempotencyKey, isOpen: true)
    case .shown(let created): shown = ShownKeyView(created, samples, href: href)
    case .shownBefore(let key): shownBefore = key.description
    case .revoke(let id):
      guard let view = keys.first(where: { $0.key.id == id }) else {
        throw .notFound("There is no such key of this resource.")
      }
      revoke = RevokeKeyView(view, zone: found.zone, href: href, resource: found.resource.name)
    }
    self.createForm = createForm
    self.shown = shown
    self.shownBefore = shownBefore
    self.revoke = revoke
  }
}

/// A row of the list. Rule G-13.
struct KeyRow: Sendable {
  let description: String
  let identifier: String
  let createdBy: String
  let createdOn: String
  let lastUsed: String
  let expiry: String
  let limit: String?
  let status: BadgeView
  let revokeHref: String?
  let isNew: Bool

  init(_ view: KeyView, zone: CompanyZone, href: String, highlighted: String) {
    let key = view.key
    description = key.description
    identifier = key.id.text
    createdBy = view.createdBy ?? "Operator"
    createdOn = DayText.moment(key.createdAt, zone)
    lastUsed = view.lastUsed.map { DayText.moment($0, zone) } ?? "Never"
    expiry = key.expiresAt.map { DayText.lastDay(before: $0, zone) } ?? "None"
    limit = key.monthlyLimit.map { "\(UnitsFormat.full($0)) GenAI Units a month" }
    status = BadgeView(view.status)
    let canRevoke = view.status != .revoked && key.companionOf == nil
    revokeHref = canRevoke ? "\(href)/\(PageAddress.encoded(key.id.text))/revoke" : nil
    isNew = key.id.text == highlighted
  }
}

extension DayText {
  /// The last whole day before an instant at which something ends.
  static func lastDay(before end: Instant, _ zone: CompanyZone) -> String {
    medium(zone.day(of: end.adding(milliseconds: -1)))
  }
}

/// The dialog "Create Key". Rule G-12.
struct CreateKeyView: Sendable {
  let href: String
  let submission: String
  let isOpen: Bool
  let problems: [String]
  let description: InputView
  let expiresOn: InputView
  let monthlyLimit: InputView

  init(_ body: CreateKeyBody, _ problems: [FieldProblem], href: String, submit: String, isOpen: Bool) {
    self.href = href
    submission = submit
    self.isOpen = isOpen
    self.problems = problems.map(\.message)
    description = InputView(
      "description", "Description", value: body.form.description,
      hint: "Which application uses the key, such as “Order portal, production”. 1 to 100 characters.",
      isRequired: true, problems: problems)
    expiresOn = InputView(
      "expiresOn", "Expiry (optional)", type: "date", value: body.form.expiresOn,
      hint: "The last day on which the key works.", problems: problems)
    monthlyLimit = InputView(
      "monthlyLimit", "Monthly limit in GenAI Units (optional)", value: body.form.monthlyLimit,
      hint: "What the key may use of the allowance in a bundle month, such as 50 or 12.5.", problems: problems)
  }
}

/// The dialog that shows a key, once. Rule G-12.
struct ShownKeyView: Sendable {
  let description: String
  let href: String
  let configurationKey: String
  let plainKey: String
  let curl: String
  let python: String
  let fileName: String

  init(_ created: CreatedKey, _ samples: SampleSource, href: String) {
    // Shown to whom they belong, in an answer that nothing keeps.
    let plain = created.plainKey.reveal()
    let code = CodeSamples(type: samples.type, gateway: samples.gateway, model: samples.model, key: plain)
    description = created.key.description
    self.href = href
    configurationKey = created.configurationKey.reveal()
    plainKey = plain
    curl = code.curl
    python = code.python
    fileName = "key-\(created.key.id.text).txt"
  }
}

/// The question before a key is revoked. Rule G-13.
struct RevokeKeyView: Sendable {
  let description: String
  let identifier: String
  let lastUsed: String
  let resource: String
  let action: String
  let href: String
  let isRevoked: Bool

  init(_ view: KeyView, zone: CompanyZone, href: String, resource: String) {
    description = view.key.description
    identifier = view.key.id.text
    lastUsed = view.lastUsed.map { "It was last used on \(DayText.moment($0, zone))." } ?? "It was never used."
    self.resource = resource
    self.href = href
    action = "\(href)/\(PageAddress.encoded(view.key.id.text))/revoke"
    isRevoked = view.status == .revoked
  }
}

/// What samples of a resource's calls are filled in with.
struct SampleSource: Sendable {
  let type: ResourceType
  let model: String
  let gateway: String

  init(_ resource: Resource, _ catalog: Catalog, gateway: String) {
    type = resource.type
    model = (resource.defaultModel ?? resource.models.first)?.text ?? ""
    self.gateway = gateway
  }
}
