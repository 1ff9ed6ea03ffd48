public import Core
import Storage

/// `packhouse resource deprovision`: ends a resource with its bundle month. Rules P-1, A-5.
public struct DeprovisionResource: OperatorRequest {
  public static let verb = "resource.deprovision"

  /// The resource's id.
  public var resource: String
  /// Also ends the knowledge bases that use an embeddings resource.
  public var withKnowledgeBases: Bool
  /// Ids of everything that a dry run showed to whoever confirmed it: nothing else ends. Nil where nobody was asked.
  public var shown: [String]?
  /// Says what would be scheduled, and schedules nothing.
  public var isDryRun: Bool
  public var idempotencyKey: String

  public init(
    resource: String, withKnowledgeBases: Bool, shown: [String]? = nil, isDryRun: Bool, idempotencyKey: String
  ) {
    self.resource = resource
    self.withKnowledgeBases = withKnowledgeBases
    self.shown = shown
    self.isDryRun = isDryRun
    self.idempotencyKey = idempotencyKey
  }

  /// What ends when.
  public struct Outcome: OperatorOutcome {
    public struct End: Codable, Hashable, Sendable {
      public let id: String
      public let name: String
      public let endsAt: String
      /// In the company's zone; at its beginning.
      public let endDay: String
    }

    public let company: String
    public let companyName: String
    public let timeZone: String
    /// Knowledge bases before the resource itself.
    public let ends: [End]
    public let dryRun: Bool
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let reference = try checked(read)
    let resource = try await desk.context.read { try $0.resource(namedByOperator: reference) }
    let (id, isDryRun, consent) = (resource.id, isDryRun, consent(to: resource.id))
    return try await desk.change(resource.companyID, for: self, mode: isDryRun ? .dryRun : .commit) { work in
      let scheduled = try Resources.deprovision(id, consent, &work)
      return Outcome(
        company: work.facts.company.id.text, companyName: work.facts.company.name,
        timeZone: work.facts.company.timeZone,
        ends: scheduled.ends.map {
          Outcome.End(id: $0.resource.text, name: $0.name, endsAt: $0.at.utcText, endDay: $0.day)
        }, dryRun: isDryRun)
    }
  }

  private func consent(to id: ResourceID) -> KnowledgeBaseConsent {
    guard withKnowledgeBases else { return .alone }
    return shown.map { .shown(Set($0.map { ResourceID($0) }).subtracting([id])) } ?? .all
  }

  private func read(_ list: inout ProblemList) -> String? {
    let resource = list.text(resource, .resourceOperand, what: "the resource's id")
    return list.idempotencyKey(idempotencyKey) == nil ? nil : resource
  }
}
