import Core
import Gateway
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

/// Who reaches which route: each line names a route, the key that it is for, and how the others are told.
@Suite("The access table of the gateway (K-2)")
struct AccessTableTests {
  enum Owner: Sendable {
    /// A key of a text resource.
    case text
    /// A key of an embeddings resource.
    case embeddings
    /// A key of any resource.
    case any
  }

  struct Line: Sendable {
    let owner: Owner
    var body = ""
  }

  static let openAIChat = Line(owner: .text, body: #"{"messages":[{"role":"user","content":"Hello"}]}"#)
  static let openAIResponse = Line(owner: .text, body: #"{"input":"Hello"}"#)
  static let openAIEmbed = Line(owner: .embeddings, body: #"{"input":"a"}"#)
  static let message = Line(
    owner: .text, body: #"{"max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}"#)
  static let converse = Line(owner: .text, body: #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}"#)
  static let claude = Line(
    owner: .text,
    body: #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}"#)
  static let countTokens = Line(
    owner: .text, body: #"{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}}}"#)
  static let invoke = Line(owner: .embeddings, body: #"{"texts":["a"],"input_type":"search_query"}"#)

  static let table: [String: Line] = [
    "POST /v1/chat/completions": openAIChat,
    "POST /openai/v1/chat/completions": openAIChat,
    "POST /v1/responses": openAIResponse,
    "POST /openai/v1/responses": openAIResponse,
    "POST /v1/embeddings": openAIEmbed,
    "POST /openai/v1/embeddings": openAIEmbed,
    "GET /v1/models": Line(owner: .any),
    "GET /openai/v1/models": Line(owner: .any),
    "GET /v1/models/{model}": Line(owner: .any),
    "GET /openai/v1/models/{model}": Line(owner: .any),
    "POST /v1/messages": message,
    "POST /anthropic/v1/messages": message,
    "POST /v1/messages/count_tokens": message,
    "POST /anthropic/v1/messages/count_tokens": message,
    "POST /v2/embed": invoke,
    "POST /cohere/v2/embed": invoke,
    "POST /v1/embed": invoke,
    "POST /cohere/v1/embed": invoke,
    "POST /model/{modelId}/count-tokens": countTokens,
    "POST /model/{modelId}/{profile}/count-tokens": countTokens,
    "POST /bedrock/model/{modelId}/count-tokens": countTokens,
    "POST /bedrock/model/{modelId}/{profile}/count-tokens": countTokens,
    "GET /anthropic/v1/models": Line(owner: .any),
    "GET /anthropic/v1/models/{model}": Line(owner: .any),
    "POST /model/{modelId}/converse": converse,
    "POST /model/{modelId}/converse-stream": converse,
    "POST /model/{modelId}/invoke": claude,
    "POST /model/{modelId}/invoke-with-response-stream": claude,
    "POST /model/{modelId}/{profile}/converse": converse,
    "POST /model/{modelId}/{profile}/converse-stream": converse,
    "POST /model/{modelId}/{profile}/invoke": claude,
    "POST /model/{modelId}/{profile}/invoke-with-response-stream": claude,
    "POST /bedrock/model/{modelId}/converse": converse,
    "POST /bedrock/model/{modelId}/converse-stream": converse,
    "POST /bedrock/model/{modelId}/invoke": claude,
    "POST /bedrock/model/{modelId}/invoke-with-response-stream": claude,
    "POST /bedrock/model/{modelId}/{profile}/converse": converse,
    "POST /bedrock/model/{modelId}/{profile}/converse-stream": converse,
    "POST /bedrock/model/{modelId}/{profile}/invoke": claude,
    "POST /bedrock/model/{modelId}/{profile}/invoke-with-response-stream": claude,
    "GET /resources/{resource}": Line(owner: .any),
    "POST /resources/{resource}/converse": converse,
    "POST /resources/{resource}/converse/converse": converse,
    "POST /resources/{resource}/invoke/converse": converse,
    "POST /resources/{resource}/models/{modelId}/converse": converse,
    "POST /resources/{resource}/converse-stream": converse,
    "POST /resources/{resource}/converse-stream/converse-stream": converse,
    "POST /resources/{resource}/converse/converse-stream": converse,
    "POST /resources/{resource}/invoke/converse-stream": converse,
    "POST /resources/{resource}/models/{modelId}/converse-stream": converse,
    "POST /resources/{resource}/invoke": invoke,
    "POST /resources/{resource}/invoke/invoke": invoke,
    "POST /resources/{resource}/converse/invoke": invoke,
    "POST /resources/{resource}/models/{modelId}/invoke": invoke,
  ]

  @Test("Every route has a line, and every line a route")
  func complete() async throws {
    try await Installation.each { gateway in
      let routes = Set(GatewayRoutes.router(gateway.services).routes.map(Self.name))
      #expect(routes.subtracting(Self.table.keys) == [], "these routes have no line in the access table")
      #expect(Set(Self.table.keys).subtracting(routes) == [], "these lines have no route")
    }
  }

  @Test("A route that nobody entered is found")
  func plantedRoute() async throws {
    try await Installation.each { gateway in
      let router = GatewayRoutes.router(gateway.services)
      router.get("/v1/secret") { _, _ in "open to everybody" }
      #expect(Set(router.routes.map(Self.name)).subtracting(Self.table.keys) == ["GET /v1/secret"])
    }
  }

  @Test("The right key opens its route", arguments: table.keys.sorted())
  func rightKey(route: String) async throws {
    try await Installation.each { gateway in
      for owner in try Self.owners(of: route) {
        let reply = try await Self.call(gateway, route, line: Self.line(route), resource: owner, key: owner)
        #expect(reply.status == 200, "\(route) as \(owner): \(reply.text)")
      }
    }
  }

  @Test("Nobody gets in without a good key, on any route", arguments: table.keys.sorted())
  func strangers(route: String) async throws {
    try await Installation.each { gateway in
      let line = try Self.line(route)
      let owner = try #require(try Self.owners(of: route).first)
      func status(_ credential: Credential) async throws -> Int {
        try await Self.call(gateway, route, line: line, resource: owner, credential: credential).status
      }
      #expect(try await status(.none) == 401)
      #expect(try await status(.bearer("")) == 401)
      for stranger in [TestKey.foreign, .typo, .unknown, .guessed] {
        #expect(try await status(.bearer(stranger.plain)) == 401, "\(route) as \(stranger)")
      }
      // Both are keys of the text resource.
      for known in [TestKey.revoked, .expired] {
        let reply = try await Self.call(gateway, route, line: line, resource: .text, key: known)
        #expect(reply.status == 403, "\(route) as \(known)")
        #expect(reply.text.contains(known == .revoked ? "revoked" : "expired"))
      }
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("Another resource's path is as unknown to a key as one that is not there", arguments: table.keys.sorted())
  func otherResources(route: String) async throws {
    guard route.contains("{resource}") else { return }
    try await Installation.each { gateway in
      let line = try Self.line(route)
      let owner = try #require(try Self.owners(of: route).first)
      let other = try await Self.call(gateway, route, line: line, resource: .small, key: owner)
      #expect(other.status == 404)
      let nowhere = try await gateway.send(
        Self.method(route), Self.path(route, resource: "nowhere001"), as: .bearer(owner.plain), body: line.body)
      #expect(nowhere.status == 404)
      #expect(
        other.text.replacing(Installation.smallResource.text, with: "*")
          == nowhere.text.replacing("nowhere001", with: "*"))
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("A key of the wrong type is told its type and the right route", arguments: table.keys.sorted())
  func wrongType(route: String) async throws {
    let line = try Self.line(route)
    guard line.owner != .any else { return }
    try await Installation.each { gateway in
      let wrong: TestKey = line.owner == .text ? .embed : .text
      let reply = try await Self.call(gateway, route, line: line, resource: wrong, key: wrong)
      #expect(reply.status == 404, "\(route) as \(wrong)")
      #expect(reply.text.contains(wrong == .embed ? "embeddings resource" : "text generation resource"))
      #expect(reply.text.contains(wrong == .embed ? "/v1/embeddings" : "/v1/chat/completions"))
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }
}

// MARK: Calls

extension AccessTableTests {
  /// `GET /v1/models/{model}`.
  private static func name(_ route: Router<GatewayRequestContext>.RouteDescription) -> String {
    let path = route.path.description.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : $0 }
    return "\(route.method) /\(path.joined(separator: "/"))"
  }

  private static func line(_ route: String) throws -> Line { try #require(table[route]) }

  private static func owners(of route: String) throws -> [TestKey] {
    switch try line(route).owner {
    case .text: [.text]
    case .embeddings: [.embed]
    case .any: [.text, .embed]
    }
  }

  private static func method(_ route: String) -> HTTPRequest.Method { route.hasPrefix("GET") ? .get : .post }

  private static func path(_ route: String, resource: String, model: String = "claude-sonnet-4-6") -> String {
    String(route[route.index(after: route.firstIndex(of: " ")!)...])
      .replacing("{resource}", with: resource)
      .replacing("{modelId}/{profile}", with: "arn:aws:bedrock:eu-central-1:1:inference-profile/\(model)")
      .replacing("{model}", with: model).replacing("{modelId}", with: model)
  }

  private static func call(
    _ gateway: Installation, _ route: String, line: Line, resource: TestKey, key: TestKey? = nil,
    credential: Credential? = nil
  ) async throws -> Reply {
    let place: (id: ResourceID, model: ModelVersionID) =
      switch resource {
      case .embed: (Installation.embedResource, TestModels.embed)
      case .small: (Installation.smallResource, TestModels.sonnet)
      default: (Installation.textResource, TestModels.sonnet)
      }
    return try await gateway.send(
      method(route), path(route, resource: place.id.text, model: place.model.text),
      as: credential ?? .bearer((key ?? resource).plain), body: line.body)
  }
}
