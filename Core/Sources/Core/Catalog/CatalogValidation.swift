/// Reads a catalog completely before anything uses it. Rule C-1.
public enum CatalogValidation {
  /// The catalog, or every problem of the document with its line and path, and how to mend it.
  public static func validate(_ root: LocatedValue) -> Result<Catalog, CatalogProblems> {
    let log = ProblemLog()
    let known = ["version", "unitsPerCloudToken", "regions", "terms", "families", "limitProfiles", "models", "packs"]
    guard let document = DocumentReader(root, path: "", log: log, known: known) else { return .failure(log.sorted) }

    let version = document.text("version")
    let unitsPerCloudToken = document.integer("unitsPerCloudToken", in: 1...1_000_000)
    let regions = regions(of: document)
    let terms = terms(of: document)
    let families = families(of: document)
    var context = ModelContext(regions: regions, families: families, terms: terms)
    context.limitProfiles = limitProfiles(of: document)
    let models = models(document.elements("models"), context: context, log: log)
    checkSuccessors(models, log: log)
    checkNames(models, taken: [:], log: log)
    let packs = packs(of: document, types: Set(models.compactMap(\.entity?.type)))

    guard log.problems.isEmpty, let version, let unitsPerCloudToken else { return .failure(log.sorted) }
    return .success(
      Catalog(
        version: version, regions: regions.compactMap(\.entity), families: families.compactMap(\.entity),
        models: models.compactMap(\.entity), packs: packs, terms: terms.compactMap(\.entity),
        unitsPerCloudToken: unitsPerCloudToken))
  }

  // MARK: Regions, terms, families

  static func regions(of document: DocumentReader) -> [Declared<Region>] {
    let known = ["id", "name", "area", "cloudProvider", "crossRegion", "inferenceOnly"]
    return declarations(document.elements("regions"), known, document.log) { reader, id in
      let name = reader.text("name")
      let area: Identifier<Area>? = reader.identifier("area")
      let cloudProvider = reader.text("cloudProvider")
      let crossRegion = reader.flag("crossRegion", absent: false)
      let inferenceOnly = reader.flag("inferenceOnly", absent: false)
      guard let name, let area, let cloudProvider, let crossRegion, let inferenceOnly else { return nil }
      return Region(
        id: id, displayName: name, area: area, cloudProvider: cloudProvider, offersCrossRegion: crossRegion,
        offersResources: !inferenceOnly)
    }
  }

  static func terms(of document: DocumentReader) -> [Declared<ServiceTerms>] {
    let known = ["id", "party", "title", "url", "version"]
    return declarations(document.optionalElements("terms"), known, document.log) { reader, id in
      let party = reader.text("party")
      let title = reader.text("title")
      let url = reader.text("url")
      let version = reader.text("version")
      if let url, WebAddress.problem(with: url, schemes: ["https"]) != nil {
        reader.problem("url", "A web address that begins with https:// is needed here.")
      }
      guard let party, let title, let url, let version else { return nil }
      return ServiceTerms(id: id, party: party, title: title, url: url, version: version)
    }
  }

  static func families(of document: DocumentReader) -> [Declared<ModelFamily>] {
    declarations(document.optionalElements("families"), ["id", "name", "vendor"], document.log) { reader, id in
      let name = reader.text("name")
      let vendor = reader.text("vendor")
      guard let name, let vendor else { return nil }
      return ModelFamily(id: id, displayName: name, vendor: vendor)
    }
  }

  /// Reads a list of things with ids; an id that comes twice is a problem. A thing whose id could be read counts as
  /// declared even where the rest is wrong, so that one mistake is not reported at every reference.
  static func declarations<Entity>(
    _ elements: [LocatedElement], _ known: [String], _ log: ProblemLog,
    read: (DocumentReader, Identifier<Entity>) -> Entity?
  ) -> [Declared<Entity>] {
    var seen: Set<Identifier<Entity>> = []
    return elements.compactMap { element in
      guard let reader = DocumentReader(element.value, path: element.path, log: log, known: known) else { return nil }
      guard let id: Identifier<Entity> = reader.identifier("id") else {
        // The rest is read all the same, for its problems.
        _ = read(reader, Identifier("unnamed"))
        return nil
      }
      if !seen.insert(id).inserted { reader.problem("id", "\(id) is the id of two elements. Ids are unique.") }
      return Declared(id: id, entity: read(reader, id), path: element.path, line: reader.line)
    }
  }
}

/// A thing of the document by its id, with its place and what could be read of it.
struct Declared<Entity> {
  let id: Identifier<Entity>
  let entity: Entity?
  let path: String
  let line: Int
}

/// Checks web addresses by their form.
enum WebAddress {
  /// What is wrong with `text` as an address of one of `schemes` with a host; nil where nothing is.
  static func problem(with text: String, schemes: [String]) -> String? {
    guard let scheme = schemes.first(where: { text.lowercased().hasPrefix("\($0)://") }) else {
      return "The address must begin with \(schemes.map { "\($0)://" }.joined(separator: " or "))."
    }
    let rest = text.dropFirst(scheme.utf8.count + 3)
    let host = rest.prefix { $0 != "/" }
    guard let first = host.utf8.first, first != UInt8(ascii: ":"), host.utf8.last != UInt8(ascii: ":") else {
      return "The address has no host."
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return "The address has a character that is not allowed."
    }
    guard !host.contains("@") else { return "The address must not hold credentials." }
    return nil
  }
}
