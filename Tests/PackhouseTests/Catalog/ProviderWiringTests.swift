import Core
import NIOPosix
import Providers
import Testing

@testable import packhouse

@Suite("Provider accounts at the start (N-1)")
struct ProviderWiringTests {
  static let accounts = """
    providers:
      - name: frankfurt
        kind: bedrock
        region: eu-central-1
        accessKeyFrom: TEST_ACCESS_KEY
        secretKeyFrom: TEST_SECRET_KEY
      - name: own
        kind: openai-compatible
        region: eu-central-1
        endpoint: http://127.0.0.1:9/v1
        apiKeyFrom: TEST_API_KEY
        models:
          claude-sonnet-4-6: sonnet
      - name: direct
        kind: anthropic
        region: eu-central-1
        apiKeyFrom: TEST_ANTHROPIC_KEY
        models:
          claude-sonnet-4-6: claude-sonnet-4-6
    """

  @Test("Every secret that is missing is named by account and variable")
  func missingSecrets() async throws {
    let problems = try await sentences { try await wire(["TEST_ACCESS_KEY": "AK", "TEST_SECRET_KEY": ""]) { _ in } }
    #expect(problems.count == 3)
    #expect(problems.contains { $0.contains("frankfurt") && $0.contains("TEST_SECRET_KEY") })
    #expect(problems.contains { $0.contains("own") && $0.contains("TEST_API_KEY") })
    #expect(problems.contains { $0.contains("direct") && $0.contains("TEST_ANTHROPIC_KEY") })
  }

  @Test("Accounts serve the models that they have, and nobody serves those of no account")
  func deployments() async throws {
    let secrets = [
      "TEST_ACCESS_KEY": "AK", "TEST_SECRET_KEY": "sesame", "TEST_API_KEY": "sesame", "TEST_ANTHROPIC_KEY": "sesame",
    ]
    try await wire(secrets) { policy in
      let sonnet = policy.deployments(ModelVersionID("claude-sonnet-4-6"))
      #expect(Set(sonnet.map(\.account)) == ["frankfurt", "own", "direct"])
      #expect(sonnet.first { $0.account == "direct" }?.provider == .anthropic)
      #expect(sonnet.first { $0.account == "own" }?.upstreamModel == "sonnet")
      for deployment in sonnet {
        guard case .remote = policy.provider(deployment) else {
          Issue.record("\(deployment.account) has no provider")
          continue
        }
      }
      // Without weights the models of the process have no deployment.
      #expect(policy.deployments(ModelVersionID("packhouse-extractive-1")).isEmpty)
      #expect(!String(reflecting: sonnet).contains("sesame"))
    }
  }

  private func wire(_ environment: [String: String], _ body: (CallPolicy) throws -> Void) async throws {
    try await Scratch.file(Self.accounts) { path in
      let catalog = try CatalogFiles.catalog(nil)
      let configuration = try CatalogFiles.providers(path, catalog: catalog)
      let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
      do {
        let wiring = try ProviderWiring(
          configuration, catalog: catalog, client: client, offline: nil, environment: environment,
          clock: WallClock { Instant(milliseconds: 0) })
        try body(wiring.policy(catalog))
      } catch {
        try? await client.shutDown()
        throw error
      }
      try await client.shutDown()
    }
  }
}
