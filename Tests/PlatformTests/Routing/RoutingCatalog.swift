import Core

/// A catalog of three regions in the EU and one in Canada, with one model in all of them.
enum RoutingCatalog {
  static let model = ModelVersionID("claude-sonnet-4-6")
  static let europe = ["eu-central-1", "eu-west-1", "eu-north-1"].map { RegionID($0) }
  static let canada = RegionID("ca-central-1")

  /// One in each region, that of Canada first.
  static let deployments = ([canada] + europe).map { region in
    Deployment(
      id: Identifier("\(region)/\(model)"), model: model, provider: .openAICompatible, account: region.text,
      region: region, upstreamModel: model.text)
  }

  static let catalog: Catalog = {
    switch CatalogValidation.validate(document.located) {
    case .success(let catalog): return catalog
    case .failure(let problems): preconditionFailure("the test catalog is wrong: \(problems)")
    }
  }()

  private static func region(_ id: RegionID, area: String) -> DocumentPart {
    [
      "id": .scalar(id.text), "name": .scalar(id.text), "area": .scalar(area), "cloudProvider": "AWS",
      "crossRegion": true,
    ]
  }

  private static let document: DocumentPart = [
    "version": "test", "unitsPerCloudToken": 100,
    "regions": [
      region(europe[0], area: "EU"), region(europe[1], area: "EU"), region(europe[2], area: "EU"),
      region(canada, area: "CA"),
    ],
    "terms": [], "families": [["id": "claude-sonnet", "name": "Claude Sonnet", "vendor": "Anthropic"]],
    "models": [
      [
        "id": "claude-sonnet-4-6", "name": "Claude Sonnet 4.6", "family": "claude-sonnet", "type": "text",
        "availability": [
          [
            "region": "eu-central-1", "crossRegionOnly": true,
            "inferenceRegions": ["eu-central-1", "eu-west-1", "eu-north-1"],
          ], ["region": "ca-central-1", "crossRegionOnly": true, "inferenceRegions": ["ca-central-1"]],
        ], "rates": ["input": "107.44", "output": "537.21"],
        "limits": [
          "maxOutputTokens": 64000, "defaultMaxTokens": 4096, "charactersPerToken": "3.5", "maxToolNameLength": 64,
        ],
      ]
    ],
    "packs": [
      [
        "type": "text", "name": "Text generation", "units": true,
        "plans": [["id": "text-s", "name": "S", "cloudTokens": 30, "inputTokens": 2_500_000, "outputTokens": 1_000]],
      ]
    ],
  ]
}
