public import Core
import Storage

/// `packhouse resource cancel-deprovisioning`: what was to end goes on. Rules P-1, A-5.
public struct CancelDeprovisioning: OperatorRequest {
  public static let verb = "resource.cancel-deprovisioning"

  /// The resource's id.
  public var resource: String
  public var idempotencyKey: String

  public init(resource: String, idempotencyKey: String) {
    self.resource = resource
    self.idempotencyKey = idempotencyKey
  }

  /// What goes on.
  public struct Outcome: OperatorOutcome {
    public let company: String
    public let companyName: String
    /// Names of the resources; of a knowledge base also its embeddings resource where that was to end.
    public let names: [String]
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let reference = try checked(read)
    let resource = try await desk.context.read { try $0.resource(namedByOperator: reference) }
    let id = resource.id
    return try await desk.change(resource.companyID, for: self) { work in
      let cancelled = try Resources.cancelDeprovisioning(of: id, &work)
      return Outcome(
        company: work.facts.company.id.text, companyName: work.facts.company.name, names: cancelled.names)
    }
  }

  private func read(_ list: inout ProblemList) -> String? {
    let resource = list.text(resource, .resourceOperand, what: "the resource's id")
    return list.idempotencyKey(idempotencyKey) == nil ? nil : resource
  }
}
