import Core
import Foundation
import Testing

@Suite("Provider accounts")
struct ProviderValidationTests {
  private func problems(_ text: String) throws -> [String] {
    switch ProviderValidation.validate(try DocumentText.parse(text), catalog: try TestCatalog.shipped()) {
    case .success: []
    case .failure(let problems): problems.problems.map(\.description)
    }
  }

  private func configuration(_ text: String) throws -> ProviderConfiguration {
    try ProviderValidation.validate(try DocumentText.parse(text), catalog: try TestCatalog.shipped()).get()
  }

  static let llama = """
    families:
      - {id: llama, name: Llama, vendor: Meta}
    models:
      - id: llama-3
        name: Llama 3
        family: llama
        type: text
        availability:
          - {region: local}
        rates: {input: 1, output: 2}
        limits: {maxOutputTokens: 4096, defaultMaxTokens: 512, charactersPerToken: 3.5, maxToolNameLength: 64}
    providers:
      - name: workshop
        kind: openai-compatible
        region: local
        endpoint: http://127.0.0.1:8000/v1/
        apiKeyFrom: WORKSHOP_KEY
        models: {llama-3: meta-llama/Llama-3}
    """

  static let frankfurt = """
    providers:
      - name: frankfurt
        kind: bedrock
        region: eu-central-1
        bearerTokenFrom: AWS_BEARER_TOKEN_BEDROCK
    """

  @Test("Without a file the offline provider alone has deployments, in region Local")
  func offline() throws {
    let deployments = ProviderConfiguration.none.deployments(try TestCatalog.shipped())
    #expect(deployments.map(\.model.text) == ["packhouse-extractive-1", "packhouse-minilm-l6-v2"])
    #expect(deployments.allSatisfy { $0.provider == .offline && $0.region == .local && $0.account == "offline" })
  }

  @Test("N-2: an account without a list serves every model with an upstream id that its region may answer")
  func defaults() throws {
    let catalog = try TestCatalog.shipped()
    let deployments = try configuration(Self.frankfurt).deployments(catalog).filter { $0.provider == .bedrock }
    #expect(deployments.count == 11)
    #expect(!deployments.contains { $0.model.text == "claude-3-sonnet" }, "that one is in Montreal only")
    let sonnet = try #require(deployments.first { $0.model.text == "claude-sonnet-4-6" })
    #expect(sonnet.upstreamModel == "eu.anthropic.claude-sonnet-4-6")
    #expect(sonnet.region.text == "eu-central-1")
    #expect(sonnet.id.text == "frankfurt/claude-sonnet-4-6")

    let paris = try configuration(Self.frankfurt.replacingOccurrences(of: "eu-central-1", with: "eu-west-3"))
    #expect(
      Set(paris.deployments(catalog).filter { $0.provider == .bedrock }.map(\.model.text)).isSuperset(of: [
        "claude-3-7-sonnet", "embed-v4",
      ]))
    #expect(!paris.deployments(catalog).contains { $0.model.text == "embed-english-v3" })
  }

  @Test("C-5: an operator's own models join the catalog in region Local")
  func additionalModels() throws {
    let configuration = try configuration(Self.llama)
    let catalog = configuration.extending(try TestCatalog.shipped())
    #expect(catalog.offered(type: .text, region: .local, isCrossRegion: false).map(\.id.text).contains("llama-3"))
    #expect(catalog.model(named: "llama 3", among: [ModelVersionID("llama-3")])?.id.text == "llama-3")
    #expect(catalog.family(Identifier("llama"))?.vendor == "Meta")
    let deployment = try #require(configuration.deployments(catalog).first { $0.model.text == "llama-3" })
    #expect(deployment.upstreamModel == "meta-llama/Llama-3")
    #expect(deployment.provider == .openAICompatible)
    #expect(configuration.accounts[0].endpoint == "http://127.0.0.1:8000/v1")
    #expect(configuration.accounts[0].credentials == .bearer(variable: "WORKSHOP_KEY"))
    #expect(configuration.extending(catalog) == catalog, "extending twice changes nothing")
  }

  @Test("N-1: credentials are names of environment variables")
  func credentials() throws {
    let keys = "accessKeyFrom: ID\n    secretKeyFrom: SECRET\n    sessionTokenFrom: TOKEN"
    let text = Self.frankfurt.replacingOccurrences(of: "bearerTokenFrom: AWS_BEARER_TOKEN_BEDROCK", with: keys)
    let credentials = try configuration(text).accounts[0].credentials
    #expect(
      credentials == .accessKey(idVariable: "ID", secretVariable: "SECRET", sessionTokenVariable: "TOKEN"))
    #expect(credentials.variables == ["ID", "SECRET", "TOKEN"])
    #expect(
      try configuration(Self.llama.replacingOccurrences(of: "    apiKeyFrom: WORKSHOP_KEY\n", with: ""))
        .accounts[0].credentials == .none)
  }

  @Test("N-1: Anthropic's service has an address of its own and needs a key, if need be a stored one; another may not")
  func anthropic() throws {
    let text = """
      providers:
        - name: direct
          kind: anthropic
          region: eu-central-1
          apiKeyFrom: CLAUDE_KEY
          models: {claude-sonnet-4-6: claude-sonnet-4-6}
      """
    let account = try configuration(text).accounts[0]
    #expect(account.kind == .anthropic && account.endpoint == nil)
    #expect(account.credentials == .bearer(variable: "CLAUDE_KEY"))
    let keyless = text.replacingOccurrences(of: "    apiKeyFrom: CLAUDE_KEY\n", with: "")
    #expect(try configuration(keyless).accounts[0].credentials == .stored)
    let other = text.replacingOccurrences(of: "apiKeyFrom: CLAUDE_KEY", with: "endpoint: http://127.0.0.1:8000")
    #expect(try configuration(other).accounts[0].credentials == .none)
  }

  @Test("N-1: Cohere's service has an address of its own and answers the embeddings models whose names it has")
  func cohere() throws {
    let text = """
      providers:
        - name: direct
          kind: cohere
          region: ca-central-1
          apiKeyFrom: COHERE_KEY
          models: {embed-multilingual-v3: embed-multilingual-v3.0}
      """
    let account = try configuration(text).accounts[0]
    #expect(account.kind == .cohere && account.endpoint == nil)
    #expect(account.credentials == .bearer(variable: "COHERE_KEY"))
    #expect(account.models == [ModelVersionID("embed-multilingual-v3"): "embed-multilingual-v3.0"])
    let keyless = text.replacingOccurrences(of: "    apiKeyFrom: COHERE_KEY\n", with: "")
    #expect(try configuration(keyless).accounts[0].credentials == .stored)
  }

  static let mistakes: [(base: String, old: String, new: String, problem: String)] = [
    (
      frankfurt, "kind: bedrock", "kind: bedrok",
      "line 3: providers[0].kind: One of these is needed: bedrock, anthropic, cohere, openai-compatible."
    ),
    (
      frankfurt, "region: eu-central-1", "region: us-east-1",
      "line 4: providers[0].region: The catalog has no region us-east-1. It has: eu-central-1, ca-central-1, local, "
        + "eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3."
    ),
    (
      frankfurt, "AWS_BEARER_TOKEN_BEDROCK", "ABSK-not/a+name=",
      "line 5: providers[0].bearerTokenFrom: The name of an environment variable is needed here (letters, digits, "
        + "underscores), never the secret."
    ),
    (
      frankfurt, "    bearerTokenFrom: AWS_BEARER_TOKEN_BEDROCK", "    accessKeyFrom: ID",
      "line 2: providers[0]: Give either bearerTokenFrom, or accessKeyFrom and secretKeyFrom, and not both."
    ),
    (
      frankfurt, "bearerTokenFrom: A", "secretKeyFrom: B\n    bearerTokenFrom: A",
      "line 2: providers[0]: Give either bearerTokenFrom, or accessKeyFrom and secretKeyFrom, and not both."
    ),
    (
      frankfurt, "bearerTokenFrom: AWS_BEARER_TOKEN_BEDROCK", "credentials: ABSK-secret",
      "line 5: providers[0].credentials: One of these is needed: stored."
    ),
    (
      frankfurt, "bearerTokenFrom", "credentials: stored\n    bearerTokenFrom",
      "line 6: providers[0].bearerTokenFrom: The account's credentials are stored. Leave out either this or the member "
        + "credentials."
    ),
    (
      frankfurt, "bearerTokenFrom", "apiKeyFrom",
      "line 5: providers[0].apiKeyFrom: Accounts of kind bedrock have no such member."
    ),
    (
      frankfurt, "name: frankfurt", "name: offline",
      "line 2: providers[0].name: Another account is called offline. Names are unique, and offline is the built-in one."
    ),
    (
      frankfurt, "region: eu-central-1", "region: local",
      "line 2: providers[0]: No model of the catalog names a bedrock model for local. List them under models as "
        + "MODEL: NAME-AT-THE-PROVIDER."
    ),
    (
      llama, "llama-3: meta", "llama-4: meta",
      "line 18: providers[0].models.llama-4: There is no model llama-4 in the catalog."
    ),
    (
      llama, "{llama-3: meta", "{embed-v4: meta",
      "line 18: providers[0].models.embed-v4: The catalog does not let embed-v4 be answered in local."
    ),
    (
      llama, "    endpoint: http://127.0.0.1:8000/v1/\n", "",
      "line 13: providers[0].endpoint: Give the server's address, with /v1 at its end."
    ),
    (
      llama, "http://127.0.0.1:8000/v1/", "127.0.0.1:8000",
      "line 16: providers[0].endpoint: The address must begin with https:// or http://."
    ),
    (
      llama, "http://127.0.0.1:8000/v1/", "https://user:password@host/v1",
      "line 16: providers[0].endpoint: The address must not hold credentials."
    ),
    (
      llama, "region: local}", "region: ca-central-1}",
      "line 4: models[0].availability: Additional models are offered in region local only, not in ca-central-1."
    ),
    (llama, "id: llama-3", "id: embed-v4", "line 4: models[0].id: embed-v4 is a model of the catalog already."),
    (
      llama, "name: Llama 3", "name: Claude Opus 4.8",
      "line 4: models[0]: The name claude opus 4.8 already means claude-opus-4-8."
    ),
    (llama, "id: llama,", "id: claude-opus,", "line 1: families: claude-opus is a family of the catalog already."),
    (
      llama, "rates: {input: 1,", "rates: {input: 1.0001,",
      "line 10: models[0].rates.input: More than 3 decimals cannot be kept exactly. Round the number."
    ),
  ]

  @Test("Every mistake is told with its line, path and remedy", arguments: mistakes.indices)
  func oneMistake(index: Int) throws {
    let (base, old, new, problem) = Self.mistakes[index]
    #expect(try problems(base) == [], "control")
    let parts = base.components(separatedBy: old)
    try #require(parts.count > 1)
    let found = try problems(parts.joined(separator: new))
    #expect(found.contains(problem), "\(found)")
  }

  @Test("A secret that was pasted in place of a name is not repeated")
  func pastedSecret() throws {
    let found = try problems(Self.frankfurt.replacingOccurrences(of: "AWS_BEARER_TOKEN_BEDROCK", with: "se/cret+1234"))
    #expect(found.count == 1)
    #expect(!found.joined().contains("se/cret"))
  }

  @Test("Two accounts of one name are told apart by nothing")
  func repeatedName() throws {
    let second = Self.frankfurt.replacingOccurrences(of: "providers:\n", with: "")
    #expect(try problems(Self.frankfurt + "\n" + second).count == 1)
  }

  @Test("Damaged files are refused or read, but never crash")
  func damaged() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("damaged provider files, seed \(seed)")
    var random = SplitMix(seed: seed)
    let catalog = try TestCatalog.shipped()
    let text = Self.llama + Self.frankfurt.replacingOccurrences(of: "providers:", with: "")
    let document = try DocumentText.parse(text)
    var refused = 0
    for _ in 0..<2_000 {
      let damaged = TestCatalog.damaged(document, &random)
      if case .failure = ProviderValidation.validate(damaged, catalog: catalog) { refused += 1 }
    }
    #expect((100..<1_900).contains(refused), "seed \(seed)")
  }

  @Test("A model that is declared twice is a problem, also for an account that lists none")
  func repeatedModel() throws {
    let account = "providers:\n  - {name: a, kind: openai-compatible, region: local, endpoint: https://a.example/v1}"
    let parts = Self.llama.components(separatedBy: "providers:\n")
    let model = try #require(parts[0].components(separatedBy: "models:\n").last)
    let upstream = model + "    upstream: {openai-compatible: llama}\n"
    let families = parts[0].components(separatedBy: "models:\n")[0]
    #expect(try problems(families + "models:\n" + upstream + account) == [])
    #expect(try problems(families + "models:\n" + upstream + upstream + account).count == 1)
  }
}
