import Core
import Hummingbird
import Platform

/// What a resource is, to be read. Rule G-19.
struct SettingsController: Sendable {
  let services: PortalServices

  /// `GET /resources/{resource}/settings`
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let found = try await services.platform.resources.resource(
      context.resourceID, for: .seeResource, as: context.caller)
    let page = SettingsPage(
      found, catalog: services.platform.catalog, gateway: services.platform.context.addresses.gateway)
    return await services.pages.page(
      .settings, page, title: "Settings · \(found.resource.name)", at: found.place(.settings), request, context)
  }
}

struct SettingsPage: Sendable {
  struct Detail: Sendable {
    let label: String
    let values: [String]
  }

  let resource: ResourceHead
  let details: [Detail]

  init(_ found: AuthorizedResource, catalog: Catalog, gateway: String) {
    let resource = found.resource
    let models = catalog.models.filter { resource.models.contains($0.id) }
    let region = catalog.region(resource.region)
    let isText = resource.type == .text
    let details: [(String, [String])] = [
      ("Display Name", [resource.name]),
      ("ID", [resource.id.text]),
      ("Company", [found.company.name]),
      ("Region(s)", Self.regions(resource, models, catalog)),
      ("Cross Region Inference (CRI)", [resource.isCrossRegion ? "On" : "Off"]),
      ("Cloud Provider", [region?.cloudProvider ?? "–"]),
      ("Type", [resource.type.label]),
      ("Available Models", models.map(\.labelledName)),
      ("Default Model", isText ? [resource.defaultModel.flatMap { catalog.model($0)?.labelledName } ?? "–"] : []),
      ("Capacity", [Self.capacity(found.state, catalog)]),
      ("Environment", [resource.environment.rawValue]),
      ("Created For", ["\(resource.createdFor.name) (\(resource.createdFor.email))"]),
      ("Provisioned", ["\(DayText.moment(resource.provisionedAt, found.zone)) \(found.zone.identifier)"]),
      ("Base URL", ["\(gateway)/v1"]),
    ]
    self.resource = ResourceHead(found, tab: .settings)
    self.details = details.filter { !$0.1.isEmpty }.map { Detail(label: $0.0, values: $0.1) }
  }

  /// The resource's own first, then those that may answer by cross-region inference.
  private static func regions(_ resource: Resource, _ models: [ModelVersion], _ catalog: Catalog) -> [String] {
    let others =
      resource.isCrossRegion
      ? models.flatMap { $0.availability(in: resource.region)?.inferenceRegions ?? [] } : []
    var seen: Set<RegionID> = []
    return ([resource.region] + others).filter { seen.insert($0).inserted }
      .map { catalog.region($0)?.displayName ?? $0.text }
  }

  private static func capacity(_ state: ResourceState, _ catalog: Catalog) -> String {
    switch state.capacity.capacity {
    case .plan(let id): "\(catalog.plan(id)?.displayName ?? id.text): \(state.allowance.inWords) each bundle month"
    case .units: "\(state.tokens.inWords): \(state.allowance.inWords) each bundle month"
    }
  }
}
