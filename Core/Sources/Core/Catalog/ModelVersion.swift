/// One version of a model. Rules C-3 to C-6.
public struct ModelVersion: Sendable, Hashable {
  public let id: ModelVersionID
  public let displayName: String
  public let family: Identifier<ModelFamily>
  public let type: ResourceType
  /// Where it may be provisioned, and how it is reached there.
  public let availability: [ModelAvailability]
  /// Other names by which a call may ask for it. Rule D-3.
  public let aliases: [String]
  public let rates: ExchangeRates
  public let limits: ModelLimits
  /// Rule C-10.
  public let retiresOn: LocalDay?
  /// The version that takes its place after retirement.
  public let successor: ModelVersionID?
  /// A label that goes wherever the model is named, such as "not a language model". Rule C-5.
  public let label: String?
  /// Id of the terms that provisioning shows for it. Rule R-7.
  public let terms: [Identifier<ServiceTerms>]
  /// Model ids at providers, by provider kind (`bedrock`, `offline`, ...).
  public let upstreamModels: [String: String]

  public init(
    id: ModelVersionID, displayName: String, family: Identifier<ModelFamily>, type: ResourceType,
    availability: [ModelAvailability], aliases: [String], rates: ExchangeRates, limits: ModelLimits,
    retiresOn: LocalDay? = nil, successor: ModelVersionID? = nil, label: String? = nil,
    terms: [Identifier<ServiceTerms>] = [], upstreamModels: [String: String] = [:]
  ) {
    self.id = id
    self.displayName = displayName
    self.family = family
    self.type = type
    self.availability = availability
    self.aliases = aliases
    self.rates = rates
    self.limits = limits
    self.retiresOn = retiresOn
    self.successor = successor
    self.label = label
    self.terms = terms
    self.upstreamModels = upstreamModels
  }

  /// Every name by which a call may mean this version. Rule D-3.
  var names: [String] { [id.text, displayName] + aliases + upstreamModels.values.sorted() }
}

/// Where a model version may be provisioned.
public struct ModelAvailability: Sendable, Hashable {
  public let region: RegionID
  /// True where it is offered only with cross-region inference.
  public let needsCrossRegion: Bool
  /// The regions that may answer when cross-region inference is on; empty without.
  public let inferenceRegions: [RegionID]

  public init(region: RegionID, needsCrossRegion: Bool, inferenceRegions: [RegionID]) {
    self.region = region
    self.needsCrossRegion = needsCrossRegion
    self.inferenceRegions = inferenceRegions
  }
}

/// A family of model versions that are one choice to people, such as Claude Sonnet.
public struct ModelFamily: Sendable, Hashable {
  public let id: Identifier<ModelFamily>
  public let displayName: String
  /// Who made the models: Anthropic, Cohere, Packhouse.
  public let vendor: String

  public init(id: Identifier<ModelFamily>, displayName: String, vendor: String) {
    self.id = id
    self.displayName = displayName
    self.vendor = vendor
  }
}
