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
    let relatives = try await services.platform.resources.relatives(of: context.resourceID, as: context.caller)
    let page = SettingsPage(
      found, relatives, catalog: services.platform.catalog,
      gateway: services.platform.context.addresses.gateway)
    return await services.pages.page(
      .settings, page, title: "Settings · \(found.resource.name)", at: found.place(.settings), request, context)
  }
}

struct SettingsPage: Sendable {
  struct Detail: Sendable {
    let label: String
    let values: [String]
    var links: [NavigationLink] = []
  }

  let resource: ResourceHead
  let details: [Detail]

  init(_ found: AuthorizedResource, _ relatives: ResourceRelatives, catalog: Catalog, gateway: String) {
    let resource = found.resource
    let isKnowledgeBase = resource.type == .knowledgeBase
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
      (isKnowledgeBase ? "Embeddings Model" : "Available Models", models.map(\.labelledName)),
      ("Default Model", isText ? [resource.defaultModel.flatMap { catalog.model($0)?.labelledName } ?? "–"] : []),
      ("Capacity", ["\(catalog.capacityInWords(found.state.capacity)): \(catalog.offering(of: found.state.capacity))"]),
      ("Environment", [resource.environment.rawValue]),
      ("Created For", ["\(resource.createdFor.name) (\(resource.createdFor.email))"]),
      ("Provisioned", ["\(DayText.moment(resource.provisionedAt, found.zone)) \(found.zone.identifier)"]),
      ("Base URL", isKnowledgeBase ? [] : ["\(gateway)/v1"]),
    ]
    self.resource = ResourceHead(found, tab: .settings)
    self.details =
      details.filter { !$0.1.isEmpty }.map { Detail(label: $0.0, values: $0.1) } + Self.relatives(relatives, found)
  }

  /// A knowledge base and its embeddings resource; only company admins are sure to reach both. Rule P-6.
  private static func relatives(_ relatives: ResourceRelatives, _ found: AuthorizedResource) -> [Detail] {
    func detail(_ label: String, _ states: [ResourceState]) -> Detail {
      guard found.may(.changeCapacity) else { return Detail(label: label, values: states.map(\.resource.name)) }
      let links = states.map {
        NavigationLink(label: $0.resource.name, href: ResourceTab.settings.href($0.resource.id), isCurrent: false)
      }
      return Detail(label: label, values: [], links: links)
    }
    let embeddings = relatives.embeddings.map { detail("Embeddings Resource", [$0]) }
    let users = relatives.knowledgeBases.isEmpty ? nil : detail("Knowledge Bases", relatives.knowledgeBases)
    return [embeddings, users].compactMap { $0 }
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
}
