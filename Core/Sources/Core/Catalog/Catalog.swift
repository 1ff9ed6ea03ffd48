/// Everything that is offered: a versioned document, validated completely before anything uses it. Rule C-1.
public struct Catalog: Sendable, Equatable {
  public let version: String
  public let regions: [Region]
  public let families: [ModelFamily]
  /// In the order of the document, which is the order shown.
  public let models: [ModelVersion]
  public let packs: [Pack]
  public let terms: [ServiceTerms]
  /// GenAI Units that one Cloud Token is worth in a bundle month. Rule C-7.
  public let unitsPerCloudToken: Int64
  /// Every name of every model version, in lower case. Rule D-3.
  private let modelsByName: [String: ModelVersionID]
  private let modelsByID: [ModelVersionID: Int]

  /// Made by validation only, so that what exists is valid.
  init(
    version: String, regions: [Region], families: [ModelFamily], models: [ModelVersion], packs: [Pack],
    terms: [ServiceTerms], unitsPerCloudToken: Int64 = 100
  ) {
    self.version = version
    self.unitsPerCloudToken = unitsPerCloudToken
    modelsByID = Dictionary(zip(models.map(\.id), models.indices), uniquingKeysWith: { first, _ in first })
    modelsByName = Dictionary(
      models.flatMap { model in model.names.map { ($0.lowercased(), model.id) } },
      uniquingKeysWith: { first, _ in first })
    self.regions = regions
    self.families = families
    self.models = models
    self.packs = packs
    self.terms = terms
  }

  public func region(_ id: RegionID) -> Region? { regions.first { $0.id == id } }
  public func model(_ id: ModelVersionID) -> ModelVersion? { modelsByID[id].map { models[$0] } }
  public func family(_ id: Identifier<ModelFamily>) -> ModelFamily? { families.first { $0.id == id } }
  public func pack(for type: ResourceType) -> Pack? { packs.first { $0.type == type } }
  public func plan(_ id: Identifier<Plan>) -> Plan? { packs.lazy.flatMap(\.plans).first { $0.id == id } }

  /// Names differ by more than upper and lower case; an ARN means its last part.
  func modelID(named name: String) -> ModelVersionID? {
    // A name as the catalog writes it needs no second look.
    if let index = modelsByID[ModelVersionID(name)] { return models[index].id }
    let lowercased = name.lowercased()
    if let id = modelsByName[lowercased] { return id }
    guard lowercased.hasPrefix("arn:"), let slash = lowercased.lastIndex(of: "/") else { return nil }
    return modelsByName[String(lowercased[lowercased.index(after: slash)...])]
  }
}
