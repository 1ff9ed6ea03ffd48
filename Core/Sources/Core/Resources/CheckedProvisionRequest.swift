/// A request held against the catalog: what could be read from it, and everything that is wrong with it. Rule R-2.
struct CheckedProvisionRequest {
  private(set) var name = ""
  private(set) var environment: ResourceEnvironment?
  private(set) var region: Region?
  private(set) var isCrossRegion = false
  /// In the order of the catalog.
  private(set) var models: [ModelVersion] = []
  private(set) var defaultModel: ModelVersionID?
  private(set) var price: (capacity: Capacity, tokens: CloudTokens, allowance: Allowance)?
  private(set) var createdFor: PersonReference?
  /// Of a knowledge base. Rule R-5.
  private(set) var embeddingsResource: ResourceState?
  private(set) var problems: [FieldProblem] = []

  let request: ProvisionRequest
  let catalog: Catalog
  let company: Standing
  /// The company's local day.
  private let day: LocalDay

  /// The company as of the instant of the check.
  struct Standing {
    let facts: CompanyFacts
    let timeline: CompanyTimeline
    let instant: Instant
  }

  init(
    _ request: ProvisionRequest, facts: CompanyFacts, timeline: CompanyTimeline, catalog: Catalog, at instant: Instant
  ) {
    self.request = request
    self.catalog = catalog
    company = Standing(facts: facts, timeline: timeline, instant: instant)
    day = facts.zone.day(of: instant)
    checkName()
    checkEnvironment()
    checkRegion()
    request.type == .knowledgeBase ? checkEmbeddings() : checkModels()
    checkDefaultModel()
    checkCapacity()
    checkPerson()
    checkTerms()
    checkOrigin()
  }

  /// The terms of the chosen models, each once, in the order of the catalog. Rule R-7.
  var terms: [ServiceTerms] {
    let named = Set(models.flatMap(\.terms))
    return catalog.terms.filter { named.contains($0.id) }
  }

  mutating func refuse(_ field: ProvisionField, _ message: String) {
    problems.append(FieldProblem(field.rawValue, message))
  }

  private mutating func checkName() {
    switch DisplayText.read(request.name, limit: Provisioning.longestName) {
    case .success(let text): name = text.text
    case .failure(let problem): refuse(.name, problem.ofDisplayName)
    }
  }

  private mutating func checkEnvironment() {
    environment = request.environment
    if environment == nil { refuse(.environment, "Choose an environment: Test, Acceptance or Production.") }
  }

  private mutating func checkRegion() {
    guard let id = request.region else { return refuse(.region, "Choose a region.") }
    guard let found = catalog.region(id), found.offersResources else {
      let offered = catalog.offeredRegions.map(\.displayName).joined(separator: "; ")
      return refuse(.region, "The region \"\(id.text.shortened)\" is not offered. Choose one of: \(offered).")
    }
    region = found
    isCrossRegion = request.crossRegion(in: found, catalog: catalog)
    if isCrossRegion, !found.offersCrossRegion {
      refuse(
        .crossRegion, "\(found.displayName) has no cross-region inference. Switch it off or choose another region.")
    }
  }

  /// What a knowledge base takes over from its embeddings resource.
  mutating func use(_ state: ResourceState, model: ModelVersion?) {
    embeddingsResource = state
    isCrossRegion = state.resource.isCrossRegion
    models = model.map { [$0] } ?? []
  }

  private mutating func checkModels() {
    if request.embeddingsResource != nil {
      refuse(.embeddingsResource, "Only knowledge bases use an embeddings resource.")
    }
    guard !request.models.isEmpty else { return refuse(.models, "Choose at least one model.") }
    guard request.models.count <= Provisioning.mostModels else {
      return refuse(.models, "Choose at most \(Provisioning.mostModels) models.")
    }
    let wanted = Set(request.models)
    models = catalog.models.filter { wanted.contains($0.id) && $0.type == request.type }
    let unknown = wanted.subtracting(models.map(\.id)).sorted()
    let known = catalog.models.filter { $0.type == request.type }.prefix(20).map(\.id.text).joined(separator: ", ")
    for id in unknown {
      refuse(.models, "\"\(id.text.shortened)\" is not a model for a \(request.type.words). Such are: \(known).")
    }
    for model in models {
      if let problem = problem(with: model) { refuse(.models, problem) }
    }
  }

  /// Says that `model` is retired and what to choose instead; nil where it is not. Rule C-10.
  func retirement(of model: ModelVersion) -> String? {
    guard model.isRetired(on: day) else { return nil }
    let successor = model.successor.flatMap { catalog.model($0) }.map { " Choose \($0.displayName) instead." }
    return "\(model.displayName) is retired.\(successor ?? "")"
  }

  /// Why `model` can't be had here; nil where it can.
  private func problem(with model: ModelVersion) -> String? {
    if let retired = retirement(of: model) { return retired }
    guard let region else { return nil }
    guard let availability = model.availability(in: region.id) else {
      return "\(model.displayName) is not available in \(region.displayName)."
    }
    guard availability.needsCrossRegion, !isCrossRegion else { return nil }
    return "\(model.displayName) needs cross-region inference. Switch it on or leave the model out."
  }

  private mutating func checkDefaultModel() {
    guard request.type == .text else {
      if request.defaultModel != nil { refuse(.defaultModel, "Only text generation resources have a default model.") }
      return
    }
    guard let wanted = request.defaultModel else {
      if models.count == 1 { defaultModel = models.first?.id }
      if models.count > 1 { refuse(.defaultModel, "Choose which of the models answers calls that name none.") }
      return
    }
    guard request.models.contains(wanted) else {
      return refuse(.defaultModel, "Choose the default model from the models of the resource.")
    }
    defaultModel = wanted
  }

  private mutating func checkCapacity() {
    let options = catalog.capacityOptions(for: request.type)
    // Of one size there is nothing to choose.
    let only = options.offersUnits || options.plans.count != 1 ? nil : Capacity.plan(options.plans[0].id)
    guard let capacity = request.capacity ?? only else { return refuse(.capacity, options.missing) }
    guard let found = catalog.price(of: capacity, type: request.type) else {
      return refuse(.capacity, options.problem(with: capacity))
    }
    price = (capacity, found.tokens, found.allowance)
  }

  private mutating func checkPerson() {
    let person: String?
    switch DisplayText.read(request.userName, limit: Provisioning.longestName) {
    case .success(let text): person = text.text
    case .failure(let problem):
      person = nil
      refuse(
        .userName,
        problem == .empty
          ? "Enter the name of the user whom the resource is for."
          : "Enter the user's name in at most \(Provisioning.longestName) visible characters.")
    }
    guard let email = EmailAddress.canonical(request.userEmail) else {
      return refuse(.userEmail, "Enter the user's email address, such as anna@example.com.")
    }
    if let person { createdFor = PersonReference(name: person, email: email) }
  }

  /// Rule R-7: terms that changed since they were shown are asked again.
  private mutating func checkTerms() {
    guard let acknowledged = request.acknowledgedTerms else { return }
    for terms in terms where !acknowledged.contains(TermsVersion(terms)) {
      refuse(.terms, "Read and confirm \"\(terms.title)\" of \(terms.party), version \(terms.version).")
    }
  }

  private mutating func checkOrigin() {
    guard case .operatorOrder(let reference) = request.origin else { return }
    if case .failure = DisplayText.read(reference, limit: Provisioning.longestOrderReference) {
      refuse(
        .orderReference,
        "Enter the order reference (SKU) in 1 to \(Provisioning.longestOrderReference) visible characters.")
    }
  }
}

extension ProvisionRequest {
  /// The choice, or what fits where none was made. Rule R-2: on by default where models need it.
  func crossRegion(in region: Region, catalog: Catalog) -> Bool {
    if let isCrossRegion { return isCrossRegion }
    guard region.offersCrossRegion else { return false }
    let chosen = Set(models)
    return catalog.models.contains { model in
      model.type == type && (chosen.isEmpty || chosen.contains(model.id))
        && model.availability(in: region.id)?.needsCrossRegion == true
    }
  }
}

extension CapacityOptions {
  /// What to say where nothing was chosen.
  var missing: String { offersUnits ? "Enter a number of Cloud Tokens." : "Choose a size." }

  /// Why `capacity` can't be had, and what can.
  func problem(with capacity: Capacity) -> String {
    let sizes = plans.map(\.displayName).joined(separator: ", ")
    switch capacity {
    case .units where offersUnits:
      return "Enter a whole number of Cloud Tokens from \(Self.tokens.lowerBound) to "
        + "\(UnitsFormat.grouped(Self.tokens.upperBound))."
    case .units:
      return "Such a resource is offered in fixed sizes only. Choose one of: \(sizes)."
    case .plan where plans.isEmpty:
      return "Such a resource is offered by Cloud Tokens only. Enter a number of Cloud Tokens."
    case .plan(let id):
      return "The size \"\(id.text.shortened)\" is not offered. Choose one of: \(sizes)."
    }
  }
}

extension String {
  /// Short enough to be quoted in a sentence, whatever somebody sent.
  var shortened: String { String(prefix(60).filter { !$0.isNewline }) }
}
