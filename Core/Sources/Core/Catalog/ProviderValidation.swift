/// Reads `providers.yaml` completely before anything uses it. Rules N-1, N-2, C-5.
public enum ProviderValidation {
  private static let accountMembers = [
    "name", "kind", "region", "endpoint", "credentials", "bearerTokenFrom", "accessKeyFrom", "secretKeyFrom",
    "sessionTokenFrom", "apiKeyFrom", "models", "timeouts",
  ]
  /// Kinds that an account can have; the models of the other one are built in.
  static let kinds: [(String, ProviderKind)] = [.bedrock, .anthropic, .cohere, .openAICompatible].map {
    ($0.rawValue, $0)
  }

  /// The configuration, or every problem of the document with its line. `catalog` is the one without additions.
  public static func validate(
    _ root: LocatedValue, catalog: Catalog
  ) -> Result<ProviderConfiguration, CatalogProblems> {
    let log = ProblemLog()
    guard let document = DocumentReader(root, path: "", log: log, known: ["providers", "models", "families"]) else {
      return .failure(log.sorted)
    }
    let families = families(of: document, catalog: catalog)
    let models = models(of: document, catalog: catalog, families: families)
    let extended = catalog.adding(models.compactMap(\.entity), families: families.compactMap(\.entity))
    // A model whose id could be read counts as known even where the rest of it is wrong.
    let declared = Set(models.map(\.id))
    var names: Set<String> = [ProviderConfiguration.offlineAccount]
    let accounts = document.optionalElements("providers").compactMap { element -> ProviderAccount? in
      guard let reader = DocumentReader(element.value, path: element.path, log: log, known: accountMembers) else {
        return nil
      }
      return account(reader, catalog: extended, declared: declared, names: &names)
    }
    guard log.problems.isEmpty else { return .failure(log.sorted) }
    return .success(
      ProviderConfiguration(
        families: families.compactMap(\.entity), models: models.compactMap(\.entity), accounts: accounts))
  }

  // MARK: Additional models

  private static func families(
    of document: DocumentReader, catalog: Catalog
  ) -> [Declared<ModelFamily>] {
    let families = CatalogValidation.families(of: document)
    for family in families where catalog.family(family.id) != nil {
      document.problem("families", "\(family.id) is a family of the catalog already.")
    }
    return families
  }

  private static func models(
    of document: DocumentReader, catalog: Catalog, families: [Declared<ModelFamily>]
  ) -> [Declared<ModelVersion>] {
    let context = ModelContext(catalog: catalog, families: families)
    let models = CatalogValidation.models(document.optionalElements("models"), context: context, log: document.log)
    for declared in models {
      if catalog.model(declared.id) != nil {
        document.log.add(
          declared.line, DocumentReader.join(declared.path, "id"), "\(declared.id) is a model of the catalog already.")
      }
      for availability in declared.entity?.availability ?? [] where availability.region != .local {
        document.log.add(
          declared.line, DocumentReader.join(declared.path, "availability"),
          "Additional models are offered in region \(RegionID.local) only, not in \(availability.region).")
      }
    }
    CatalogValidation.checkSuccessors(models, log: document.log)
    let taken = Dictionary(
      catalog.models.flatMap { model in model.names.map { ($0.lowercased(), model.id) } },
      uniquingKeysWith: { first, _ in first })
    CatalogValidation.checkNames(models, taken: taken, log: document.log)
    return models
  }

  // MARK: Accounts

  private static func account(
    _ reader: DocumentReader, catalog: Catalog, declared: Set<ModelVersionID>, names: inout Set<String>
  ) -> ProviderAccount? {
    let name: Identifier<ProviderAccount>? = reader.identifier("name")
    if let name, !names.insert(name.text).inserted {
      reader.problem("name", "Another account is called \(name). Names are unique, and offline is the built-in one.")
    }
    let kind = reader.choice("kind", kinds)
    let region: RegionID? = reader.identifier("region")
    if let region, catalog.region(region) == nil {
      let regions = catalog.regions.map(\.id.text).joined(separator: ", ")
      reader.problem("region", "The catalog has no region \(region). It has: \(regions).")
    }
    let endpoint = endpoint(of: reader, kind: kind)
    let credentials = kind.map { self.credentials(of: reader, kind: $0) } ?? nil
    let timeouts = ProviderTimeouts.read(reader)
    guard let kind, let region, catalog.region(region) != nil else { return nil }
    let models = models(of: reader, kind: kind, region: region, catalog: catalog, declared: declared)
    guard let name, let credentials else { return nil }
    return ProviderAccount(
      name: name.text, kind: kind, region: region, endpoint: endpoint, credentials: credentials, models: models,
      timeouts: timeouts)
  }

  private static func endpoint(of reader: DocumentReader, kind: ProviderKind?) -> String? {
    guard reader.has("endpoint") else {
      if kind == .openAICompatible {
        reader.log.add(reader.line, reader.place("endpoint"), "Give the server's address, with /v1 at its end.")
      }
      return nil
    }
    guard let text = reader.optionalText("endpoint") else { return nil }
    switch ProviderAccount.endpoint(text) {
    case .success(let endpoint): return endpoint
    case .failure(let problem):
      reader.problem("endpoint", problem.message)
      return text
    }
  }

  private static func credentials(of reader: DocumentReader, kind: ProviderKind) -> ProviderCredentials? {
    let ofBedrock = ["bearerTokenFrom", "accessKeyFrom", "secretKeyFrom", "sessionTokenFrom"]
    let ofOthers = ["apiKeyFrom"]
    for name in kind == .bedrock ? ofOthers : ofBedrock where reader.has(name) {
      reader.problem(name, "Accounts of kind \(kind.rawValue) have no such member.")
    }
    let problems = reader.log.problems.count
    if reader.has("credentials") {
      _ = reader.choice("credentials", [("stored", true)])
      for name in ofBedrock + ofOthers where reader.has(name) {
        reader.problem(name, "The account's credentials are stored. Leave out either this or the member credentials.")
      }
      return problems == reader.log.problems.count ? .stored : nil
    }
    guard kind == .bedrock else {
      let variable = variable("apiKeyFrom", of: reader)
      // The providers' own services want a key; one that is not named is looked for in the store.
      if kind != .openAICompatible, !reader.has("apiKeyFrom"), !reader.has("endpoint") { return .stored }
      return problems == reader.log.problems.count
        ? variable.map { .bearer(variable: $0) } ?? ProviderCredentials.none : nil
    }
    let bearer = variable("bearerTokenFrom", of: reader)
    let keyID = variable("accessKeyFrom", of: reader)
    let secret = variable("secretKeyFrom", of: reader)
    let token = variable("sessionTokenFrom", of: reader)
    guard problems == reader.log.problems.count else { return nil }
    let usesKey = keyID != nil || secret != nil || token != nil
    if bearer == nil, !usesKey { return .stored }
    switch (bearer, keyID, secret) {
    case (let bearer?, _, _) where !usesKey: return .bearer(variable: bearer)
    case (nil, let keyID?, let secret?):
      return .accessKey(idVariable: keyID, secretVariable: secret, sessionTokenVariable: token)
    default:
      reader.log.add(
        reader.line, reader.path, "Give either bearerTokenFrom, or accessKeyFrom and secretKeyFrom, and not both.")
      return nil
    }
  }

  /// The name of an environment variable. What stands there instead is not repeated: it may be the secret.
  private static func variable(_ name: String, of reader: DocumentReader) -> String? {
    guard let text = reader.optionalText(name) else { return nil }
    let isName =
      text.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
      && text.utf8.count <= 128
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_": true
        default: false
        }
      }
    guard isName else {
      reader.problem(
        name, "The name of an environment variable is needed here (letters, digits, underscores), never the secret.")
      return nil
    }
    return text
  }

  /// The listed models; without a list, every one with an upstream id for this kind that the region may answer.
  private static func models(
    of reader: DocumentReader, kind: ProviderKind, region: RegionID, catalog: Catalog,
    declared: Set<ModelVersionID>
  ) -> [ModelVersionID: String] {
    guard reader.has("models") else {
      let models = catalog.upstreamModels(of: kind, in: region)
      if models.isEmpty {
        reader.log.add(
          reader.line, reader.path,
          "No model of the catalog names a \(kind.rawValue) model for \(region). List them "
            + "under models as MODEL: NAME-AT-THE-PROVIDER.")
      }
      return models
    }
    var models: [ModelVersionID: String] = [:]
    for (key, text, line, path) in reader.pairs("models") {
      let id = ModelVersionID(key)
      models[id] = text
      guard let model = catalog.model(id) else {
        if !declared.contains(id) { reader.log.add(line, path, "There is no model \(key) in the catalog.") }
        continue
      }
      if !model.mayBeAnswered(in: region) {
        reader.log.add(line, path, "The catalog does not let \(key) be answered in \(region).")
      }
    }
    return models
  }
}

extension ModelVersion {
  /// True where calls may be answered in `region`: the version is offered there, or the region is one of its
  /// inference regions. Rule N-2.
  func mayBeAnswered(in region: RegionID) -> Bool {
    availability.contains { $0.region == region || $0.inferenceRegions.contains(region) }
  }
}

extension Identifier where Entity == Region {
  /// Where built-in models and an operator's own servers are. Rules C-2, C-5.
  public static var local: RegionID { RegionID("local") }
}
