import Core
import Storage
import Testing

@testable import packhouse

@Suite("The configuration of a server")
struct ServerConfigurationTests {
  @Test("Without a word it is complete")
  func defaults() async throws {
    let configuration = try ServerConfiguration(try await Settings.of())
    #expect(configuration.portal == ListenAddress(host: "127.0.0.1", port: 8080))
    #expect(configuration.gateway == ListenAddress(host: "127.0.0.1", port: 8081))
    #expect(configuration.operations == ListenAddress(host: "127.0.0.1", port: 8082))
    #expect(configuration.database == .sqlite(path: DataFolder("packhouse-data").database))
    #expect(configuration.durability == .grouped && configuration.drainSeconds == 60)
    #expect(configuration.stopSeconds == 60)
    #expect(!configuration.wantsDemo)
    #expect(configuration.tls == nil)
    #expect(configuration.branding.cloud == "Mendix Cloud")
    #expect(configuration.modelFolders.contains("packhouse-data/models"))
  }

  @Test("Every problem is told at once")
  func allAtOnce() async throws {
    let settings = try await Settings.of([
      "--portal", "nowhere", "--gateway", "127.0.0.1:99999", "--operations", ":80", "--portal-url", "example.com",
      "--gateway-url", "ftp://example.com", "--tls-key", "key.pem", "--database", "mysql://user:sesame@host/x",
      "--metering-durability", "never", "--drain-seconds", "601", "--stop-seconds", "soon", "--log-level", "loud",
      "--demo=perhaps",
    ])
    let problems = try await sentences { _ = try ServerConfiguration(settings) }
    #expect(problems.count == 12)
    let keys = [
      "portal.listen", "gateway.listen", "operations.listen", "portal.publicURL", "gateway.publicURL", "tls.key",
      "database.url", "metering.durability", "metering.drainSeconds", "stop.seconds", "log.level", "demo",
    ]
    for key in keys { #expect(problems.contains { $0.hasPrefix(key) }, "\(key)") }
    #expect(!problems.contains { $0.contains("sesame") })
    #expect(problems.contains { $0.hasSuffix("notice, warning, error, critical.") })
    #expect(problems.contains { $0.contains("Set --portal, PACKHOUSE_PORTAL_LISTEN or the file's entry") })
  }

  @Test("A certificate needs its key")
  func certificate() async throws {
    let settings = try await Settings.of(["--tls-certificate", "chain.pem"])
    let problems = try await sentences { _ = try ServerConfiguration(settings) }
    #expect(problems.count == 1)
    #expect(problems.first?.contains("--tls-key") == true)
    let both = try ServerConfiguration(
      try await Settings.of(["--tls-certificate", "chain.pem", "--tls-key", "key.pem"]))
    #expect(both.tls?.certificate == "chain.pem")
    #expect(both.tls?.key == "key.pem")
  }

  @Test("Certificate files that can't be used are named", arguments: ["", "not a certificate"])
  func certificateFiles(text: String) async throws {
    try await Scratch.file(text, named: "chain.pem") { path in
      let problems = try await sentences { _ = try TLSSettings.load(TLSFiles(certificate: path, key: path)) }
      #expect(problems.first?.contains(path) == true)
      let missing = try await sentences { _ = try TLSSettings.load(TLSFiles(certificate: path + ".not", key: path)) }
      #expect(missing.first?.contains("\(path).not") == true)
    }
  }

  @Test("A database URL chooses PostgreSQL", arguments: ["postgresql://h/d", "postgres://h/d"])
  func database(url: String) async throws {
    let configuration = try ServerConfiguration(try await Settings.of(["--database", url]))
    #expect(configuration.database == .postgres(url: url))
  }

  @Test(
    "An address to listen on is host and port",
    arguments: [
      ("127.0.0.1:8080", ListenAddress(host: "127.0.0.1", port: 8080)),
      ("localhost:0", ListenAddress(host: "localhost", port: 0)),
      ("[::1]:65535", ListenAddress(host: "::1", port: 65_535)),
      ("gateway.example:443", ListenAddress(host: "gateway.example", port: 443)),
    ])
  func address(text: String, expected: ListenAddress) {
    #expect(ListenAddress(text) == expected)
  }

  @Test(
    "Anything else is none",
    arguments: [
      "", "8080", ":8080", "host", "host:", "host:port", "host:65536", "host:-1", "::1:80", "::1", "[]:80", "a/b:80",
    ])
  func noAddress(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
