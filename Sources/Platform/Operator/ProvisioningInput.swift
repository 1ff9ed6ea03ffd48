import Core

/// A ``ProvisionResource`` that makes sense by itself; the rules of provisioning have not seen it yet.
struct ProvisioningInput: Sendable {
  let company: String
  let order: String
  let type: ResourceType
  let name: String
  let environment: ResourceEnvironment
  let region: RegionID
  let isCrossRegion: Bool?
  let models: [String]
  let defaultModel: String?
  let embeddingsResource: String?
  let tokens: CloudTokens?
  let size: String?
  let user: PersonReference
  let zone: CompanyZone?
  let isDryRun: Bool

  /// The same as the form would send it, ordered by the operator. Rule P-1.
  func request(_ catalog: Catalog) -> ProvisionRequest {
    ProvisionRequest(
      name: name, type: type, environment: environment, region: region, isCrossRegion: isCrossRegion,
      models: models.map { Self.model($0, catalog) },
      embeddingsResource: embeddingsResource.map { ResourceID($0) },
      defaultModel: defaultModel.map { Self.model($0, catalog) },
      capacity: tokens.map(Capacity.units) ?? size.map { plan($0, catalog) },
      userName: user.name, userEmail: user.email, origin: .operatorOrder(reference: order))
  }

  /// A problem that the rules of provisioning found, under the name of its option.
  func named(_ problem: FieldProblem) -> FieldProblem {
    guard let field = ProvisionField(rawValue: problem.field) else { return problem }
    return FieldProblem(option(of: field)?.rawValue ?? "", problem.message)
  }

  private func option(of field: ProvisionField) -> OperatorField? {
    switch field {
    case .name: .name
    case .type: .type
    case .environment: .environment
    case .region: .region
    case .crossRegion: .crossRegion
    case .models: .model
    case .embeddingsResource: .embeddingsResource
    case .defaultModel: .defaultModel
    case .capacity: size == nil ? .cloudTokens : .size
    case .userName: .userName
    case .userEmail: .userEmail
    case .orderReference: .order
    case .timeZone: .timeZone
    case .terms: nil
    }
  }

  /// What nobody knows is passed on: the rules name it in their refusal.
  private static func model(_ name: String, _ catalog: Catalog) -> ModelVersionID {
    catalog.model(named: name, among: catalog.models.map(\.id))?.id ?? ModelVersionID(name)
  }

  private func plan(_ name: String, _ catalog: Catalog) -> Capacity {
    let plans = catalog.capacityOptions(for: type).plans
    let found = plans.first { $0.displayName.lowercased() == name.lowercased() || $0.id.text == name }
    return .plan(found?.id ?? Identifier(name))
  }
}
