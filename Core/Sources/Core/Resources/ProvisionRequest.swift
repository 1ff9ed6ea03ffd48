/// What the "Provision Resource" form asks for. Rule R-2.
///
/// May be incomplete: while the form is filled in, ``ResourceSpecification`` shows what is known; ``Provisioning`` names
/// what is missing.
public struct ProvisionRequest: Hashable, Sendable {
  /// "Display Name", as typed.
  public var name: String
  public var type: ResourceType
  public var environment: ResourceEnvironment?
  public var region: RegionID?
  /// Nil takes what fits: on where the chosen models need it, or, with none chosen, where the region's models do.
  public var isCrossRegion: Bool?
  /// In any order; the resource keeps them in the order of the catalog. Of a knowledge base the "Embeddings Model".
  public var models: [ModelVersionID]
  /// Of a knowledge base: the embeddings resource that it uses. Rule R-5.
  public var embeddingsResource: ResourceID?
  /// Nil takes the model itself where only one is chosen. Text only.
  public var defaultModel: ModelVersionID?
  /// "Size" or "Cloud Tokens".
  public var capacity: Capacity?
  /// "User" and "Email", as typed.
  public var userName: String
  public var userEmail: String
  /// The terms that the person confirmed; nil where nobody was asked (operator, demo company). Rule R-7.
  public var acknowledgedTerms: [TermsVersion]?
  public var origin: Origin

  /// Who provisions.
  public enum Origin: Hashable, Sendable {
    /// A company admin, under the rules of E-1 to E-4.
    case selfService
    /// The operator on behalf of the company, without them; recorded with the order reference (SKU). Rule P-1.
    case operatorOrder(reference: String)
  }

  public init(
    name: String = "", type: ResourceType, environment: ResourceEnvironment? = nil, region: RegionID? = nil,
    isCrossRegion: Bool? = nil, models: [ModelVersionID] = [], embeddingsResource: ResourceID? = nil,
    defaultModel: ModelVersionID? = nil, capacity: Capacity? = nil, userName: String = "", userEmail: String = "",
    acknowledgedTerms: [TermsVersion]? = nil, origin: Origin = .selfService
  ) {
    self.name = name
    self.type = type
    self.environment = environment
    self.region = region
    self.isCrossRegion = isCrossRegion
    self.models = models
    self.embeddingsResource = embeddingsResource
    self.defaultModel = defaultModel
    self.capacity = capacity
    self.userName = userName
    self.userEmail = userEmail
    self.acknowledgedTerms = acknowledgedTerms
    self.origin = origin
  }
}

/// Terms in the version that was shown. Rule R-7.
public struct TermsVersion: Hashable, Sendable {
  public let terms: Identifier<ServiceTerms>
  public let version: String

  public init(terms: Identifier<ServiceTerms>, version: String) {
    self.terms = terms
    self.version = version
  }

  public init(_ terms: ServiceTerms) { self.init(terms: terms.id, version: terms.version) }
}

/// The names of the form's fields in ``FieldProblem``s.
public enum ProvisionField: String, Hashable, Sendable, CaseIterable {
  case name
  case type
  case environment
  case region
  case crossRegion
  case models
  case embeddingsResource
  case defaultModel
  /// "Size" and "Cloud Tokens" alike.
  case capacity
  case userName
  case userEmail
  case terms
  case orderReference
  /// The company's, which the first provisioning may still choose. Rule P-2.
  case timeZone
}
