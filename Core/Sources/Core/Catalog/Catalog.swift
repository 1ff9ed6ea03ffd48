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

/// A place where resources live. Rule C-2.
public struct Region: Sendable, Hashable {
  public let id: RegionID
  /// As shown: "Europe (Frankfurt) - eu-central-1".
  public let displayName: String
  /// Requests never leave it. Rule N-2.
  public let area: Identifier<Area>
  public let cloudProvider: String
  public let offersCrossRegion: Bool
  /// False for a region that only answers cross-region inference: nothing is provisioned in it.
  public let offersResources: Bool

  public init(
    id: RegionID, displayName: String, area: Identifier<Area>, cloudProvider: String, offersCrossRegion: Bool,
    offersResources: Bool = true
  ) {
    self.id = id
    self.displayName = displayName
    self.area = area
    self.cloudProvider = cloudProvider
    self.offersCrossRegion = offersCrossRegion
    self.offersResources = offersResources
  }
}

/// Name of the areas that requests stay within, such as EU.
public enum Area {}

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

/// What a model version accepts and how its tokens are bounded before a call. Rules F-3, U-5, M-3.
public struct ModelLimits: Sendable, Hashable {
  /// Most output tokens that one call may ask for.
  public var maxOutputTokens: Int
  /// `max_tokens` where the caller sets none.
  public var defaultMaxTokens: Int
  /// Most input tokens; nil where the provider alone decides.
  public var maxInputTokens: Int?
  /// How input is known before dispatch.
  public var inputCounting: InputCounting
  /// Characters of output per token, for estimates; in thousandths (3.5 is 3,500).
  public var milliCharactersPerToken: Int
  public var maxImages: Int
  public var maxImageBytes: Int
  public var maxDocuments: Int
  public var maxDocumentBytes: Int
  /// Most pixels of an image's longer side.
  public var maxImageSide: Int
  /// Lower-case names such as `png`.
  public var imageFormats: [String]
  /// Lower-case names such as `pdf`.
  public var documentFormats: [String]
  /// Most characters of a tool's name, which begins with a letter and goes on in letters, digits, `_` and `-`.
  public var maxToolNameLength: Int
  /// Most input tokens that one image is counted as.
  public var tokensPerImage: Int
  /// Most input tokens that one byte of a document is counted as; above 1 because some formats are compressed.
  public var tokensPerDocumentByte: Int
  /// Most texts of one embeddings call.
  public var maxTexts: Int
  /// Most tokens of one text of an embeddings call; nil where the provider alone decides.
  public var maxTokensPerText: Int?
  /// Length of the vectors, for embeddings models.
  public var dimensions: Int?
  /// Lengths that a call may ask for in place of `dimensions`.
  public var dimensionChoices: [Int]

  public init(
    maxOutputTokens: Int, defaultMaxTokens: Int, maxInputTokens: Int? = nil,
    inputCounting: InputCounting = .bytesBound, milliCharactersPerToken: Int = 3_500, maxImages: Int = 20,
    maxImageBytes: Int = 3_932_160, maxDocuments: Int = 5, maxDocumentBytes: Int = 4_718_592,
    maxImageSide: Int = 8_000, imageFormats: [String] = [], documentFormats: [String] = [],
    maxToolNameLength: Int = 64, tokensPerImage: Int = 1_600, tokensPerDocumentByte: Int = 4, maxTexts: Int = 96,
    maxTokensPerText: Int? = nil, dimensions: Int? = nil, dimensionChoices: [Int] = []
  ) {
    self.maxOutputTokens = maxOutputTokens
    self.defaultMaxTokens = defaultMaxTokens
    self.maxInputTokens = maxInputTokens
    self.inputCounting = inputCounting
    self.milliCharactersPerToken = milliCharactersPerToken
    self.maxImages = maxImages
    self.maxImageBytes = maxImageBytes
    self.maxDocuments = maxDocuments
    self.maxDocumentBytes = maxDocumentBytes
    self.maxImageSide = maxImageSide
    self.imageFormats = imageFormats
    self.documentFormats = documentFormats
    self.maxToolNameLength = maxToolNameLength
    self.tokensPerImage = tokensPerImage
    self.tokensPerDocumentByte = tokensPerDocumentByte
    self.maxTexts = maxTexts
    self.maxTokensPerText = maxTokensPerText
    self.dimensions = dimensions
    self.dimensionChoices = dimensionChoices
  }
}

/// How the input tokens of a call are known before dispatch. Rule U-5.
public enum InputCounting: String, Sendable, Hashable, CaseIterable {
  /// Every token has at least one byte, so the bytes of the text bound its tokens from above.
  case bytesBound = "bytes"
  /// The tokenizer is built in and counts exactly.
  case exact
}

/// What resources of one type may be bought as. Rules C-8, C-9.
public struct Pack: Sendable, Hashable {
  public let type: ResourceType
  /// What people read under "Cloud Resource Pack", such as `Text generation`.
  public let displayName: String
  public let offersUnits: Bool
  /// Smallest first; empty where plans are not offered.
  public let plans: [Plan]

  public init(type: ResourceType, displayName: String = "", offersUnits: Bool, plans: [Plan]) {
    self.type = type
    self.displayName = displayName
    self.offersUnits = offersUnits
    self.plans = plans
  }
}

/// A fixed size. Rule C-8.
public struct Plan: Sendable, Hashable {
  /// Such as `text-m`.
  public let id: Identifier<Plan>
  /// Such as `M`.
  public let displayName: String
  public let tokens: CloudTokens
  /// Nil for knowledge bases.
  public let inputTokens: TokenCount?
  public let outputTokens: TokenCount?
  /// Bytes of disk, for knowledge bases.
  public let diskBytes: Int64?

  public init(
    id: Identifier<Plan>, displayName: String, tokens: CloudTokens, inputTokens: TokenCount?,
    outputTokens: TokenCount?, diskBytes: Int64?
  ) {
    self.id = id
    self.displayName = displayName
    self.tokens = tokens
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.diskBytes = diskBytes
  }
}

/// A third party's terms. Rule R-7.
public struct ServiceTerms: Sendable, Hashable {
  public let id: Identifier<ServiceTerms>
  public let party: String
  public let title: String
  public let url: String
  /// Changed terms have another version and are asked again.
  public let version: String

  public init(id: Identifier<ServiceTerms>, party: String, title: String, url: String, version: String) {
    self.id = id
    self.party = party
    self.title = title
    self.url = url
    self.version = version
  }
}
