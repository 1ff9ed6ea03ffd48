import Core
import Foundation
import Logging
import NIOPosix
import Platform
import Providers
import Synchronization
import Testing

@testable import packhouse

@Suite("Stored provider accounts in a server (N-1, N-3)")
struct StoredProviderWiringTests {
  static let sonnet = ModelVersionID("claude-sonnet-4-6")
  static let file = """
    providers:
      - name: stored
        kind: bedrock
        region: eu-central-1
        credentials: stored
      - name: keyed
        kind: openai-compatible
        region: eu-central-1
        endpoint: http://127.0.0.1:9/v1
        apiKeyFrom: TEST_API_KEY
        models: {claude-sonnet-4-6: sonnet}
      - name: open
        kind: openai-compatible
        region: eu-central-1
        endpoint: http://127.0.0.1:9/v1
        models: {claude-sonnet-4-6: sonnet}
    """

  static func opened(
    _ name: String, kind: ProviderKind = .bedrock, region: String? = "eu-central-1",
    _ secret: Result<ProviderSecret, ProviderSecretProblem> = .success(ProviderSecret(.key("sesame")))
  ) -> OpenedProviderAccount {
    OpenedProviderAccount(
      account: StoredProviderAccount(
        name: name, kind: kind, region: region.map { RegionID($0) }, endpoint: nil,
        secret: SealedSecret(keyID: "k", nonce: [], box: [], fingerprint: "f"), createdAt: Instant(milliseconds: 0),
        changedAt: Instant(milliseconds: 0), changedBy: "operator"),
      secret: secret)
  }

  @Test("An account without its secret is there, serves nothing for pages, and fails each call so that routing goes on")
  func missing() async throws {
    try await wired { wire in
      let wiring = try wire(OpenedProviderAccounts())
      #expect(
        wiring.complaints == [
          "The provider account stored has no secret yet. Enter it with `packhouse provider set-secret stored`."
        ])
      #expect(wiring.deployments(of: Self.sonnet).map(\.account) == ["stored", "keyed", "open"])
      let failure = try await failure(of: "stored", in: wiring)
      #expect(failure?.kind == .misconfigured && failure?.message.contains("stored has no secret yet") == true)
      // Nothing listens at the address of the control, which is a failure of another kind.
      #expect(try await self.failure(of: "keyed", in: wiring)?.kind == .connection)
      let haiku = ModelVersionID("claude-haiku-4-5")
      let catalog = try CatalogFiles.catalog(nil)
      let model = try #require(catalog.models.first { $0.id.text.hasPrefix(haiku.text) })
      #expect(!wiring.servedModels.serves(model, in: RegionID("eu-central-1"), isCrossRegion: true))
      let better = try wire(OpenedProviderAccounts(accounts: [Self.opened("stored")]))
      #expect(better.complaints.isEmpty)
      #expect(better.servedModels.serves(model, in: RegionID("eu-central-1"), isCrossRegion: true))
    }
  }

  @Test("Each reason why a secret can't be used is told with its account, and the others work")
  func complaints() async throws {
    try await wired { wire in
      let wiring = try wire(
        OpenedProviderAccounts(
          accounts: [
            Self.opened("stored", .failure(.otherMasterKey)), Self.opened("keyed"), Self.opened("alone"),
            Self.opened("lost", region: nil), Self.opened("open", kind: .anthropic),
          ], unreadable: ["garbled"]))
      let expected = [
        ("lost", "without a region"), ("keyed", "from the environment"), ("garbled", "can't be read"),
        ("stored", "sealed with another master key"), ("open", "is one of kind anthropic"),
      ]
      #expect(wiring.complaints.count == expected.count)
      for (name, part) in expected {
        #expect(wiring.complaints.contains { $0.contains(" \(name) ") && $0.contains(part) }, "\(name)")
      }
      #expect(wiring.deployments(of: Self.sonnet).map(\.account) == ["stored", "keyed", "open", "alone"])
      #expect(!"\(wiring.complaints)".contains("sesame") && !String(reflecting: wiring.complaints).contains("sesame"))
    }
  }

  @Test("What is there now is asked for each time; an account that is gone still knows its language")
  func directory() async throws {
    try await wired { wire in
      let directory = try ProviderDirectory(
        OpenedProviderAccounts(accounts: [Self.opened("alone")]), logger: Logger(label: "test"), make: wire)
      let policy = directory.policy(try CatalogFiles.catalog(nil), routing: ConfiguredOrder())
      let gone = try #require(policy.deployments(Self.sonnet).first { $0.account == "alone" })
      directory.apply(OpenedProviderAccounts(accounts: [Self.opened("later")]))
      #expect(policy.deployments(Self.sonnet).map(\.account) == ["stored", "keyed", "open", "later"])
      guard case .remote(let provider)? = policy.provider(gone) else {
        Issue.record("nobody would read the rest of its answer")
        return
      }
      #expect(provider is BedrockProvider)
      let failure = try await self.failure(of: gone, in: directory.current)
      #expect(failure?.kind == .misconfigured && failure?.message.contains("alone was changed or removed") == true)
      // An account of its name that answers in another region is another one: the call does not follow it there (N-2).
      directory.apply(OpenedProviderAccounts(accounts: [Self.opened("alone")]))
      let there = Deployment(
        id: gone.id, model: gone.model, provider: gone.provider, account: gone.account, region: RegionID("elsewhere"),
        upstreamModel: gone.upstreamModel)
      #expect(try await self.failure(of: there, in: directory.current)?.message.contains("changed or removed") == true)
    }
  }

  @Test("The same accounts again make nothing new; accounts that can't be used leave those of before")
  func unchanged() throws {
    struct Refused: Error {}
    let made = Mutex(0)
    let catalog = try CatalogFiles.catalog(nil)
    let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
    defer { Task { try? await client.shutDown() } }
    let directory = try ProviderDirectory(OpenedProviderAccounts(), logger: Logger(label: "test")) { stored in
      made.withLock { $0 += 1 }
      guard stored.unreadable.isEmpty else { throw Refused() }
      return try ProviderWiring(
        .none, stored: stored, catalog: catalog, client: client, offline: nil, environment: [:],
        clock: WallClock { Instant(milliseconds: 0) })
    }
    directory.apply(OpenedProviderAccounts())
    #expect(made.withLock { $0 } == 1)
    directory.apply(OpenedProviderAccounts(accounts: [Self.opened("alone")]))
    directory.apply(OpenedProviderAccounts(unreadable: ["x"]))
    #expect(made.withLock { $0 } == 3)
    #expect(directory.current.deployments(of: Self.sonnet).map(\.account) == ["alone"])
  }

  private typealias Wire = @Sendable (OpenedProviderAccounts) throws -> ProviderWiring

  private func wired(_ body: (@escaping Wire) async throws -> Void) async throws {
    try await Scratch.file(Self.file) { path in
      let catalog = try CatalogFiles.catalog(nil)
      let configuration = try CatalogFiles.providers(path, catalog: catalog)
      let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
      do {
        try await body { stored in
          try ProviderWiring(
            configuration, stored: stored, catalog: catalog, client: client, offline: nil,
            environment: ["TEST_API_KEY": "sesame"], clock: WallClock { Instant(milliseconds: 0) })
        }
      } catch {
        try? await client.shutDown()
        throw error
      }
      try await client.shutDown()
    }
  }

  private func failure(of account: String, in wiring: ProviderWiring) async throws -> UpstreamFailure? {
    let deployment = try #require(wiring.deployments(of: Self.sonnet).first { $0.account == account })
    return try await failure(of: deployment, in: wiring)
  }

  private func failure(of deployment: Deployment, in wiring: ProviderWiring) async throws -> UpstreamFailure? {
    guard case .remote(let provider)? = wiring.provider(of: deployment) else { return nil }
    do throws(UpstreamFailure) {
      _ = try await provider.transport.open(
        UpstreamRequest(method: "POST", path: "/x", headers: [], body: Sensitive([])), requestID: RequestID("r"))
      return nil
    } catch {
      return error
    }
  }
}
