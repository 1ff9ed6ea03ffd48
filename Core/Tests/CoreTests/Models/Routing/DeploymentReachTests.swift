import Testing

@testable import Core

@Suite("Deployments in reach (N-2)")
struct DeploymentReachTests {
  private static let areas = ["EU", "NA"]
  private static let regions = ["eu-1", "eu-2", "eu-3", "ca-1", "us-1"]

  private static func area(of region: String) -> String { region.hasPrefix("eu") ? "EU" : "NA" }

  private static let catalog = Catalog(
    version: "1",
    regions: regions.map {
      Region(
        id: RegionID($0), displayName: $0, area: Identifier(area(of: $0)), cloudProvider: "x", offersCrossRegion: true)
    }, families: [], models: [], packs: [], terms: [], unitsPerCloudToken: 100)

  private static func model(home: String, inference: [String]) -> ModelVersion {
    ModelVersion(
      id: ModelVersionID("m"), displayName: "M", family: Identifier("f"), type: .text,
      availability: [
        ModelAvailability(
          region: RegionID(home), needsCrossRegion: false, inferenceRegions: inference.map { RegionID($0) })
      ], aliases: [], rates: ExchangeRates(input: 1, output: 1),
      limits: ModelLimits(maxOutputTokens: 10, defaultMaxTokens: 10, milliCharactersPerToken: 4_000))
  }

  private static func deployment(_ region: String, _ number: Int) -> Deployment {
    Deployment(
      id: Identifier("\(region)-\(number)"), model: ModelVersionID("m"), provider: .bedrock, account: region,
      region: RegionID(region), upstreamModel: "m")
  }

  /// What the specification permits, word for word.
  private static func permits(_ region: String, home: String, inference: [String], isCrossRegion: Bool) -> Bool {
    guard isCrossRegion else { return region == home }
    return area(of: region) == area(of: home) && (region == home || inference.contains(region))
  }

  @Test(
    "Nothing outside of the area is ever in reach, even where a catalog lists it; everything else that may answer is")
  func neverOutside() {
    var random = SplitMix(seed: 7)
    var reachedOthers = 0
    var leftOut = 0
    for _ in 0..<5_000 {
      let home = Self.regions[Int(random.next() % 5)]
      // A catalog that validation would refuse: any region at all.
      let inference = Self.regions.filter { _ in random.next() % 2 == 0 }
      let deployments = (0..<6).map { Self.deployment(Self.regions[Int(random.next() % 5)], $0) }
      let isCrossRegion = random.next() % 3 > 0
      let reach = DeploymentReach.among(
        deployments, of: Self.model(home: home, inference: inference), from: RegionID(home),
        isCrossRegion: isCrossRegion, in: Self.catalog)
      let expected = deployments.filter {
        Self.permits($0.region.text, home: home, inference: inference, isCrossRegion: isCrossRegion)
      }
      #expect(Set(reach) == Set(expected) && reach.count == expected.count)
      let own = reach.prefix { $0.region.text == home }
      #expect(!reach.dropFirst(own.count).contains { $0.region.text == home }, "the own region goes first")
      reachedOthers += reach.count - own.count
      leftOut += inference.count { Self.area(of: $0) != Self.area(of: home) }
    }
    #expect(reachedOthers > 1_000 && leftOut > 1_000)
  }

  @Test("A region where the model is not offered reaches nobody")
  func unoffered() {
    let reach = DeploymentReach.among(
      [Self.deployment("eu-1", 0)], of: Self.model(home: "eu-1", inference: ["eu-2"]), from: RegionID("eu-2"),
      isCrossRegion: true, in: Self.catalog)
    #expect(reach.isEmpty)
  }
}
