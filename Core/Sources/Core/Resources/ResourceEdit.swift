/// What the page "Edit Resource" changes beside the capacity. Rules: scheduled changes stay as they are.
public struct ResourceEdit: Hashable, Sendable {
  /// "Display Name", as typed; nil leaves it.
  public var name: String?
  public var environment: ResourceEnvironment?
  /// Text only; nil leaves it.
  public var defaultModel: ModelVersionID?

  public init(name: String? = nil, environment: ResourceEnvironment? = nil, defaultModel: ModelVersionID? = nil) {
    self.name = name
    self.environment = environment
    self.defaultModel = defaultModel
  }

  /// The resource as edited at `instant`; the same where nothing changes.
  public func applied(to state: ResourceState, at instant: Instant) throws(ResourceChangeRefusal) -> Resource {
    guard state.endedAt == nil else {
      throw .notNow("“\(state.resource.name)” is deprovisioned and can't be changed any more.")
    }
    var resource = state.resource
    var problems: [FieldProblem] = []
    if let name {
      switch DisplayText.read(name, limit: Provisioning.longestName) {
      case .success(let text): resource.name = text.text
      case .failure(let problem): problems.append(FieldProblem(ChangeField.name.rawValue, problem.ofDisplayName))
      }
    }
    if let environment { resource.environment = environment }
    if let defaultModel {
      if resource.type == .text, resource.models.contains(defaultModel) {
        resource.defaultModel = defaultModel
      } else {
        problems.append(
          FieldProblem(
            ChangeField.defaultModel.rawValue,
            resource.type == .text
              ? "Choose the default model from the models of the resource."
              : "Only text generation resources have a default model."))
      }
    }
    guard problems.isEmpty else { throw .invalid(InvalidInput(problems)) }
    if resource != state.resource { resource.changedAt = instant }
    return resource
  }
}

extension DisplayText.Problem {
  /// What is wrong with a resource's display name.
  var ofDisplayName: String {
    switch self {
    case .empty: "Enter a display name."
    case .tooLong(let limit): "Shorten the display name to \(limit) characters."
    case .unprintable: "Remove line breaks and invisible characters from the display name."
    }
  }
}
