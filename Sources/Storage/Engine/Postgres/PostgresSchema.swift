/// A schema of its own on a PostgreSQL server, for tests: made, addressed, dropped.
package struct PostgresSchema: Sendable {
  private let serverURL: String
  package let name: String

  /// - Parameter name: lower-case letters, digits and `_`.
  package init(serverURL: String, name: String) {
    precondition(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") })
    self.serverURL = serverURL
    self.name = name
  }

  /// The server's address with this schema as the only place where tables are looked for.
  package var url: String {
    serverURL + (serverURL.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(name)"
  }

  package func create() async throws { try await run("CREATE SCHEMA \(name)") }

  package func drop() async throws { try await run("DROP SCHEMA IF EXISTS \(name) CASCADE") }

  private func run(_ statement: String) async throws {
    try await BlockingCall.run("packhouse.postgres.schema") {
      try PostgresConnection(url: serverURL).runScript("SET client_min_messages = warning; \(statement)")
    }
  }
}
