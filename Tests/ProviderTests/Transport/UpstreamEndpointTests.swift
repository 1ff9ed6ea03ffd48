import Core
import Providers
import Testing

@Suite("Addresses of provider accounts")
struct UpstreamEndpointTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let address: String
    let origin: String
    let prefix: String
    let authority: String

    var testDescription: String { address }
  }

  @Test(
    "An address is taken apart into origin, prefix and authority",
    arguments: [
      Case(
        address: "https://models.example.com/v1", origin: "https://models.example.com", prefix: "/v1",
        authority: "models.example.com"),
      Case(
        address: "http://127.0.0.1:11434/v1/", origin: "http://127.0.0.1:11434", prefix: "/v1",
        authority: "127.0.0.1:11434"),
      Case(address: "https://a.example:443", origin: "https://a.example:443", prefix: "", authority: "a.example"),
      Case(address: "http://a.example:80/", origin: "http://a.example:80", prefix: "", authority: "a.example"),
      Case(address: "http://a.example:443", origin: "http://a.example:443", prefix: "", authority: "a.example:443"),
      Case(address: "http://[::1]:8000//", origin: "http://[::1]:8000", prefix: "", authority: "[::1]:8000"),
      Case(address: "https://a.example/x/y/", origin: "https://a.example", prefix: "/x/y", authority: "a.example"),
    ])
  func reads(example: Case) throws {
    let endpoint = try UpstreamEndpoint(name: "a", address: example.address)
    #expect(endpoint.origin == example.origin)
    #expect(endpoint.pathPrefix == example.prefix)
    #expect(endpoint.authority == example.authority)
  }

  @Test(
    "What is no address is refused with a sentence that names the account, not the address",
    arguments: [
      "", "models.example.com", "ftp://a.example", "https://", "https:///v1", "http://a.example/?key=secret",
      "http://user:secret@a.example", "http://a.example/#top", "http://a example/v1",
    ])
  func refuses(address: String) {
    let problem = #expect(throws: FieldProblem.self) {
      _ = try UpstreamEndpoint(name: "frankfurt", address: address)
    }
    #expect(problem?.message.contains("frankfurt") == true)
    #expect(problem?.message.contains("secret") == false)
  }

  @Test("Bedrock's address is that of the region")
  func bedrock() throws {
    let endpoint = try UpstreamEndpoint.bedrock(name: "b", region: "eu-central-1")
    #expect(endpoint.origin == "https://bedrock-runtime.eu-central-1.amazonaws.com")
    #expect(endpoint.pathPrefix.isEmpty)
  }
}
