import Core
import Foundation

/// A small catalog: a local region and one with cross-region inference, plans, and terms of a third party.
enum TestCatalog {
  static let local = RegionID("local")
  static let frankfurt = RegionID("eu-central-1")
  static let extractive = ModelVersionID("packhouse-extractive-1")
  static let small: Capacity = .plan(Identifier("text-s"))
  static let medium: Capacity = .plan(Identifier("text-m"))
  static let knowledgeBase: Capacity = .plan(Identifier("knowledge-base-standard"))
  static let miniLM = ModelVersionID("packhouse-minilm-l6-v2")

  static func make() throws -> Catalog {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try CatalogValidation.validate(located(document)).get()
  }

  private static func located(_ value: Any) -> LocatedValue {
    switch value {
    case let map as [String: Any]:
      .map(
        map.sorted { $0.key < $1.key }.map { LocatedValue.Member(key: $0.key, line: 0, value: located($0.value)) },
        line: 0)
    case let list as [Any]: .list(list.map(located), line: 0)
    default: .scalar("\(value)", line: 0)
    }
  }

  private static let text = """
    {
      "version": "test", "unitsPerCloudToken": "100",
      "regions": [
        {"id": "eu-central-1", "name": "Europe (Frankfurt) - eu-central-1", "area": "EU", "cloudProvider": "AWS",
         "crossRegion": "true"},
        {"id": "local", "name": "Local", "area": "LOCAL", "cloudProvider": "Self-hosted"}
      ],
      "terms": [
        {"id": "anthropic", "party": "Anthropic", "title": "AI Usage Policy", "url": "https://anthropic.example/legal",
         "version": "1"}
      ],
      "families": [
        {"id": "claude-sonnet", "name": "Claude Sonnet", "vendor": "Anthropic"},
        {"id": "packhouse-extractive", "name": "Extractive", "vendor": "Packhouse"},
        {"id": "packhouse-minilm", "name": "MiniLM", "vendor": "Packhouse"}
      ],
      "models": [
        {"id": "claude-sonnet-4-5", "name": "Claude Sonnet 4.5", "family": "claude-sonnet", "type": "text",
         "availability": [{"region": "eu-central-1"}],
         "rates": {"input": "107.44", "output": "537.21"},
         "limits": {"maxOutputTokens": "64000", "defaultMaxTokens": "4096", "charactersPerToken": "3.5",
                    "maxToolNameLength": "64"}, "terms": ["anthropic"]},
        {"id": "claude-sonnet-4-6", "name": "Claude Sonnet 4.6", "family": "claude-sonnet", "type": "text",
         "availability": [{"region": "eu-central-1", "crossRegionOnly": "true", "inferenceRegions": ["eu-central-1"]}],
         "rates": {"input": "107.44", "output": "537.21"},
         "limits": {"maxOutputTokens": "64000", "defaultMaxTokens": "4096", "charactersPerToken": "3.5",
                    "maxToolNameLength": "64"}, "terms": ["anthropic"]},
        {"id": "packhouse-extractive-1", "name": "Packhouse Extractive 1", "family": "packhouse-extractive",
         "type": "text", "availability": [{"region": "local"}], "rates": {"input": "1.00", "output": "1.00"},
         "limits": {"maxOutputTokens": "1024", "defaultMaxTokens": "512", "charactersPerToken": "4",
                    "maxToolNameLength": "64"}, "label": "not a language model"},
        {"id": "packhouse-minilm-l6-v2", "name": "Packhouse MiniLM L6 v2", "family": "packhouse-minilm",
         "type": "embeddings", "availability": [{"region": "local"}], "rates": {"input": "1.00"},
         "limits": {"maxTexts": "96", "dimensions": "384"}}
      ],
      "packs": [
        {"type": "text", "name": "Text generation", "units": "true", "plans": [
          {"id": "text-s", "name": "S", "cloudTokens": "30", "inputTokens": "2500000", "outputTokens": "1250000"},
          {"id": "text-m", "name": "M", "cloudTokens": "60", "inputTokens": "5000000", "outputTokens": "2500000"}]},
        {"type": "embeddings", "name": "Embeddings generation", "units": "true", "plans": [
          {"id": "embeddings-s", "name": "S", "cloudTokens": "6", "inputTokens": "5000000"}]},
        {"type": "knowledge-base", "name": "Knowledge base", "units": "false", "plans": [
          {"id": "knowledge-base-standard", "name": "Standard", "cloudTokens": "48", "diskBytes": "10000000000"}]}
      ]
    }
    """
}
