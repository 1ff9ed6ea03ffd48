extension Catalog {
  /// The catalog with models (and their families) at its end, such as those of an operator's own server. Rule C-5.
  /// Names must not collide; ``ProviderValidation`` sees to it.
  public func adding(_ more: [ModelVersion], families moreFamilies: [ModelFamily] = []) -> Catalog {
    guard !more.isEmpty || !moreFamilies.isEmpty else { return self }
    let known = Set(models.map(\.id))
    let knownFamilies = Set(families.map(\.id))
    return Catalog(
      version: version, regions: regions, families: families + moreFamilies.filter { !knownFamilies.contains($0.id) },
      models: models + more.filter { !known.contains($0.id) }, packs: packs, terms: terms,
      unitsPerCloudToken: unitsPerCloudToken)
  }

  /// The model version that a call means by `name`: its id, an alias, its display name, or its id at a provider;
  /// upper and lower case alike, also as the last part of an ARN. Only one of `enabled` is given back. Rule D-3.
  public func model(named name: String, among enabled: [ModelVersionID]) -> ModelVersion? {
    guard let id = modelID(named: name), enabled.contains(id) else { return nil }
    return model(id)
  }

  /// Those of `enabled` that the catalog lacks: with one of them the server does not start. Rule C-1.
  public func missingModels(among enabled: [ModelVersionID]) -> [ModelVersionID] {
    enabled.filter { model($0) == nil }
  }

  /// Regions in which something may be provisioned.
  public var offeredRegions: [Region] { regions.filter(\.offersResources) }

  /// Model versions that may be provisioned in `region`, in the order of the catalog; without cross-region inference
  /// those that need it are left out (rule R-2), and those retired on `day` always (rule C-10).
  public func offered(
    type: ResourceType, region: RegionID, isCrossRegion: Bool, on day: LocalDay? = nil
  ) -> [ModelVersion] {
    models.filter { model in
      guard model.type == type, !model.isRetired(on: day) else { return false }
      return model.availability(in: region).map { isCrossRegion || !$0.needsCrossRegion } ?? false
    }
  }

  /// What a resource of `type` may be bought as. Rule C-9.
  public func capacityOptions(for type: ResourceType) -> CapacityOptions {
    let pack = pack(for: type)
    return CapacityOptions(offersUnits: pack?.offersUnits ?? false, plans: pack?.plans ?? [])
  }

  /// What `capacity` costs and permits; nil where it is not offered for `type`. Rules C-7, C-8, U-4.
  public func price(of capacity: Capacity, type: ResourceType) -> (tokens: CloudTokens, allowance: Allowance)? {
    guard let pack = pack(for: type) else { return nil }
    switch capacity {
    case .units(let tokens):
      guard pack.offersUnits, CapacityOptions.tokens.contains(tokens.count) else { return nil }
      return (tokens, .units(GenAIUnits(whole: tokens.count * unitsPerCloudToken)))
    case .plan(let id):
      guard let plan = pack.plans.first(where: { $0.id == id }) else { return nil }
      guard let input = plan.inputTokens else { return (plan.tokens, .units(.zero)) }
      return (plan.tokens, .plan(input: input, output: plan.outputTokens))
    }
  }

  /// What `capacity` gives, in words: `3,000 GenAI Units each bundle month`, the quotas of a plan, or the disk of a
  /// knowledge base. Rules C-7, C-8.
  public func offering(of capacity: Capacity, _ allowance: Allowance) -> String {
    if case .plan(let id) = capacity, let disk = plan(id)?.diskInWords { return disk }
    return "\(allowance.inWords) each bundle month"
  }
}

/// What resources of one type may be bought as. Rule C-9.
public struct CapacityOptions: Hashable, Sendable {
  public let offersUnits: Bool
  /// Smallest first.
  public let plans: [Plan]

  /// Cloud Tokens that one resource may have by units: at least one; the upper end keeps every amount far from the
  /// ends of its type.
  public static let tokens: ClosedRange<Int64> = 1...10_000_000
}

extension ModelVersion {
  /// How the version is reached in `region`; nil where it is not offered there.
  public func availability(in region: RegionID) -> ModelAvailability? { availability.first { $0.region == region } }

  /// True from the day of ``retiresOn`` on. Rule C-10.
  public func isRetired(on day: LocalDay?) -> Bool {
    guard let day, let retiresOn else { return false }
    return day >= retiresOn
  }
}
