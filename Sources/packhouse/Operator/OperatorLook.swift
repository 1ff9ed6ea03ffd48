import Core
import Foundation
import Platform
import Storage

extension CommandInput {
  /// Opens the database to be read, beside a running server or without one, and gives what `body` finds there.
  func look<Value: Sendable>(
    _ body: (OperatorReports) async throws -> Value
  ) async throws -> Value {
    try await look { reports, _ in try await body(reports) }
  }

  /// The same for who also needs the settings.
  func look<Value: Sendable>(
    _ body: (OperatorReports, ServerConfiguration) async throws -> Value
  ) async throws -> Value {
    let configuration = try await configuration()
    if case .sqlite(let path) = configuration.database, !FileManager.default.fileExists(atPath: path) {
      throw configuration.noInstallation
    }
    let shipped = try CatalogFiles.catalog(configuration.catalogFile)
    let providers = try CatalogFiles.providers(configuration.providersFile, catalog: shipped)
    let database = try await Database.open(configuration.database, access: .readOnly)
    let reports = OperatorReports(
      database: database, catalog: providers.extending(shipped), branding: configuration.branding,
      clock: SystemSources.clock, providers: providers)
    let found: Value
    do {
      found = try await body(reports, configuration)
    } catch {
      await database.close()
      throw error
    }
    await database.close()
    return found
  }
}

extension ServerConfiguration {
  /// The master key of an installation that exists: looking at one makes none.
  func existingMasterKey() throws -> MasterKey {
    let file = "\(data)/\(MasterKey.fileName)"
    guard masterKey != nil || FileManager.default.fileExists(atPath: file) else {
      throw SettingsProblem([
        "There is no master key at \(file). Restore it, or set \(MasterKey.environmentName): activity is signed with it."
      ])
    }
    return try MasterKey.load(folder: data, environment: masterKey, random: SystemSources.random)
  }
}
