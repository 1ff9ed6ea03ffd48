import TestSupport

@testable import Core

/// A catalog with two remote text models, an embeddings model and a model that runs in the process.
enum TestModels {
  static let sonnet = Sample.model
  static let haiku = ModelVersionID("claude-haiku-4-5")
  static let embed = ModelVersionID("cohere-embed-v4")
  static let local = ModelVersionID("local-1")
  static let frankfurt = Sample.region
  static let ireland = RegionID("eu-west-1")
  static let home = RegionID("local")

  static let catalog = Catalog(
    version: "test", regions: [],
    families: [ModelFamily(id: Identifier("claude"), displayName: "Claude", vendor: "Anthropic")],
    models: [
      text(sonnet, "Claude Sonnet 4.6", aliases: ["sonnet"]), text(haiku, "Claude Haiku 4.5", aliases: []),
      ModelVersion(
        id: embed, displayName: "Embed v4", family: Identifier("embed"), type: .embeddings,
        availability: [availability], aliases: ["embed"], rates: ExchangeRates(input: 3_600, output: 0),
        limits: ModelLimits(maxOutputTokens: 0, defaultMaxTokens: 0, maxTexts: 3, dimensions: 2)),
      ModelVersion(
        id: local, displayName: "Local 1", family: Identifier("local"), type: .text,
        availability: [ModelAvailability(region: home, needsCrossRegion: false, inferenceRegions: [home])],
        aliases: [], rates: ExchangeRates(input: 1_000, output: 1_000),
        limits: ModelLimits(
          maxOutputTokens: 100, defaultMaxTokens: 50, maxInputTokens: 20, inputCounting: .exact)),
    ], packs: [], terms: [])

  private static func text(_ id: ModelVersionID, _ name: String, aliases: [String]) -> ModelVersion {
    ModelVersion(
      id: id, displayName: name, family: Identifier("claude"), type: .text, availability: [availability],
      aliases: aliases, rates: Sample.rates,
      limits: ModelLimits(
        maxOutputTokens: 4_000, defaultMaxTokens: 1_000, milliCharactersPerToken: 3_500, maxToolNameLength: 64))
  }

  private static let availability = ModelAvailability(
    region: frankfurt, needsCrossRegion: false, inferenceRegions: [frankfurt, ireland])
}
