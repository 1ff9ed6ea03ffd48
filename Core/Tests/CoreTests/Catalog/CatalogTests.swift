import Core
import Testing

@Suite("The shipped catalog")
struct CatalogTests {
  let catalog: Catalog

  init() throws { catalog = try TestCatalog.shipped() }

  private func region(_ id: String) throws -> Region { try #require(catalog.region(RegionID(id))) }
  private func model(_ id: String) throws -> ModelVersion { try #require(catalog.model(ModelVersionID(id))) }

  @Test("C-2: three regions are offered, with their names, areas and cloud providers")
  func regions() throws {
    #expect(
      catalog.offeredRegions.map(\.displayName) == [
        "Europe (Frankfurt) - eu-central-1", "Canada (Montreal) - ca-central-1", "Local",
      ])
    #expect(catalog.offeredRegions.map(\.area.text) == ["EU", "CA", "LOCAL"])
    #expect(catalog.offeredRegions.map(\.cloudProvider) == ["AWS", "AWS", "Self-hosted"])
    #expect(catalog.offeredRegions.map(\.offersCrossRegion) == [true, false, false])
    #expect(RegionID.local.text == "local")
  }

  static let europe: Set<String> = [
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3", "eu-south-1", "eu-south-2",
  ]
  static let crossRegionTable: [(String, Set<String>)] =
    [("claude-3-7-sonnet", ["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"])]
    + [
      "claude-sonnet-4", "claude-haiku-4-5", "claude-sonnet-4-5", "claude-sonnet-4-6", "claude-opus-4-6",
      "claude-opus-4-7", "claude-opus-4-8", "embed-v4",
    ].map { ($0, europe) }

  @Test("C-3, C-4: models that need cross-region inference are in Frankfurt only", arguments: crossRegionTable)
  func crossRegionModels(id: String, inferenceRegions: Set<String>) throws {
    let availability = try model(id).availability
    #expect(availability.map(\.region.text) == ["eu-central-1"])
    #expect(availability[0].needsCrossRegion)
    #expect(Set(availability[0].inferenceRegions.map(\.text)) == inferenceRegions)
    #expect(availability[0].inferenceRegions.count == inferenceRegions.count)
  }

  @Test(
    "C-3, C-4, C-5: the other models have no cross-region inference",
    arguments: [
      ("claude-3-sonnet", ["ca-central-1"]), ("embed-english-v3", ["eu-central-1", "ca-central-1"]),
      ("embed-multilingual-v3", ["eu-central-1", "ca-central-1"]), ("packhouse-minilm-l6-v2", ["local"]),
      ("packhouse-extractive-1", ["local"]),
    ])
  func plainModels(id: String, regions: [String]) throws {
    let availability = try model(id).availability
    #expect(availability.map(\.region.text) == regions)
    #expect(availability.allSatisfy { !$0.needsCrossRegion && $0.inferenceRegions.isEmpty })
  }

  @Test("C-3, C-4, C-5: there are exactly these models, of these families and types")
  func models() throws {
    #expect(catalog.models.count == Self.crossRegionTable.count + 5)
    for model in catalog.models {
      let family = try #require(catalog.family(model.family))
      #expect((model.type == .text) == (family.vendor == "Anthropic" || model.id.text == "packhouse-extractive-1"))
    }
    #expect(try model("claude-opus-4-8").family == catalog.families.first { $0.displayName == "Claude Opus" }?.id)
    #expect(try model("packhouse-extractive-1").label == "not a language model")
    #expect(try model("packhouse-minilm-l6-v2").limits.dimensions == 384)
  }

  static let rateTable: [(String, Int64, Int64)] =
    [("claude-haiku-4-5", 35_810, 179_070)]
    + ["claude-3-sonnet", "claude-3-7-sonnet", "claude-sonnet-4", "claude-sonnet-4-5", "claude-sonnet-4-6"]
    .map { ($0, 107_440, 537_210) }
    + ["claude-opus-4-6", "claude-opus-4-7", "claude-opus-4-8"].map { ($0, 179_070, 895_350) }
    + ["embed-v4", "embed-english-v3", "embed-multilingual-v3"].map { ($0, 30_230, 0) }
    + ["packhouse-minilm-l6-v2", "packhouse-extractive-1"].map { ($0, 1_000, 1_000) }

  @Test("C-6, U-1: exchange rates are exact nano-units a token, cache classes at the input rate", arguments: rateTable)
  func exchangeRates(id: String, input: Int64, output: Int64) throws {
    #expect(try model(id).rates == ExchangeRates(input: input, output: output))
    #expect(Self.rateTable.count == catalog.models.count)
  }

  @Test("C-7, C-8, C-9, U-4: capacities have these prices and allowances")
  func prices() throws {
    #expect(catalog.unitsPerCloudToken == 100)
    let units = try #require(catalog.price(of: .units(16), type: .text))
    #expect(units.tokens == 16)
    #expect(units.allowance == .units(GenAIUnits(whole: 1_600)))

    func plan(_ id: String, _ type: ResourceType) -> (tokens: CloudTokens, allowance: Allowance)? {
      catalog.price(of: .plan(Identifier(id)), type: type)
    }
    let table: [(String, ResourceType, CloudTokens, Allowance)] = [
      ("text-s", .text, 30, .plan(input: 2_500_000, output: 1_250_000)),
      ("text-m", .text, 60, .plan(input: 5_000_000, output: 2_500_000)),
      ("text-l", .text, 120, .plan(input: 10_000_000, output: 5_000_000)),
      ("embeddings-s", .embeddings, 6, .plan(input: 5_000_000, output: nil)),
      ("embeddings-m", .embeddings, 12, .plan(input: 10_000_000, output: nil)),
      ("embeddings-l", .embeddings, 24, .plan(input: 20_000_000, output: nil)),
      ("knowledge-base-standard", .knowledgeBase, 48, .units(.zero)),
    ]
    for (id, type, tokens, allowance) in table {
      let price = try #require(plan(id, type))
      #expect(price.tokens == tokens)
      #expect(price.allowance == allowance)
    }
    #expect(catalog.plan(Identifier("knowledge-base-standard"))?.diskBytes == 10_000_000_000)
    #expect(plan("text-s", .embeddings) == nil)
    #expect(catalog.price(of: .units(0), type: .text) == nil)
    #expect(catalog.price(of: .units(-1), type: .text) == nil)
    #expect(catalog.price(of: .units(1), type: .knowledgeBase) == nil)
    #expect(catalog.capacityOptions(for: .text).plans.map(\.displayName) == ["S", "M", "L"])
    #expect(catalog.capacityOptions(for: .knowledgeBase).offersUnits == false)
  }

  @Test("R-2: without cross-region inference only models that do not need it are offered")
  func offers() {
    func offered(_ type: ResourceType, _ region: String, _ isCrossRegion: Bool) -> [String] {
      catalog.offered(type: type, region: RegionID(region), isCrossRegion: isCrossRegion).map(\.id.text)
    }
    #expect(offered(.text, "eu-central-1", true).count == 8)
    #expect(offered(.text, "eu-central-1", false).isEmpty)
    #expect(offered(.text, "ca-central-1", false) == ["claude-3-sonnet"])
    #expect(offered(.embeddings, "eu-central-1", false) == ["embed-english-v3", "embed-multilingual-v3"])
    #expect(offered(.embeddings, "eu-central-1", true).first == "embed-v4")
    #expect(offered(.text, "local", false) == ["packhouse-extractive-1"])
    #expect(offered(.text, "eu-west-1", true).isEmpty)
  }

  static let sonnetNames = [
    "claude-sonnet-4-6", "Claude Sonnet 4.6", "claude sonnet 4.6", "anthropic.claude-sonnet-4-6",
    "eu.anthropic.claude-sonnet-4-6",
    "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-6",
  ]

  @Test("D-3: a model is known by id, Bedrock id, profile, ARN and display name", arguments: sonnetNames)
  func knownNames(name: String) {
    let sonnet: ModelVersionID = ModelVersionID("claude-sonnet-4-6")
    #expect(catalog.model(named: name, among: [sonnet])?.id == sonnet)
    #expect(catalog.model(named: name, among: [ModelVersionID("claude-opus-4-8")]) == nil)
  }

  @Test(
    "D-3: another name means nothing", arguments: ["", "claude", "arn:", "arn:aws/", "us.anthropic.claude-sonnet-4-6"])
  func unknownNames(name: String) {
    #expect(catalog.model(named: name, among: catalog.models.map(\.id)) == nil)
  }

  @Test("R-7: every model of a third party names whose terms hold, with their addresses")
  func terms() throws {
    for model in catalog.models where model.upstreamModels["bedrock"] != nil {
      let vendor = try #require(catalog.family(model.family)).vendor
      #expect(model.terms.map { id in catalog.terms.first { $0.id == id }?.party } == ["AWS Bedrock", vendor])
    }
    #expect(
      catalog.terms.map(\.url) == [
        "https://aws.amazon.com/service-terms/", "https://anthropic.com/legal",
        "https://docs.cohere.com/v2/docs/usage-policy",
      ])
  }

  @Test("F-3: the limits of Claude and Cohere are those of the specification")
  func limits() throws {
    for model in catalog.models where model.type == .text && model.upstreamModels["bedrock"] != nil {
      #expect(model.limits.maxImages == 20)
      #expect(model.limits.maxImageBytes == 3_932_160)
      #expect(model.limits.maxImageSide == 8_000)
      #expect(model.limits.imageFormats == ["png", "jpeg", "gif", "webp"])
      #expect(model.limits.maxDocuments == 5)
      #expect(model.limits.maxDocumentBytes == 4_718_592)
      #expect(model.limits.documentFormats == ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"])
      #expect(model.limits.maxToolNameLength == 64)
    }
    for model in catalog.models where model.type == .embeddings { #expect(model.limits.maxTexts == 96) }
    #expect(try model("claude-opus-4-8").limits.maxOutputTokens == 128_000)
    #expect(try model("claude-opus-4-8").limits.defaultMaxTokens == 4_096, "from the profile")
    let strict = catalog.models.filter { $0.upstreamModels["bedrock"] != nil && $0.limits.takesStrictTools }
    #expect(
      Set(strict.filter { $0.type == .text }.map(\.id.text))
        == ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-sonnet-4-6", "claude-opus-4-6"])
    #expect(try model("packhouse-minilm-l6-v2").limits.inputCounting == .exact)
  }
}
