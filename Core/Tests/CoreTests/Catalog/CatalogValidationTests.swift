import Core
import Foundation
import Testing

@Suite("C-1: validating a catalog")
struct CatalogValidationTests {
  @Test("The small document is valid, so that a changed copy shows one mistake")
  func control() throws {
    #expect(TestCatalog.problems(of: try DocumentText.parse(TestCatalog.small)) == [])
  }

  struct Mistake: CustomTestStringConvertible, Sendable {
    let name: String
    let old: String
    let new: String
    let problem: String
    var testDescription: String { name }

    init(_ name: String, _ old: String, _ new: String, _ problem: String) {
      self.name = name
      self.old = old
      self.new = new
      self.problem = problem
    }
  }

  static let mistakes: [Mistake] = [
    Mistake(
      "unknown member", "name: Talk 1", "nmae: Talk 1",
      "line 19: models[0].nmae: Unknown member. Known ones are: id, name, family, type, aliases, availability, "
        + "rates, limits, terms, upstream, label, retiresOn, successor."),
    Mistake(
      "missing member", "cloudProvider: AWS, crossRegion: true", "crossRegion: true",
      "line 4: regions[0].cloudProvider: The member is missing."),
    Mistake(
      "repeated member", "    type: text\n    aliases", "    type: text\n    type: text\n    aliases",
      "line 22: models[0].type: The member stands here twice. Keep one of them."),
    Mistake("wrong type", "terms: [maker]", "terms: maker", "line 27: models[0].terms: A list is needed here."),
    Mistake(
      "mapping for a text", "name: Vectors", "name: {en: Vectors}",
      "line 30: models[1].name: A single value is needed here, not a list or a mapping."),
    Mistake(
      "text for a mapping", "{profile: usual}", "usual",
      "line 26: models[0].limits: A mapping with members is needed here, such as profile: ..."),
    Mistake("empty value", "name: Vectors", "name: \"\"", "line 30: models[1].name: The value is empty."),
    Mistake(
      "repeated region", "id: south,", "id: north,",
      "line 6: regions[2].id: north is the id of two elements. Ids are unique."),
    Mistake(
      "repeated model", "id: vectors", "id: talk-1",
      "line 29: models[1].id: talk-1 is the id of two elements. Ids are unique."),
    Mistake(
      "no family", "family: talk\n    type: text", "family: tlak\n    type: text",
      "line 20: models[0].family: There is no family tlak."),
    Mistake(
      "no region", "region: south", "region: west",
      "line 34: models[1].availability[0].region: There is no region west."),
    Mistake("no terms", "terms: [maker]", "terms: [taker]", "line 27: models[0].terms[0]: There are no terms taker."),
    Mistake(
      "no profile", "profile: usual", "profile: unusual",
      "line 26: models[0].limits.profile: There is no profile unusual in limitProfiles."),
    Mistake(
      "unknown type", "type: embeddings\n    availability", "type: images\n    availability",
      "line 32: models[1].type: One of these is needed: text, embeddings."),
    Mistake(
      "inexact rate", "35.81", "35.8105",
      "line 25: models[0].rates.input: More than 3 decimals cannot be kept exactly. Round the number."),
    Mistake(
      "rate in words", "35.81", "cheap", "line 25: models[0].rates.input: A number such as 35.81 is needed here."),
    Mistake(
      "floating rate", "35.81", "3.5e1", "line 25: models[0].rates.input: A number such as 35.81 is needed here."),
    Mistake("negative rate", "35.81", "-35.81", "line 25: models[0].rates.input: The number must not be negative."),
    Mistake(
      "overflowing rate", "35.81", "99999999999999999999",
      "line 25: models[0].rates.input: The number must be from 0 to 1,000,000."),
    Mistake(
      "large rate", "35.81", "1000000.001", "line 25: models[0].rates.input: The number must be from 0 to 1,000,000."),
    Mistake(
      "missing output rate", "input: 35.81, output: 179.07", "input: 35.81",
      "line 25: models[0].rates.output: The member is missing."),
    Mistake(
      "inference region elsewhere", "[north, north-2]", "[north, south]",
      "line 24: models[0].availability[0].inferenceRegions[1]: south is in area S, but requests of north never leave "
        + "area N."),
    Mistake(
      "inference region unknown", "[north, north-2]", "[north, north-9]",
      "line 24: models[0].availability[0].inferenceRegions[1]: There is no region north-9."),
    Mistake(
      "inference region twice", "[north, north-2]", "[north, north]",
      "line 24: models[0].availability[0].inferenceRegions[1]: north stands in this list twice."),
    Mistake(
      "no inference regions", ", inferenceRegions: [north, north-2]", "",
      "line 24: models[0].availability[0].crossRegionOnly: Name the regions that answer in inferenceRegions."),
    Mistake(
      "region without cross-region inference", "{region: south}", "{region: south, inferenceRegions: [south]}",
      "line 34: models[1].availability[0].inferenceRegions: south has no cross-region inference."),
    Mistake(
      "provisioned where nothing lives", "{region: south}", "{region: north-2}",
      "line 34: models[1].availability[0].region: north-2 only answers cross-region inference."),
    Mistake(
      "a region twice", "- {region: south}", "- {region: south}\n      - {region: south}",
      "line 33: models[1].availability: south stands here twice."),
    Mistake(
      "alias of another", "aliases: [talk]", "aliases: [VECTORS]",
      "line 29: models[1]: The name vectors already means talk-1."),
    Mistake(
      "alias twice", "aliases: [talk]", "aliases: [talk, talk]",
      "line 22: models[0].aliases[1]: talk stands in this list twice."),
    Mistake(
      "unknown provider", "bedrock: maker", "bedrok: maker",
      "line 28: models[0].upstream.bedrok: There is no kind of provider bedrok. Known ones are: bedrock, anthropic, "
        + "cohere, openai-compatible, offline."),
    Mistake(
      "no default within the limit", "defaultMaxTokens: 100", "defaultMaxTokens: 1001",
      "line 14: models[0].limits.defaultMaxTokens: The default must not be more than maxOutputTokens."),
    Mistake(
      "limit of the other type", "dimensions: 4", "dimensions: 4, maxOutputTokens: 5",
      "line 36: models[1].limits.maxOutputTokens: Only a text model has this limit."),
    Mistake(
      "fraction for a whole number", "maxTexts: 96", "maxTexts: 9.6",
      "line 36: models[1].limits.maxTexts: A whole number is needed here."),
    Mistake(
      "a day that is none", "terms: [maker]", "retiresOn: 2027-02-30\n    successor: vectors",
      "line 27: models[0].retiresOn: A day such as 2027-01-31 is needed here."),
    Mistake(
      "retirement without successor", "terms: [maker]", "retiresOn: 2027-02-28",
      "line 27: models[0].retiresOn: A retiring model needs a successor, which its callers are told of."),
    Mistake(
      "successor of another type", "terms: [maker]", "retiresOn: 2027-02-28\n    successor: vectors",
      "line 18: models[0].successor: vectors is a model of another type."),
    Mistake(
      "no successor", "terms: [maker]", "retiresOn: 2027-02-28\n    successor: talk-9",
      "line 18: models[0].successor: There is no model talk-9."),
    Mistake(
      "successor of itself", "terms: [maker]", "retiresOn: 2027-02-28\n    successor: talk-1",
      "line 18: models[0].successor: The successors of talk-1 come back to talk-1."),
    Mistake(
      "plans out of order", "cloudTokens: 60", "cloudTokens: 30",
      "line 43: packs[0].plans[1].cloudTokens: Plans stand smallest first: more Cloud Tokens than s are needed."),
    Mistake(
      "a larger plan that permits less", "outputTokens: 2_500_000", "outputTokens: 1_000_000",
      "line 43: packs[0].plans[1].outputTokens: A larger plan permits more: s has 1250000 already."),
    Mistake(
      "plan twice", "id: m,", "id: s,", "line 43: packs[0].plans[1].id: s is the id of two plans. Ids are unique."),
    Mistake(
      "disk in a text plan", "inputTokens: 5_000_000", "diskBytes: 1, inputTokens: 5_000_000",
      "line 43: packs[0].plans[1].diskBytes: Plans of this type have no such quota."),
    Mistake(
      "nothing to buy", "name: Embeddings, units: true", "name: Embeddings",
      "line 44: packs[1]: Offer units, plans or both: nothing can be bought of this pack."),
    Mistake(
      "second pack", "type: embeddings, name: Embeddings", "type: text, name: Embeddings",
      "line 44: packs[1].type: There is a second pack of this type."),
    Mistake(
      "units of a knowledge base", "type: embeddings, name: Embeddings", "type: knowledge-base, name: Embeddings",
      "line 44: packs[1].units: Knowledge bases are bought by plan only."),
    Mistake(
      "a link that is none", "https://maker.example/terms", "javascript:alert",
      "line 8: terms[0].url: A web address that begins with https:// is needed here."),
    Mistake(
      "a strange identifier", "id: vectors", "id: vec tors",
      "line 29: models[1].id: An identifier has 1 to 64 letters, digits, dots, hyphens or underscores."),
    Mistake(
      "no units a token", "unitsPerCloudToken: 100", "unitsPerCloudToken: 0",
      "line 2: unitsPerCloudToken: The number must be from 1 to 1,000,000."),
  ]

  @Test("One mistake is told with its line, path and remedy", arguments: mistakes)
  func oneMistake(mistake: Mistake) throws {
    let problems = try TestCatalog.problems(replacing: mistake.old, with: mistake.new)
    #expect(problems.contains(mistake.problem), "\(problems)")
    // A mistake does not drag others along, except where the change itself makes two.
    let pairs = [
      "repeated region", "a day that is none", "unknown member", "repeated model", "second pack",
      "units of a knowledge base",
    ]
    if !pairs.contains(mistake.name) { #expect(problems.count == 1, "\(problems)") }
  }

  @Test("All mistakes of a document are listed together, in the order of their lines")
  func together() throws {
    let text = TestCatalog.small
      .replacingOccurrences(of: "35.81", with: "-1")
      .replacingOccurrences(of: "name: Vectors", with: "title: Vectors")
      .replacingOccurrences(of: "cloudTokens: 60", with: "cloudTokens: 1.5")
      .replacingOccurrences(of: "version: \"1\"\nunits", with: "units")
    guard case .failure(let problems) = CatalogValidation.validate(try DocumentText.parse(text)) else {
      Issue.record("the document is not valid")
      return
    }
    #expect(
      problems.problems.map(\.path) == [
        "version", "models[0].rates.input", "models[1].name", "models[1].title", "packs[0].plans[1].cloudTokens",
      ])
    #expect(problems.problems.map { $0.line ?? 0 } == problems.problems.map { $0.line ?? 0 }.sorted())
  }

  @Test("Trailing zeros and grouping are no decimals")
  func harmlessForms() throws {
    #expect(try TestCatalog.problems(replacing: "35.81", with: "35.810000") == [])
    #expect(try TestCatalog.problems(replacing: "2_500_000, outputTokens", with: "2500000, outputTokens") == [])
  }

  @Test("Something that is no mapping at all is one problem")
  func notADocument() {
    for root in [LocatedValue.scalar("x", line: 1), .list([], line: 1)] {
      #expect(TestCatalog.problems(of: root).count == 1)
    }
    #expect(TestCatalog.problems(of: .map([], line: 1)).count == 5, "the members that must be there")
  }

  @Test("C-1: damaged documents are refused or read, but never crash")
  func damaged() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(seed: seed)
    let document = try DocumentText.parse(TestCatalog.small)
    var refused = 0
    for _ in 0..<2_000 {
      if !TestCatalog.problems(of: TestCatalog.damaged(document, &random)).isEmpty { refused += 1 }
    }
    print("seed \(seed), refused \(refused)")
    #expect(refused > 200, "seed \(seed)")
  }
}
