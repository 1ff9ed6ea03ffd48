/// What a company provisioned against Cloud Tokens. Facts only: its state at an instant is derived by
/// ``CompanyTimeline`` (rule A-7).
public struct Resource: Hashable, Sendable {
  public let id: ResourceID
  public let companyID: CompanyID
  public var name: String
  public let type: ResourceType
  public var environment: ResourceEnvironment
  public let region: RegionID
  /// Cross-region inference. Rule N-2.
  public let isCrossRegion: Bool
  /// Enabled model versions, in the order of the catalog. Of a knowledge base the one that embeds its content, fixed for its
  /// life (rule R-5).
  public var models: [ModelVersionID]
  /// One of `models`; the fallback when a call names none. Rule G-19.
  public var defaultModel: ModelVersionID?
  public let createdFor: PersonReference
  /// The activation instant, which anchors the bundle months. Rule B-1.
  public let provisionedAt: Instant
  /// The order (SKU) on which the operator provisioned it; nil for self-service. Rule P-1.
  public let orderReference: String?
  /// The embeddings resource that a knowledge base uses, for its whole life; nil for other types. Rule R-5.
  public let embeddingsResource: ResourceID?
  /// When its name, environment or models were last edited; first the activation.
  public var changedAt: Instant

  public init(
    id: ResourceID, companyID: CompanyID, name: String, type: ResourceType, environment: ResourceEnvironment,
    region: RegionID, isCrossRegion: Bool, models: [ModelVersionID], defaultModel: ModelVersionID?,
    createdFor: PersonReference, provisionedAt: Instant, orderReference: String? = nil,
    embeddingsResource: ResourceID? = nil, changedAt: Instant? = nil
  ) {
    self.id = id
    self.companyID = companyID
    self.name = name
    self.type = type
    self.environment = environment
    self.region = region
    self.isCrossRegion = isCrossRegion
    self.models = models
    self.defaultModel = defaultModel
    self.createdFor = createdFor
    self.provisionedAt = provisionedAt
    self.orderReference = orderReference
    self.embeddingsResource = embeddingsResource
    self.changedAt = changedAt ?? provisionedAt
  }
}

/// The kind of a resource; raw values are those of the configuration key (``ConfigurationKey``).
public enum ResourceType: String, Hashable, Sendable, CaseIterable {
  case text = "TEXT_GENERATION"
  case embeddings = "EMBEDDINGS_GENERATION"
  case knowledgeBase = "KNOWLEDGE_BASE"
}

/// Which environment of the customer's landscape a resource is for. Rule R-2.
public enum ResourceEnvironment: String, Hashable, Sendable, CaseIterable {
  case test = "Test"
  case acceptance = "Acceptance"
  case production = "Production"
}

/// A person by name and canonical email, with or without an account.
public struct PersonReference: Hashable, Sendable {
  public let name: String
  public let email: String

  public init(name: String, email: String) {
    self.name = name
    self.email = email
  }
}
