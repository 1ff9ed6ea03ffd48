import Core
import Platform

/// The form "Adjust Plan Size GenAI Resource" or "Edit Resource" as it was filled in. Rules.
struct ChangeForm: Sendable {
  let kind: Kind
  let name: String
  let environment: String
  let defaultModel: String
  let capacity: CapacityInput
  let submission: String
  /// Of the state that the form was made from.
  let revision: Instant?

  enum Kind: Sendable {
    /// Of a plan: another size, or a conversion to Cloud Tokens.
    case plan
    /// Name, environment, default model and Cloud Tokens.
    case units
    /// Of a knowledge base: its name.
    case name
  }

  /// What the resource is now.
  init(_ page: ResourceChangePage) {
    let resource = page.resource
    kind = Kind(resource, page.state.capacity.capacity)
    name = resource.name
    environment = resource.environment.rawValue
    defaultModel = resource.defaultModel?.text ?? ""
    capacity = CapacityInput(page.state.capacity.capacity)
    submission = page.idempotencyKey
    revision = page.state.revision
  }

  init(_ fields: FormFields, _ page: ResourceChangePage) {
    kind = Kind(page.resource, page.state.capacity.capacity)
    name = fields["name"]
    environment = fields["environment"]
    defaultModel = fields["defaultModel"]
    capacity = CapacityInput(fields)
    submission = fields["submission"]
    revision = Int64(fields["revision"]).map(Instant.init(milliseconds:))
  }

  /// What "Edit Resource" changes beside the capacity.
  var edit: ResourceEdit {
    switch kind {
    case .plan: ResourceEdit()
    case .units:
      ResourceEdit(
        name: name, environment: ResourceEnvironment(rawValue: environment),
        defaultModel: defaultModel.nonEmpty.map { ModelVersionID($0) })
    case .name: ResourceEdit(name: name)
    }
  }

  /// What "Edit Resource" has to have a value for.
  func openFields(of resource: Resource) -> [FieldProblem] {
    guard kind == .units else { return [] }
    var open: [FieldProblem] = []
    func refuse(_ field: ChangeField, _ message: String) { open.append(FieldProblem(field.rawValue, message)) }
    if ResourceEnvironment(rawValue: environment) == nil {
      refuse(.environment, "Choose an environment: Test, Acceptance or Production.")
    }
    if resource.type == .text, defaultModel.isEmpty {
      refuse(.defaultModel, "Choose the default model from the models of the resource.")
    }
    if capacity.capacity == nil { refuse(.capacity, "Enter a number of Cloud Tokens.") }
    return open
  }

  /// A repeat of the same content is harmless; other content sent from the same page is a change of its own.
  var idempotencyKey: String {
    let fields = [("name", name), ("environment", environment), ("defaultModel", defaultModel)] + capacity.fields
    return ContentKey.make(submission, fields + [("revision", "\(revision?.milliseconds ?? 0)")])
  }
}

extension ChangeForm.Kind {
  init(_ resource: Resource, _ capacity: Capacity) {
    switch (resource.type, capacity) {
    case (.knowledgeBase, _): self = .name
    case (_, .plan): self = .plan
    case (_, .units): self = .units
    }
  }
}
