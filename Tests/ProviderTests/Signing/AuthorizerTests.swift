import Core
import Providers
import Testing

@Suite("Credentials of provider accounts (N-1)")
struct AuthorizerTests {
  private let clock = WallClock { Instant(milliseconds: 1_773_568_800_000) }

  @Test("A Bedrock API key and any other key travel as bearer tokens")
  func bearer() {
    let authorizers: [any RequestAuthorizer] = [
      BearerAuthorization(token: "secret"), AWSCredentials.bearer("secret").authorizer(region: "eu", clock: clock),
    ]
    for authorizer in authorizers {
      #expect(fields(of: authorizer) == [HTTPField("authorization", "Bearer secret")])
    }
  }

  @Test("Access keys are signed with the time of the clock and the region of the account")
  func accessKey() {
    let authorizer = AWSCredentials.accessKey(id: "AK", secret: "secret", sessionToken: "token")
      .authorizer(region: "eu-central-1", clock: clock)
    let fields = fields(of: authorizer)
    #expect(fields.value(of: "x-amz-date") == "20260315T100000Z")
    #expect(fields.value(of: "x-amz-security-token") == "token")
    let authorization = fields.value(of: "authorization") ?? ""
    #expect(authorization.contains("Credential=AK/20260315/eu-central-1/bedrock/aws4_request"))
    #expect(authorization.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token"))
  }

  @Test("A server that asks for nothing is told nothing")
  func none() {
    #expect(fields(of: NoAuthorization()).isEmpty)
  }

  private func fields(of authorizer: any RequestAuthorizer) -> [HTTPField] {
    authorizer.fields(method: "POST", path: "/x", headers: [HTTPField("host", "example.com")], body: [])
  }
}
