public import Core
import Storage

/// `packhouse resource provision`: the order through sales, without the checks of self-service. Rules P-1, R-2 to R-6.
public struct ProvisionResource: OperatorRequest {
  public static let verb = "resource.provision"

  public var company: String
  /// The order reference (SKU), recorded with the resource.
  public var order: String
  /// `text`, `embeddings` or `knowledge-base`.
  public var type: String
  public var name: String
  /// `test`, `acceptance` or `production`.
  public var environment: String
  public var region: String
  /// `on` or `off`; nil takes what the models need.
  public var crossRegion: String?
  /// By id, alias or display name.
  public var models: [String]
  public var defaultModel: String?
  /// Of a knowledge base: the id of its embeddings resource.
  public var embeddingsResource: String?
  public var cloudTokens: String?
  /// A plan by its name, such as `M`, or its id.
  public var size: String?
  public var userName: String
  public var userEmail: String
  /// Only before the company's first resource. Rule P-2.
  public var timeZone: String?
  /// Says what would be provisioned, and provisions nothing.
  public var isDryRun: Bool
  public var idempotencyKey: String

  public init(
    company: String, order: String, type: String, name: String, environment: String, region: String,
    crossRegion: String? = nil, models: [String], defaultModel: String? = nil, embeddingsResource: String? = nil,
    cloudTokens: String? = nil, size: String? = nil, userName: String, userEmail: String, timeZone: String? = nil,
    isDryRun: Bool = false, idempotencyKey: String
  ) {
    self.company = company
    self.order = order
    self.type = type
    self.name = name
    self.environment = environment
    self.region = region
    self.crossRegion = crossRegion
    self.models = models
    self.defaultModel = defaultModel
    self.embeddingsResource = embeddingsResource
    self.cloudTokens = cloudTokens
    self.size = size
    self.userName = userName
    self.userEmail = userEmail
    self.timeZone = timeZone
    self.isDryRun = isDryRun
    self.idempotencyKey = idempotencyKey
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let company = try await desk.company(input.company)
    let request = input.request(desk.context.catalog)
    let provisioning = ProvisioningWork(request, timeZone: input.zone, desk.context)
    do {
      return try await desk.change(company.id, for: self, mode: isDryRun ? .dryRun : .commit) { work in
        let before = work.standing
        let done = try provisioning.run(&work)
        try work.reload()
        return Outcome(done, input, request, before: before, work)
      }
    } catch PlatformError.invalid(let wrong) {
      throw PlatformError.invalid(InvalidInput(wrong.problems.map(input.named)))
    }
  }

  private func read(_ list: inout ProblemList) -> ProvisioningInput? {
    let company = list.company(company)
    let order = list.text(
      order, .order, what: "the order reference (SKU)", limit: Provisioning.longestOrderReference)
    let type = list.choice(type, .type, ResourceType.allCases.map { ($0.word, $0) })
    let name = list.text(name, .name, what: "the display name", limit: Provisioning.longestName)
    let environment = list.choice(
      environment, .environment, ResourceEnvironment.allCases.map { ($0.rawValue.lowercased(), $0) })
    let region = list.text(region, .region, what: "a region's id, such as eu-central-1")
    let isCrossRegion = crossRegion.flatMap { list.choice($0, .crossRegion, [("on", true), ("off", false)]) }
    let tokens = cloudTokens.flatMap { list.tokens($0) }
    let userName = list.text(userName, .userName, what: "the name of the user whom the resource is for")
    let email = list.email(userEmail, .userEmail)
    let zone = timeZone.flatMap { list.zone($0) }
    checkChoices(type, &list)
    let key = list.idempotencyKey(idempotencyKey)
    guard let company, let order, let type, let name, let environment, let region, let userName, let email, key != nil
    else { return nil }
    return ProvisioningInput(
      company: company, order: order, type: type, name: name, environment: environment, region: RegionID(region),
      isCrossRegion: isCrossRegion, models: models, defaultModel: defaultModel,
      embeddingsResource: embeddingsResource, tokens: tokens, size: size,
      user: PersonReference(name: userName, email: email), zone: zone, isDryRun: isDryRun)
  }

  /// What has to be there for a type, and what can't be there together.
  private func checkChoices(_ type: ResourceType?, _ list: inout ProblemList) {
    if type == .knowledgeBase {
      if embeddingsResource == nil {
        list.add(.embeddingsResource, "A knowledge base needs an embeddings resource. Enter its id.")
      }
    } else if models.isEmpty {
      list.add(.model, "Enter at least one model, such as claude-sonnet-4-6; repeat the option for more.")
    }
    if size != nil, cloudTokens != nil {
      list.add(.size, "Enter either --size or --cloud-tokens: a resource has one capacity.")
    }
    // A knowledge base has one size only.
    if size == nil, cloudTokens == nil, type != .knowledgeBase {
      list.add(.cloudTokens, "Enter the capacity: --cloud-tokens, or --size for a fixed plan.")
    }
  }
}
