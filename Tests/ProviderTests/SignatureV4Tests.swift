import Core
import Providers
import Testing

@Suite("Signature Version 4")
struct SignatureV4Tests {
  @Test("The date is that of the instant, in UTC")
  func dates() {
    let fields = sign(at: Instant(milliseconds: 1_795_243_916_000))
    #expect(fields.value(of: "x-amz-date") == "20261121T065156Z")
  }

  private func sign(at now: Instant) -> [HTTPField] {
    SignatureV4(accessKeyID: "id", secret: "secret", sessionToken: nil, region: "eu-central-1", service: "bedrock")
      .fields(method: "POST", path: "/model/a/converse", headers: [HTTPField("host", "example.com")], body: [], at: now)
  }
}
