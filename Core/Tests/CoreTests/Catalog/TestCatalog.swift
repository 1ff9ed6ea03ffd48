import Core
import Foundation
import Testing

/// The catalog that the program ships with, and changed copies of it.
enum TestCatalog {
  /// The document at the root of the repository.
  static func text() throws -> String {
    var folder = URL(filePath: #filePath)
    for _ in 0..<5 { folder.deleteLastPathComponent() }
    return try String(contentsOf: folder.appending(path: "catalog.yaml"), encoding: .utf8)
  }

  static func shipped() throws -> Catalog {
    try CatalogValidation.validate(try DocumentText.parse(try text())).get()
  }

  /// A document with one of everything, small enough to change in a test.
  static let small = """
    version: "1"
    unitsPerCloudToken: 100
    regions:
      - {id: north, name: North, area: N, cloudProvider: AWS, crossRegion: true}
      - {id: north-2, name: North 2, area: N, cloudProvider: AWS, inferenceOnly: true}
      - {id: south, name: South, area: S, cloudProvider: AWS}
    terms:
      - {id: maker, party: Maker, title: Terms, url: https://maker.example/terms, version: "1"}
    families:
      - {id: talk, name: Talk, vendor: Maker}
    limitProfiles:
      - id: usual
        maxOutputTokens: 1000
        defaultMaxTokens: 100
        charactersPerToken: 3.5
        maxToolNameLength: 64
    models:
      - id: talk-1
        name: Talk 1
        family: talk
        type: text
        aliases: [talk]
        availability:
          - {region: north, crossRegionOnly: true, inferenceRegions: [north, north-2]}
        rates: {input: 35.81, output: 179.07}
        limits: {profile: usual}
        terms: [maker]
        upstream: {bedrock: maker.talk-1}
      - id: vectors
        name: Vectors
        family: talk
        type: embeddings
        availability:
          - {region: south}
        rates: {input: 30.23}
        limits: {maxTexts: 96, dimensions: 4}
    packs:
      - type: text
        name: Text
        units: true
        plans:
          - {id: s, name: S, cloudTokens: 30, inputTokens: 2_500_000, outputTokens: 1_250_000}
          - {id: m, name: M, cloudTokens: 60, inputTokens: 5_000_000, outputTokens: 2_500_000}
      - {type: embeddings, name: Embeddings, units: true}
    """

  /// The problems of the small document with `old` (which must stand in it once) replaced by `new`.
  static func problems(replacing old: String, with new: String) throws -> [String] {
    let parts = small.components(separatedBy: old)
    try #require(parts.count == 2, "\(old) stands in the document \(parts.count - 1) times")
    return problems(of: try DocumentText.parse(parts.joined(separator: new)))
  }

  static func problems(of document: LocatedValue) -> [String] {
    switch CatalogValidation.validate(document) {
    case .success: []
    case .failure(let problems): problems.problems.map(\.description)
    }
  }

  /// Replaces about one value in a hundred by something else.
  static func damaged(_ value: LocatedValue, _ random: inout SplitMix) -> LocatedValue {
    if Int.random(in: 0..<100, using: &random) == 0 {
      let texts = ["", "-1", "9223372036854775808", "0.0001", "true", "ü", String(repeating: "x", count: 600)]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return .scalar(texts.randomElement(using: &random) ?? "", line: value.line)
      case 1: return .list([value, value], line: value.line)
      case 2: return .map([.init(key: "id", line: 1, value: value)], line: value.line)
      default: return .list([], line: value.line)
      }
    }
    switch value {
    case .scalar: return value
    case .list(let list, let line): return .list(list.map { damaged($0, &random) }, line: line)
    case .map(let members, let line):
      return .map(
        members.map { .init(key: $0.key, line: $0.line, value: damaged($0.value, &random)) }, line: line)
    }
  }
}
