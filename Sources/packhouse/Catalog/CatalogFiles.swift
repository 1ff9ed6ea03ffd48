import Core
import Foundation
import Storage

/// Reads the catalog and the provider accounts, and lists every problem of either. Rule C-1.
enum CatalogFiles {
  /// The catalog of `path`, or the one that is built in.
  static func catalog(_ path: String?) throws -> Catalog {
    let name = path ?? "built-in catalog"
    let root =
      if let path {
        try YAMLDocument.read(path, what: "catalog")
      } else {
        try YAMLDocument.compose(BuiltInCatalog.text, name: name, what: "catalog")
      }
    switch CatalogValidation.validate(root) {
    case .success(let catalog): return catalog
    case .failure(let problems): throw SettingsProblem(listing(problems, of: "catalog", name))
    }
  }

  /// The provider accounts of `path`; without a file the offline provider alone.
  static func providers(_ path: String?, catalog: Catalog) throws -> ProviderConfiguration {
    guard let path else { return .none }
    let root = try YAMLDocument.read(path, what: "providers file")
    switch ProviderValidation.validate(root, catalog: catalog) {
    case .success(let configuration): return configuration
    case .failure(let problems): throw SettingsProblem(listing(problems, of: "providers file", path))
    }
  }

  /// A model that a resource still has enabled must be there. Rule C-1.
  static func checkEnabledModels(_ catalog: Catalog, database: Database) async throws {
    let enabled = try await database.read { try $0.modelsInUse() }
    let missing = catalog.missingModels(among: enabled.sorted())
    guard missing.isEmpty else {
      let names = missing.map(\.text).joined(separator: ", ")
      throw SettingsProblem([
        "The catalog lacks models that resources have enabled: \(names). Add them to the catalog or the providers file."
      ])
    }
  }

  private static func listing(_ problems: CatalogProblems, of what: String, _ name: String) -> [String] {
    ["The \(what) \(name) can't be used:"] + problems.problems.map { "  \($0)" }
  }
}
