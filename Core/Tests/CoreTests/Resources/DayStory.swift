import Core

/// A company's facts for tests, by local days. What is decided is recorded as the decisions give it.
struct DayStory {
  let zone: CompanyZone
  private(set) var facts: CompanyFacts

  init(zone name: String = "Europe/Amsterdam") {
    guard let zone = CompanyZone(name) else { preconditionFailure("\(name) is no zone") }
    self.zone = zone
    let created = zone.firstInstant(of: LocalDay(year: 2025, month: 1, day: 1))
    let company = Company(id: CompanyID("acme"), name: "Acme", timeZone: zone.identifier, createdAt: created)
    facts = CompanyFacts(
      company: company, zone: zone,
      accounts: [.fresh(id: Identifier("account"), companyID: company.id, on: zone.day(of: created))])
  }

  static let small = Capacity.plan(Identifier("text-s"))
  static let medium = Capacity.plan(Identifier("text-m"))
  static let large = Capacity.plan(Identifier("text-l"))
  static let standard = Capacity.plan(Identifier("kb-standard"))

  var timeline: CompanyTimeline { CompanyTimeline(facts) }

  /// `2026-02-12` is the first instant of that local day, `2026-02-12 10:30` ten and a half hours later.
  func at(_ text: String) -> Instant {
    let parts = text.split(separator: " ")
    let clock = (parts.count > 1 ? parts[1] : "00:00").split(separator: ":").compactMap { Int64($0) }
    guard let day = LocalDay(iso: String(parts[0])), clock.count == 2 else { preconditionFailure("\(text) is no time") }
    return zone.firstInstant(of: day).adding(seconds: clock[0] * 3_600 + clock[1] * 60)
  }

  // MARK: What is recorded

  mutating func contract(_ tokens: Int64, _ from: String, _ to: String, recorded: String = "2025-01-01") {
    facts.contracts.append(
      Contract(
        id: Identifier("contract-\(facts.contracts.count)"), companyID: facts.company.id, tokens: CloudTokens(tokens),
        startsAt: at(from), endsAt: at(to), recordedAt: at(recorded)))
  }

  /// A resource by its name, which is its id as well; nobody asks whether the tokens suffice.
  mutating func add(
    _ name: String, _ capacity: Capacity, _ type: ResourceType = .text, at time: String, using embeddings: String? = nil
  ) {
    let model = type == .text ? "near" : "vectors"
    add(
      Resource(
        id: ResourceID(name), companyID: facts.company.id, name: name, type: type, environment: .test,
        region: RegionID("north"), isCrossRegion: false, models: [ModelVersionID(model)],
        defaultModel: type == .text ? ModelVersionID(model) : nil,
        createdFor: PersonReference(name: "Anna", email: "anna@acme.example"), provisionedAt: at(time),
        embeddingsResource: embeddings.map { ResourceID($0) }), capacity)
  }

  mutating func add(_ resource: Resource, _ capacity: Capacity) {
    guard let price = ShelfCatalog.catalog.price(of: capacity, type: resource.type) else {
      preconditionFailure("\(capacity) is not offered")
    }
    facts.resources.append(resource)
    facts.capacityChanges.append(
      CapacityChange(
        resourceID: resource.id, capacity: capacity, tokens: price.tokens, allowance: price.allowance,
        effectiveAt: resource.provisionedAt))
  }

  mutating func record(_ provisioned: ProvisionedResource) {
    facts.resources.append(provisioned.resource)
    facts.capacityChanges.append(provisioned.capacityChange)
  }

  mutating func record(_ adjustment: CapacityAdjustment) {
    if let superseded = adjustment.superseded { record(superseded) }
    record(adjustment.change)
  }

  /// In place of the same change where it is there already, such as a cancelled one.
  mutating func record(_ change: CapacityChange) {
    facts.capacityChanges.removeAll { $0.resourceID == change.resourceID && $0.recordedAt == change.recordedAt }
    facts.capacityChanges.append(change)
  }

  mutating func record(_ deprovisionings: [Deprovisioning]) {
    for new in deprovisionings {
      facts.deprovisionings.removeAll { $0.resourceID == new.resourceID && $0.recordedAt == new.recordedAt }
      facts.deprovisionings.append(new)
    }
  }

  mutating func record(_ edited: Resource) {
    for index in facts.resources.indices where facts.resources[index].id == edited.id {
      facts.resources[index] = edited
    }
  }

  // MARK: What is decided

  func adjust(
    _ name: String, to capacity: Capacity?, at time: String, fits: Bool = true,
    origin: ProvisionRequest.Origin = .selfService
  ) throws(ResourceChangeRefusal) -> CapacityAdjustment {
    try CapacityAdjustment.decide(
      capacity, for: ResourceID(name), facts: facts, timeline: timeline, catalog: ShelfCatalog.catalog, at: at(time),
      origin: origin, branding: Branding(), fitsThisMonth: { _ in fits })
  }

  func cancelChange(of name: String, at time: String) throws(ResourceChangeRefusal) -> CapacityChange {
    try CapacityAdjustment.cancel(of: ResourceID(name), timeline: timeline, at: at(time))
  }

  func deprovision(
    _ name: String, withKnowledgeBases: Bool = false, at time: String
  ) throws(ResourceChangeRefusal) -> DeprovisioningPlan {
    try DeprovisioningPlan.decide(
      for: ResourceID(name), withKnowledgeBases: withKnowledgeBases, facts: facts, timeline: timeline, at: at(time))
  }

  func cancelDeprovisioning(of name: String, at time: String) throws(ResourceChangeRefusal) -> [Deprovisioning] {
    try DeprovisioningPlan.cancel(of: ResourceID(name), timeline: timeline, at: at(time))
  }

  // MARK: What is

  /// In the last millisecond before `time`.
  func before(_ time: String) -> Instant { at(time).adding(milliseconds: -1) }

  func state(_ name: String, _ time: String) -> ResourceState? { state(name, at(time)) }

  func state(_ name: String, _ instant: Instant) -> ResourceState? {
    timeline.state(of: ResourceID(name), at: instant)
  }

  func available(_ time: String) -> CloudTokens { timeline.balance(at: at(time)).available }

  func available(_ instant: Instant) -> CloudTokens { timeline.balance(at: instant).available }

  /// `kind tokens owner`, oldest first.
  func movements(after: String, upTo: String) -> [String] {
    timeline.movements(after: at(after), upTo: at(upTo)).map { movement in
      let owner =
        switch movement.source {
        case .contract(let id): id.text
        case .resource(let id): id.text
        }
      return "\(movement.kind.rawValue) \(movement.tokens.count) \(owner)"
    }
  }

  /// `kind subject` with its local day, oldest first.
  func effects(after: String, upTo: String) -> [String] {
    timeline.effects(after: at(after), upTo: at(upTo)).map { effect in
      let what =
        switch effect.kind {
        case .contractBegan(let id): "began \(id)"
        case .contractEnded(let id): "ended \(id)"
        case .capacityChanged(let id): "changed \(id)"
        case .marked(let id): "marked \(id)"
        case .suspended(let id): "suspended \(id)"
        case .resumed(let id): "resumed \(id)"
        case .deprovisioned(let id): "deprovisioned \(id)"
        }
      return "\(zone.day(of: effect.at)) \(what)"
    }
  }
}

extension ResourceChangeRefusal {
  /// What `body` was refused with; nil where it was not.
  static func of<Value>(_ body: () throws -> Value) -> ResourceChangeRefusal? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? ResourceChangeRefusal
    }
  }

  static func capacity(_ message: String) -> ResourceChangeRefusal {
    .invalid(InvalidInput([FieldProblem("capacity", message)]))
  }

  static func insufficientTokens(_ sentence: String) -> ResourceChangeRefusal {
    .ineligible([IneligibilityReason(.insufficientTokens, sentence)])
  }
}
