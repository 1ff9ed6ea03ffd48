@testable import Core

/// A small catalog for provisioning: one of every kind that the rules tell apart.
enum ShelfCatalog {
  static let north = Region(
    id: RegionID("north"), displayName: "North (Capital) - north", area: Identifier("N"), cloudProvider: "AWS",
    offersCrossRegion: true)
  static let northTwo = Region(
    id: RegionID("north-2"), displayName: "North (Coast) - north-2", area: Identifier("N"), cloudProvider: "AWS",
    offersCrossRegion: false, offersResources: false)
  static let local = Region(
    id: RegionID("local"), displayName: "Local", area: Identifier("LOCAL"), cloudProvider: "Self-hosted",
    offersCrossRegion: false)

  static let makerTerms = ServiceTerms(
    id: Identifier("maker"), party: "Maker", title: "Usage Policy", url: "https://maker.example/policy", version: "2")
  static let cloudTerms = ServiceTerms(
    id: Identifier("cloud"), party: "Cloud", title: "Service Terms", url: "https://cloud.example/terms", version: "1")

  /// In this order: `far` needs cross-region inference, `near` does not, `old` is retired on 2026-06-01, `own` is in
  /// region Local, `vectors`, `vectors-far` and `vectors-old` (retired on the same day) are for embeddings.
  static let models = [
    model("far", .text, [availability(north, crossRegion: true)], terms: ["cloud", "maker"]),
    model("near", .text, [availability(north)], terms: ["cloud"]),
    model("old", .text, [availability(north)], retiresOn: LocalDay(year: 2026, month: 6, day: 1), successor: "near"),
    model("own", .text, [availability(local)]),
    model("vectors", .embeddings, [availability(north), availability(local)]),
    model("vectors-far", .embeddings, [availability(north, crossRegion: true)]),
    model(
      "vectors-old", .embeddings, [availability(north)], retiresOn: LocalDay(year: 2026, month: 6, day: 1),
      successor: "vectors"),
  ]

  static let catalog = Catalog(
    version: "1", regions: [north, northTwo, local],
    families: [ModelFamily(id: Identifier("talk"), displayName: "Talk", vendor: "Maker")], models: models,
    packs: [
      Pack(
        type: .text, offersUnits: true,
        plans: [
          plan("text-s", "S", 30, input: 2_500_000, output: 1_250_000),
          plan("text-m", "M", 60, input: 5_000_000, output: 2_500_000),
          plan("text-l", "L", 120, input: 10_000_000, output: 5_000_000),
        ]),
      Pack(type: .embeddings, offersUnits: true, plans: [plan("embeddings-s", "S", 6, input: 5_000_000, output: nil)]),
      Pack(
        type: .knowledgeBase, offersUnits: false,
        plans: [plan("kb-standard", "Standard", 48, diskBytes: 10_000_000_000)]),
    ],
    // Not in the order in which models name them.
    terms: [makerTerms, cloudTerms])

  private static func availability(_ region: Region, crossRegion: Bool = false) -> ModelAvailability {
    ModelAvailability(
      region: region.id, needsCrossRegion: crossRegion, inferenceRegions: crossRegion ? [northTwo.id, north.id] : [])
  }

  private static func plan(
    _ id: String, _ name: String, _ tokens: Int64, input: Int64? = nil, output: Int64? = nil, diskBytes: Int64? = nil
  ) -> Plan {
    Plan(
      id: Identifier(id), displayName: name, tokens: CloudTokens(tokens), inputTokens: input.map { TokenCount($0) },
      outputTokens: output.map { TokenCount($0) }, diskBytes: diskBytes)
  }

  private static func model(
    _ id: String, _ type: ResourceType, _ availability: [ModelAvailability], terms: [String] = [],
    retiresOn: LocalDay? = nil, successor: String? = nil
  ) -> ModelVersion {
    ModelVersion(
      id: ModelVersionID(id), displayName: "Model \(id)", family: Identifier("talk"), type: type,
      availability: availability, aliases: [], rates: ExchangeRates(input: 1_000, output: 1_000),
      limits: ModelLimits(maxOutputTokens: 1_000, defaultMaxTokens: 100), retiresOn: retiresOn,
      successor: successor.map { ModelVersionID($0) }, terms: terms.map { Identifier($0) })
  }
}
