import Core
import Hummingbird
import Platform

/// How to connect, with the reader's own addresses and models filled in. Rule G-2.
struct DocumentationController: Sendable {
  let services: PortalServices

  /// `GET /docs?resource=ID`
  func show(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let platform = services.platform
    let resources = try await platform.resources.overview(as: context.caller)
    let wanted = try FormFields(urlEncoded: request.uri.query ?? "")["resource"]
    let chosen = resources.first { $0.resource.id.text == wanted } ?? resources.first
    let page = DocumentationPage(
      resources, chosen: chosen, platform.catalog, gateway: platform.context.addresses.gateway,
      cloud: services.settings.branding.cloud)
    return await services.pages.page(
      .documentation, page, title: "Documentation", at: .documentation, request, context)
  }
}

struct DocumentationPage: Sendable {
  let gateway: String
  let cloud: String
  let resources: [OptionView]
  let chosen: ChosenResourceView?
  let chat: CodeSamples
  let embeddings: CodeSamples
  let showsChat: Bool
  let showsEmbeddings: Bool
  let regions: [RegionModels]
  let terms: [TermsView]

  /// The resource whose addresses and models are filled in.
  struct ChosenResourceView: Sendable {
    let name: String
    let keysHref: String
    let baseURL: String
    let models: [String]
  }

  struct RegionModels: Sendable {
    let region: String
    let models: [String]
  }

  init(
    _ overviews: [ResourceOverview], chosen: ResourceOverview?, _ catalog: Catalog, gateway: String, cloud: String
  ) {
    self.gateway = gateway
    self.cloud = cloud
    resources = overviews.map {
      OptionView($0.resource.id.text, $0.resource.name, isSelected: $0.resource.id == chosen?.resource.id)
    }
    self.chosen = chosen.map { overview in
      ChosenResourceView(
        name: overview.resource.name, keysHref: ResourceTab.keys.href(overview.resource.id),
        baseURL: "\(gateway)/resources/\(overview.resource.id)", models: overview.resource.models.map(\.text))
    }
    func samples(_ type: ResourceType) -> CodeSamples {
      let own = chosen?.resource.type == type ? chosen?.resource : nil
      let model = own?.defaultModel ?? own?.models.first ?? catalog.models.first { $0.type == type }?.id
      return CodeSamples(type: type, gateway: gateway, model: model?.text ?? "MODEL", key: "YOUR_KEY")
    }
    chat = samples(.text)
    embeddings = samples(.embeddings)
    showsChat = chosen.map { $0.resource.type == .text } ?? true
    showsEmbeddings = chosen.map { $0.resource.type == .embeddings } ?? true
    regions = catalog.offeredRegions.map { region in
      RegionModels(
        region: region.displayName,
        models: catalog.models.filter { $0.availability(in: region.id) != nil }.map(\.labelledName))
    }
    terms = catalog.terms.map(TermsView.init)
  }
}

/// A third party's terms, linked. Rule R-7.
struct TermsView: Sendable {
  let party: String
  let title: String
  let version: String
  let url: String
  /// How a form names them in their version.
  let value: String

  init(_ terms: ServiceTerms) {
    party = terms.party
    title = terms.title
    version = terms.version
    // Another scheme could run something of its own.
    url = terms.url.hasPrefix("https://") || terms.url.hasPrefix("http://") ? terms.url : ""
    value = "\(terms.id)@\(terms.version)"
  }
}
