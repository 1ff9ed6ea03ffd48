import Testing

@testable import Core

@Suite("Provider accounts that the operator entered (N-1, N-2)")
struct StoredProviderAccountTests {
  private static func stored(
    _ name: String, kind: ProviderKind = .bedrock, region: String? = "eu-central-1", endpoint: String? = nil
  ) -> StoredProviderAccount {
    StoredProviderAccount(
      name: name, kind: kind, region: region.map { RegionID($0) }, endpoint: endpoint,
      secret: SealedSecret(keyID: "k", nonce: [], box: [], fingerprint: "0011aabb"),
      createdAt: Instant(milliseconds: 1), changedAt: Instant(milliseconds: 1), changedBy: "operator")
  }

  @Test("N-2: a stored account serves what one of the file without a list serves")
  func deployments() throws {
    let catalog = try TestCatalog.shipped()
    let configuration = ProviderConfiguration.none.including([Self.stored("frankfurt")], in: catalog)
    let account = try #require(configuration.accounts.first)
    #expect(account.credentials == .stored && account.region == RegionID("eu-central-1") && account.endpoint == nil)
    let deployments = configuration.deployments(catalog).filter { $0.provider == .bedrock }
    #expect(deployments.count == 11)
    #expect(
      deployments.first { $0.model.text == "claude-sonnet-4-6" }?.upstreamModel == "eu.anthropic.claude-sonnet-4-6")
    #expect(!deployments.contains { $0.model.text == "claude-3-sonnet" }, "that one is in Montreal only")
  }

  @Test("The file's account wins over a stored one of its name; one that does not say where it is is none by itself")
  func precedence() throws {
    let catalog = try TestCatalog.shipped()
    let own = ProviderAccount(
      name: "frankfurt", kind: .bedrock, region: RegionID("eu-central-1"), endpoint: "https://own.example",
      credentials: .stored, models: [ModelVersionID("claude-sonnet-4-6"): "mine"])
    let file = ProviderConfiguration(families: [], models: [], accounts: [own])
    let found = file.including(
      [Self.stored("frankfurt"), Self.stored("nowhere", region: nil), Self.stored("mars", region: "mars-1")],
      in: catalog)
    #expect(found.accounts == [own])
    #expect(file.including([Self.stored("other")], in: catalog).accounts.map(\.name) == ["frankfurt", "other"])
    #expect(file.account(named: "frankfurt") == own && file.account(named: "other") == nil)
  }

  @Test("A secret is sealed for every field that decides where it is sent, and fields don't run into each other")
  func sealedData() {
    func data(
      _ name: String = "a", _ kind: ProviderKind = .bedrock, _ region: String? = "r", _ endpoint: String? = "e",
      _ fingerprint: String = "f"
    ) -> [UInt8] {
      StoredProviderAccount.sealedData(
        name: name, kind: kind, region: region.map { RegionID($0) }, endpoint: endpoint, fingerprint: fingerprint)
    }
    let others = [
      data("b"), data("a", .anthropic), data("a", .bedrock, "s"), data("a", .bedrock, nil),
      data("a", .bedrock, "r", nil),
      data("a", .bedrock, "r", "ef", ""), data("a", .bedrock, "r", "e", "g"),
    ]
    #expect(Set(others + [data()]).count == others.count + 1)
    #expect(data() == data())
  }

  @Test("Names are identifiers, and none is that of the built-in account")
  func names() {
    for name in ["frankfurt", "eu-1_a.b", String(repeating: "x", count: 64)] { #expect(ProviderAccount.isName(name)) }
    for name in ["", "offline", "a b", "ä", String(repeating: "x", count: 65)] {
      #expect(!ProviderAccount.isName(name))
    }
    #expect(ProviderAccount.kinds.contains(.bedrock) && !ProviderAccount.kinds.contains(.offline))
  }
}
