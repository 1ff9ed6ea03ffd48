import Core

/// A resource as `packhouse resource list` shows it. Rule R-1.
public struct ListedResource: Codable, Hashable, Sendable {
  public let id: String
  public let name: String
  /// `text`, `embeddings` or `knowledge-base`.
  public let type: String
  /// As people read it, such as `CAPACITY DECREASE SCHEDULED`.
  public let status: String
  /// When what the status announces takes effect; left out where it announces nothing.
  public let statusChangesAt: String?
  public let statusDay: String?
  /// The plan's name, or the capacity in GenAI Units.
  public let capacity: String
  /// What the resource holds at present.
  public let cloudTokens: Int64
  /// The capacity that is to follow, and its Cloud Tokens; left out where none is scheduled.
  public let scheduledCapacity: String?
  public let scheduledCloudTokens: Int64?
  /// When the resource will be suspended unless Cloud Tokens return. Rule T-5.
  public let suspendsAt: String?
  public let suspensionDay: String?
  public let environment: String
  public let region: String
  public let crossRegion: Bool
  public let models: [String]
  public let defaultModel: String?
  /// Of a knowledge base.
  public let embeddingsResource: String?
  public let refillsAt: String
  public let refillDay: String
  public let provisionedAt: String
  public let provisionedDay: String
  /// Left out for self-service.
  public let orderReference: String?
  public let createdForName: String
  public let createdForEmail: String

  init(_ state: ResourceState, zone: CompanyZone, catalog: Catalog) {
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
    suspendsAt = state.suspendsAt?.utcText
    suspensionDay = state.suspendsAt.map(day)
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
