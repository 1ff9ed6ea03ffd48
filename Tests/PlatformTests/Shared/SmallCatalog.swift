import Core

/// A catalog with two regions, three text models, one embeddings model, plans and terms.
enum SmallCatalog {
  static let frankfurt = RegionID("eu-central-1")
  static let local = RegionID("local")
  static let sonnet = ModelVersionID("claude-sonnet-4-6")
  static let haiku = ModelVersionID("claude-haiku-4-5")
  static let extractive = ModelVersionID("packhouse-extractive-1")
  static let miniLM = ModelVersionID("packhouse-minilm-l6-v2")

  static let catalog: Catalog = {
    switch CatalogValidation.validate(document.located) {
    case .success(let catalog): return catalog
    case .failure(let problems): preconditionFailure("the test catalog is wrong: \(problems)")
    }
  }()

  private static let document: DocumentPart = [
    "version": "test",
    "unitsPerCloudToken": 100,
    "regions": [
      [
        "id": "eu-central-1", "name": "Europe (Frankfurt) - eu-central-1", "area": "EU", "cloudProvider": "AWS",
        "crossRegion": true,
      ],
      ["id": "local", "name": "Local", "area": "LOCAL", "cloudProvider": "Self-hosted"],
    ],
    "terms": [
      [
        "id": "anthropic", "party": "Anthropic", "title": "AI Usage Policy", "url": "https://anthropic.example/legal",
        "version": "1",
      ]
    ],
    "families": [
      ["id": "claude-haiku", "name": "Claude Haiku", "vendor": "Anthropic"],
      ["id": "claude-sonnet", "name": "Claude Sonnet", "vendor": "Anthropic"],
      ["id": "packhouse-extractive", "name": "Extractive", "vendor": "Packhouse"],
      ["id": "packhouse-minilm", "name": "MiniLM", "vendor": "Packhouse"],
    ],
    "models": [
      claude("claude-haiku-4-5", "Claude Haiku 4.5", "claude-haiku", input: "35.81", output: "179.07"),
      claude("claude-sonnet-4-6", "Claude Sonnet 4.6", "claude-sonnet", input: "107.44", output: "537.21"),
      [
        "id": "packhouse-extractive-1", "name": "Packhouse Extractive 1", "family": "packhouse-extractive",
        "type": "text", "availability": [["region": "local"]], "rates": ["input": "1.00", "output": "1.00"],
        "limits": ["maxOutputTokens": 1024, "defaultMaxTokens": 512, "charactersPerToken": 4, "maxToolNameLength": 64],
      ],
      [
        "id": "packhouse-minilm-l6-v2", "name": "Packhouse MiniLM L6 v2", "family": "packhouse-minilm",
        "type": "embeddings", "availability": [["region": "local"]], "rates": ["input": "1.00"],
        "limits": ["maxTexts": 96, "dimensions": 384],
      ],
    ],
    "packs": [
      [
        "type": "text", "name": "Text generation", "units": true,
        "plans": [
          ["id": "text-s", "name": "S", "cloudTokens": 30, "inputTokens": 2_500_000, "outputTokens": 1_250_000],
          ["id": "text-m", "name": "M", "cloudTokens": 60, "inputTokens": 5_000_000, "outputTokens": 2_500_000],
        ],
      ],
      [
        "type": "embeddings", "name": "Embeddings generation", "units": true,
        "plans": [["id": "embeddings-s", "name": "S", "cloudTokens": 6, "inputTokens": 5_000_000]],
      ],
      [
        "type": "knowledge-base", "name": "Knowledge base", "units": false,
        "plans": [["id": "standard", "name": "Standard", "cloudTokens": 48, "diskBytes": 10_000_000_000]],
      ],
    ],
  ]

  private static func claude(
    _ id: String, _ name: String, _ family: String, input: String, output: String
  ) -> DocumentPart {
    [
      "id": .scalar(id), "name": .scalar(name), "family": .scalar(family), "type": "text",
      "availability": [["region": "eu-central-1", "crossRegionOnly": true, "inferenceRegions": ["eu-central-1"]]],
      "rates": ["input": .scalar(input), "output": .scalar(output)],
      "limits": [
        "maxOutputTokens": 64000, "defaultMaxTokens": 4096, "charactersPerToken": "3.5",
        "maxToolNameLength": 64,
      ], "terms": ["anthropic"],
    ]
  }
}
