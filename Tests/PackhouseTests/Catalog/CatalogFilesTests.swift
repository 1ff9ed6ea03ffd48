import Core
import Foundation
import Testing

@testable import packhouse

@Suite("Catalog and provider files (C-1)")
struct CatalogFilesTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func shipped() throws -> String {
    try String(contentsOf: root.appending(path: "catalog.yaml"), encoding: .utf8)
  }

  @Test("The catalog that the program carries is the one in the repository, and valid")
  func builtIn() throws {
    #expect(BuiltInCatalog.text == (try Self.shipped()))
    let catalog = try CatalogFiles.catalog(nil)
    #expect(catalog == (try CatalogFiles.catalog(Self.root.appending(path: "catalog.yaml").path)))
    #expect(catalog.unitsPerCloudToken == 100)
    #expect(catalog.model(ModelVersionID("claude-sonnet-4-6"))?.rates == ExchangeRates(input: 107_440, output: 537_210))
    #expect(catalog.models.contains { $0.type == .embeddings })
    #expect(Set(catalog.packs.map(\.type)).isSuperset(of: [.text, .embeddings]))
  }

  @Test("Every problem of a broken catalog is listed, with its line")
  func broken() async throws {
    var lines = try Self.shipped().components(separatedBy: "\n")
    func plant(_ wrong: String, inPlaceOf right: String) throws -> Int {
      let index = try #require(lines.firstIndex { $0.contains(right) })
      lines[index] = lines[index].replacing(right, with: wrong)
      return index + 1
    }
    let planted = [
      try plant("unitsPerCloudToken: many", inPlaceOf: "unitsPerCloudToken: 100"),
      try plant("crossRegion: perhaps", inPlaceOf: "crossRegion: true"),
      try plant("family: claude-poem", inPlaceOf: "family: claude-haiku"),
      try plant("rates: {input: -1, output: 537.21}", inPlaceOf: "rates: {input: 107.44, output: 537.21}"),
    ]
    try await Scratch.file(lines.joined(separator: "\n")) { path in
      let problems = try await sentences { _ = try CatalogFiles.catalog(path) }
      #expect(problems.first == "The catalog \(path) can't be used:")
      for line in planted {
        #expect(problems.contains { $0.contains("line \(line):") }, "line \(line) is not among \(problems)")
      }
    }
  }

  @Test("A catalog that can't be read is told as that")
  func unreadable() async throws {
    let missing = try await sentences { _ = try CatalogFiles.catalog("/nowhere/catalog.yaml") }
    #expect(missing == ["The catalog /nowhere/catalog.yaml can't be read: it does not exist or may not be opened."])
    for text in ["a: [", "", "- just\n- a list\n", "a: 1\na: 2\n"] {
      try await Scratch.file(text) { path in
        let problems = try await sentences { _ = try CatalogFiles.catalog(path) }
        #expect(!problems.isEmpty)
        #expect(problems.first?.contains(path) == true)
      }
    }
  }

  @Test("Without a file there are no provider accounts; a wrong file is listed with lines")
  func providers() async throws {
    let catalog = try CatalogFiles.catalog(nil)
    #expect(try CatalogFiles.providers(nil, catalog: catalog).accounts.isEmpty)
    let text = """
      providers:
        - name: one
          kind: telepathy
          region: eu-central-1
        - name: one
          kind: openai-compatible
          region: mars
      """
    try await Scratch.file(text) { path in
      let problems = try await sentences { _ = try CatalogFiles.providers(path, catalog: catalog) }
      #expect(problems.first == "The providers file \(path) can't be used:")
      #expect(problems.contains { $0.contains("line 3:") })
      #expect(problems.contains { $0.contains("line 7:") })
    }
  }
}
