/// What a model's references are looked up in.
struct ModelContext {
  let regions: [RegionID: Region?]
  let families: Set<Identifier<ModelFamily>>
  let terms: Set<Identifier<ServiceTerms>>
  var limitProfiles: [String: [LocatedValue.Member]] = [:]

  init(
    regions: [Declared<Region>], families: [Declared<ModelFamily>],
    terms: [Declared<ServiceTerms>]
  ) {
    self.regions = Dictionary(regions.map { ($0.id, $0.entity) }, uniquingKeysWith: { first, _ in first })
    self.families = Set(families.map(\.id))
    self.terms = Set(terms.map(\.id))
  }

  /// The context of models that an operator adds to `catalog` with families of their own.
  init(catalog: Catalog, families: [Declared<ModelFamily>]) {
    regions = Dictionary(uniqueKeysWithValues: catalog.regions.map { ($0.id, $0) })
    self.families = Set(catalog.families.map(\.id) + families.map(\.id))
    terms = Set(catalog.terms.map(\.id))
  }
}

extension CatalogValidation {
  /// Most GenAI Units per million tokens: one unit a token. Keeps every product far from the ends of its type.
  static let rates: ClosedRange<Int64> = 0...1_000_000_000

  private static let modelMembers = [
    "id", "name", "family", "type", "aliases", "availability", "rates", "limits", "terms", "upstream", "label",
    "retiresOn", "successor",
  ]

  static func models(
    _ elements: [LocatedElement], context: ModelContext, log: ProblemLog
  ) -> [Declared<ModelVersion>] {
    declarations(elements, modelMembers, log) { reader, id in model(id, reader, context: context) }
  }

  private static func model(
    _ id: ModelVersionID, _ reader: DocumentReader, context: ModelContext
  ) -> ModelVersion? {
    let name = reader.text("name")
    let family: Identifier<ModelFamily>? = reader.identifier("family")
    if let family, !context.families.contains(family) { reader.problem("family", "There is no family \(family).") }
    let type = reader.choice("type", [("text", ResourceType.text), ("embeddings", .embeddings)])
    let availability = reader.elements("availability").compactMap {
      self.availability($0, context: context, log: reader.log)
    }
    checkRegionsOnce(availability, reader)
    let rates = rates(of: reader, type: type)
    let limits = limits(of: reader, type: type, profiles: context.limitProfiles)
    let terms = reader.texts("terms").map { term in
      if !context.terms.contains(Identifier(term.text)) {
        reader.log.add(term.line, term.path, "There are no terms \(term.text).")
      }
      return Identifier<ServiceTerms>(term.text)
    }
    let upstream = upstream(of: reader)
    let retiresOn = retirement(of: reader)
    let successor: ModelVersionID? = reader.has("successor") ? reader.identifier("successor") : nil
    guard let name, let family, let type, let rates, let limits else { return nil }
    return ModelVersion(
      id: id, displayName: name, family: family, type: type, availability: availability,
      aliases: reader.texts("aliases").map(\.text), rates: rates, limits: limits, retiresOn: retiresOn,
      successor: successor, label: reader.optionalText("label"), terms: terms, upstreamModels: upstream)
  }

  // MARK: Members

  private static func availability(
    _ element: LocatedElement, context: ModelContext, log: ProblemLog
  ) -> ModelAvailability? {
    let known = ["region", "crossRegionOnly", "inferenceRegions"]
    guard let reader = DocumentReader(element.value, path: element.path, log: log, known: known) else { return nil }
    let id: RegionID? = reader.identifier("region")
    let needsCrossRegion = reader.flag("crossRegionOnly", absent: false)
    let inference = reader.texts("inferenceRegions")
    guard let id, let needsCrossRegion else { return nil }
    guard let entry = context.regions[id] else {
      reader.problem("region", "There is no region \(id).")
      return nil
    }
    let result = ModelAvailability(
      region: id, needsCrossRegion: needsCrossRegion, inferenceRegions: inference.map { RegionID($0.text) })
    guard let region = entry else { return result }
    if !region.offersResources { reader.problem("region", "\(id) only answers cross-region inference.") }
    if needsCrossRegion, inference.isEmpty {
      reader.problem("crossRegionOnly", "Name the regions that answer in inferenceRegions.")
    }
    if !inference.isEmpty, !region.offersCrossRegion {
      reader.problem("inferenceRegions", "\(id) has no cross-region inference.")
    }
    for (text, line, path) in inference {
      switch context.regions[RegionID(text)] {
      case nil: log.add(line, path, "There is no region \(text).")
      case .some(let other?) where other.area != region.area:
        log.add(line, path, "\(text) is in area \(other.area), but requests of \(id) never leave area \(region.area).")
      case .some: break
      }
    }
    return result
  }

  private static func checkRegionsOnce(_ availability: [ModelAvailability], _ reader: DocumentReader) {
    let repeated = Dictionary(grouping: availability, by: \.region).filter { $1.count > 1 }.keys.sorted()
    for region in repeated { reader.problem("availability", "\(region) stands here twice.") }
  }

  private static func rates(of reader: DocumentReader, type: ResourceType?) -> ExchangeRates? {
    guard let value = reader.value("rates") else {
      reader.missing("rates")
      return nil
    }
    let known = ["input", "output", "cacheWrite", "cacheRead"]
    guard let rates = DocumentReader(value, path: reader.place("rates"), log: reader.log, known: known) else {
      return nil
    }
    let input = rates.thousandths("input", in: Self.rates)
    let output =
      type != .text && !rates.has("output") ? 0 : rates.thousandths("output", in: Self.rates)
    let cacheWrite = rates.optionalThousandths("cacheWrite", in: Self.rates)
    let cacheRead = rates.optionalThousandths("cacheRead", in: Self.rates)
    guard let input, let output else { return nil }
    return ExchangeRates(input: input, output: output, cacheWrite: cacheWrite, cacheRead: cacheRead)
  }

  private static func upstream(of reader: DocumentReader) -> [String: String] {
    var models: [String: String] = [:]
    for (key, text, line, path) in reader.pairs("upstream") {
      if ProviderKind(rawValue: key) == nil {
        let kinds = ProviderKind.allCases.map(\.rawValue).joined(separator: ", ")
        reader.log.add(line, path, "There is no kind of provider \(key). Known ones are: \(kinds).")
      }
      models[key] = text
    }
    return models
  }

  private static func retirement(of reader: DocumentReader) -> LocalDay? {
    guard let text = reader.optionalText("retiresOn") else {
      if reader.has("successor"), !reader.has("retiresOn") {
        reader.problem("successor", "A successor needs the day of retirement in retiresOn.")
      }
      return nil
    }
    guard let day = LocalDay(iso: text) else {
      reader.problem("retiresOn", "A day such as 2027-01-31 is needed here.")
      return nil
    }
    if !reader.has("successor") {
      reader.problem("retiresOn", "A retiring model needs a successor, which its callers are told of.")
    }
    return day
  }

  // MARK: Across models

  static func checkSuccessors(_ models: [Declared<ModelVersion>], log: ProblemLog) {
    let byID = Dictionary(models.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for declared in models {
      guard let model = declared.entity, let successor = model.successor else { continue }
      let place = DocumentReader.join(declared.path, "successor")
      guard let next = byID[successor] else {
        log.add(declared.line, place, "There is no model \(successor).")
        continue
      }
      if let other = next.entity, other.type != model.type {
        log.add(declared.line, place, "\(successor) is a model of another type.")
      }
      var seen: Set<ModelVersionID> = [model.id]
      var current: ModelVersionID? = successor
      while let id = current {
        guard seen.insert(id).inserted else {
          log.add(declared.line, place, "The successors of \(model.id) come back to \(id).")
          break
        }
        current = byID[id]?.entity?.successor
      }
    }
  }

  /// Every name means one model version. `taken` holds names of other documents in lower case. Rule D-3.
  static func checkNames(_ models: [Declared<ModelVersion>], taken: [String: ModelVersionID], log: ProblemLog) {
    var owners = taken
    for declared in models {
      guard let model = declared.entity else { continue }
      for name in Set(model.names.map { $0.lowercased() }).sorted() {
        if let owner = owners[name], owner != model.id {
          log.add(declared.line, declared.path, "The name \(name) already means \(owner).")
        } else {
          owners[name] = model.id
        }
      }
    }
  }
}
