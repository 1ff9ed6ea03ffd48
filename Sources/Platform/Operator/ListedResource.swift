import Core

/// A resource as `packhouse resource list` shows it. Rule R-1.
public struct ListedResource: Codable, Hashable, Sendable {
  /// Unique across companies; never changes.
  public let id: String
  /// The display name.
  public let name: String
  /// `text`, `embeddings` or `knowledge-base`.
  public let type: String
  /// As people read it, such as `CAPACITY DECREASE SCHEDULED`.
  public let status: String
  /// When what the status announces takes effect, UTC, ISO 8601; left out where it announces nothing.
  public let statusChangesAt: String?
  /// The day of it, in the company's zone.
  public let statusDay: String?
  /// The plan's name, or the capacity in GenAI Units.
  public let capacity: String
  /// Whole Cloud Tokens that the resource holds at present.
  public let cloudTokens: Int64
  /// The capacity that is to follow; left out where none is scheduled.
  public let scheduledCapacity: String?
  /// Whole Cloud Tokens that it will cost.
  public let scheduledCloudTokens: Int64?
  /// When the resource will be suspended unless Cloud Tokens return; UTC, ISO 8601. Rule T-5.
  public let suspendsAt: String?
  /// The day of it, in the company's zone.
  public let suspensionDay: String?
  /// `Test`, `Acceptance` or `Production`.
  public let environment: String
  /// The region's id in the catalog.
  public let region: String
  /// Whether other regions of its area may answer. Rule N-2.
  public let crossRegion: Bool
  /// Ids of the model versions that are enabled, in the order of the catalog.
  public let models: [String]
  /// The one of them that answers calls which name none; of text resources only. Rule G-19.
  public let defaultModel: String?
  /// Of a knowledge base: the id of the embeddings resource that it uses. Rule R-5.
  public let embeddingsResource: String?
  /// When its bundle month ends and the next allowance begins; UTC, ISO 8601. Rule B-3.
  public let refillsAt: String
  /// The day of it, in the company's zone.
  public let refillDay: String
  /// Its activation; UTC, ISO 8601. Rule B-1.
  public let provisionedAt: String
  /// The day of it, in the company's zone.
  public let provisionedDay: String
  /// Left out for self-service.
  public let orderReference: String?
  /// Whom it was created for, as entered then.
  public let createdForName: String
  /// The canonical address of them.
  public let createdForEmail: String

  init(_ state: ResourceState, suspendsAt: Instant?, zone: CompanyZone, catalog: Catalog) {
    func day(_ instant: Instant) -> String { zone.day(of: instant).description }
    let resource = state.resource
    id = resource.id.text
    name = resource.name
    type = resource.type.word
    status = state.status.rawValue
    statusChangesAt = state.statusChangesAt?.utcText
    statusDay = state.statusChangesAt.map(day)
    capacity = catalog.planLabel(state)
    cloudTokens = state.tokens.count
    scheduledCapacity = state.scheduledChange.map { catalog.capacityLabel($0.capacity, $0.allowance) }
    scheduledCloudTokens = state.scheduledChange?.tokens.count
    self.suspendsAt = suspendsAt?.utcText
    suspensionDay = suspendsAt.map(day)
    environment = resource.environment.rawValue
    region = resource.region.text
    crossRegion = resource.isCrossRegion
    models = resource.models.map(\.text)
    defaultModel = resource.defaultModel?.text
    embeddingsResource = resource.embeddingsResource?.text
    refillsAt = state.refillsAt.utcText
    refillDay = day(state.refillsAt)
    provisionedAt = resource.provisionedAt.utcText
    provisionedDay = day(resource.provisionedAt)
    orderReference = resource.orderReference
    createdForName = resource.createdFor.name
    createdForEmail = resource.createdFor.email
  }
}

extension ResourceType {
  /// How commands name it.
  var word: String {
    switch self {
    case .text: "text"
    case .embeddings: "embeddings"
    case .knowledgeBase: "knowledge-base"
    }
  }
}
