import Core
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

/// The same routes behind a real socket.
@Suite("The gateway's listener")
struct LiveListenerTests {
  static let chat = #"{"messages":[{"role":"user","content":"Hello"}]}"#

  @Test("Calls and streams go through a connection, one after the other")
  func calls() async throws {
    try await Installation.each { gateway in
      try await withClient(gateway) { client in
        for _ in 0..<3 {
          let plain = try await post(client, Self.chat)
          #expect(plain.status == .ok)
          #expect(String(buffer: plain.body).contains("Hello back"))
        }
        gateway.upstream.answer(.stream(["One ", "two"], usage: (input: 9, output: 2)))
        let stream = try await post(client, Self.chat.dropLast() + #","stream":true}"#)
        #expect(String(buffer: stream.body).hasSuffix("data: [DONE]\n\n"))
        #expect(try await gateway.entries().count == 4)
      }
    }
  }

  @Test("A model's name keeps its encoded slashes and colons through a connection (D-3)")
  func encodedModel() async throws {
    try await Installation.each { gateway in
      try await withClient(gateway) { client in
        let body = ByteBuffer(string: #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}"#)
        let arn = "arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2Fclaude-haiku-4-5"
        for name in [arn, arn.lowercased(), "Claude%20Haiku%204.5"] {
          let reply = try await client.execute(
            uri: "/model/\(name)/converse", method: .post,
            headers: [.authorization: "Bearer \(TestKey.text.plain)"], body: body)
          #expect(reply.status == .ok, "\(String(buffer: reply.body))")
        }
        let unknown = try await client.execute(
          uri: "/model/\(arn)%2Fmore/converse", method: .post,
          headers: [.authorization: "Bearer \(TestKey.text.plain)"], body: body)
        #expect(unknown.status == .notFound)
        #expect(String(buffer: unknown.body).contains("inference-profile/claude-haiku-4-5/more"))
        #expect(Set(try await gateway.entries().map(\.call.model)) == [TestModels.haiku])
      }
    }
  }

  @Test("A body of 33 MB is answered with 413 (L-1)")
  func tooLarge() async throws {
    try await Installation.each { gateway in
      try await withClient(gateway) { client in
        let body = ByteBuffer(repeating: UInt8(ascii: " "), count: GatewayLimits.bodyBytes + 1)
        let reply = try await client.execute(
          uri: "/v1/chat/completions", method: .post,
          headers: [.authorization: "Bearer \(TestKey.text.plain)"], body: body)
        #expect(reply.status.code == 413)
      }
    }
  }

  private func post(_ client: any TestClientProtocol, _ body: String) async throws -> TestResponse {
    try await client.execute(
      uri: "/v1/chat/completions", method: .post, headers: [.authorization: "Bearer \(TestKey.text.plain)"],
      body: ByteBuffer(string: body))
  }

  private func withClient(
    _ gateway: Installation, _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    try await Application(
      router: GatewayRoutes.router(gateway.services),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      logger: Installation.logger
    ).test(.live) { client in try await body(client) }
  }
}
