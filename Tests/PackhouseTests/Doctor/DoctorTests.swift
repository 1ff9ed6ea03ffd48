import Core
import Foundation
import NIOCore
import NIOPosix
import Platform
import Providers
import Testing

@testable import packhouse

@Suite("packhouse doctor (N-5)")
struct DoctorTests {
  private static let accounts = """
    providers:
      - {name: frankfurt, kind: bedrock, region: eu-central-1, bearerTokenFrom: DOCTOR_TEST_TOKEN}
      - name: closed
        kind: openai-compatible
        region: eu-central-1
        endpoint: http://127.0.0.1:9/v1
        models: {claude-sonnet-4-6: sonnet}
    """

  @Test(
    "An account without its variable is not asked but named with the variable; one that nobody serves is told as such")
  func examination() async throws {
    try await Scratch.file(Self.accounts) { path in
      let shipped = try CatalogFiles.catalog(nil)
      let file = try CatalogFiles.providers(path, catalog: shipped)
      let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
      let found: [DeploymentFinding]
      do {
        let examination = try Examination(
          file, stored: OpenedProviderAccounts(), catalog: file.extending(shipped), client: client, offline: nil,
          environment: [:])
        found = await examination.findings(only: ["closed", "frankfurt/claude-sonnet-4-6"])
      } catch {
        try? await client.shutDown()
        throw error
      }
      try await client.shutDown()
      #expect(found.map(\.deployment) == ["closed/claude-sonnet-4-6", "frankfurt/claude-sonnet-4-6"])
      #expect(found.allSatisfy { !$0.works })
      #expect(found.first?.problem == "Nothing listens at the address of the provider closed.")
      #expect(found.last?.problem == "The environment variable DOCTOR_TEST_TOKEN of its account is not set.")
      #expect(found.last?.milliseconds == nil)
    }
  }

  @Test("A listener's place is free, taken, or no address of this machine; a folder is there or not")
  func places() async throws {
    let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(taken.localAddress?.port)
    try await Scratch.folder { folder in
      let checks = DoctorChecks(
        configuration: try ServerConfiguration(
          try await Settings.of([
            "--data", folder.path, "--portal", "127.0.0.1:\(port)", "--gateway", "127.0.0.1:0", "--operations",
            "192.0.2.1:80",
          ])))
      let found = await checks.places()
      #expect(found.map(\.isFine) == [false, true, false])
      #expect(found[0].sentence.contains("taken by another program") && found[0].sentence.contains("--portal"))
      #expect(checks.dataFolder(isServerRunning: false).isFine)
      let gone = DoctorChecks(
        configuration: try ServerConfiguration(try await Settings.of(["--data", folder.path + "/nowhere"])))
      #expect(!gone.dataFolder(isServerRunning: false).isFine)
      #expect(gone.dataFolder(isServerRunning: false).sentence.contains("does not exist"))
      #expect(gone.weights().isFine || gone.weights().sentence.contains("fetch-models.sh"))
    }
    try await taken.close()
  }

  @Test("A report says what is fine and what is not, and counts what is to be mended")
  func report() {
    let deployment = Deployment(
      id: Identifier("a/m"), model: ModelVersionID("m"), provider: .bedrock, account: "a",
      region: RegionID("eu-central-1"), upstreamModel: "m")
    var report = DoctorReport(
      isServerRunning: false, findings: [.init("weights", isFine: true, "they are there")], deployments: [])
    #expect(report.isFine && report.text.contains("ok    weights: they are there"))
    #expect(report.text.contains("No deployment was asked.") && report.text.hasSuffix("Nothing is missing."))
    report.deployments = [DeploymentFinding(unasked: deployment, problem: "No key.", remedy: "Set one.")]
    #expect(!report.isFine)
    #expect(report.text.contains("FAIL  a/m (bedrock, eu-central-1): No key.\n       Set one."))
    #expect(report.text.hasSuffix("1 thing to mend."))
  }

  @Test("A running server's weights are judged by its built-in models, not by the folders that the command was told")
  func weightsOfServer() async throws {
    try await Scratch.folder { folder in
      let checks = DoctorChecks(
        configuration: try ServerConfiguration(try await Settings.of(["--data", folder.path + "/nowhere"])))
      let model = Deployment(
        id: Identifier("offline/m"), model: ModelVersionID("m"), provider: .offline, account: "offline",
        region: RegionID("local"), upstreamModel: "m")
      #expect(checks.weights(ofServerWith: [DeploymentFinding(unasked: model, problem: "x", remedy: "y")]).isFine)
      #expect(checks.weights(ofServerWith: []) == checks.weights())
    }
  }

  @Test("A deployment is picked by its id, its account or its model")
  func selection() {
    func deployment(_ account: String, _ model: String) -> Deployment {
      Deployment(
        id: Identifier("\(account)/\(model)"), model: ModelVersionID(model), provider: .bedrock, account: account,
        region: RegionID("eu-central-1"), upstreamModel: model)
    }
    let all = [deployment("a", "x"), deployment("a", "y"), deployment("b", "x")]
    #expect(all.selected(by: []).count == 3)
    #expect(all.selected(by: ["a"]).map(\.id.text) == ["a/x", "a/y"])
    #expect(all.selected(by: ["x"]).map(\.id.text) == ["a/x", "b/x"])
    #expect(all.selected(by: ["b/x", "a/y"]).map(\.id.text) == ["a/y", "b/x"])
    #expect(all.selected(by: ["z"]).isEmpty)
  }
}
