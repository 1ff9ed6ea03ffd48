import Core
import Foundation
import Testing

@Suite("The configuration key")
struct ConfigurationKeyTests {
  private func access(
    _ type: ResourceType, name: String = "Orders", base: String = "https://gateway.example/resources/a1b2c3d4e5"
  ) -> ConfigurationKey.Access {
    ConfigurationKey.Access(
      id: ResourceID("a1b2c3d4e5"), name: name, type: type, resourceBaseURL: base,
      accessToken: Sensitive("phk_key_secret"), model: type == .knowledgeBase ? nil : ModelVersionID("model-1"),
      environment: .production, deepLinkURL: "https://portal.example/resources/a1b2c3d4e5")
  }

  private func object(_ key: ConfigurationKey) throws -> [String: Any] {
    let data = try #require(Data(base64Encoded: key.base64()))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("A text key holds exactly the fields of the connector, in a fixed order")
  func text() {
    let key = ConfigurationKey(resource: access(.text), keyName: "Shop", keyID: KeyID("key"))
    #expect(
      key.json()
        == #"{"id":"a1b2c3d4e5","name":"Orders","type":"TEXT_GENERATION","#
        + #""resourceBaseUrl":"https://gateway.example/resources/a1b2c3d4e5","accessToken":"phk_key_secret","#
        + #""architecture":"AWS","model":"model-1","keyName":"Shop","keyId":"key","environment":"Production","#
        + #""deepLinkUrl":"https://portal.example/resources/a1b2c3d4e5","schemaVersion":3}"#)
    #expect(key.base64() == Data(key.json().utf8).base64EncodedString())
  }

  @Test("The legacy fields, which would win over the others, are absent")
  func legacy() throws {
    let key = ConfigurationKey(resource: access(.embeddings), keyName: "Shop", keyID: KeyID("key"))
    let object = try object(key)
    #expect(object["endpointUrl"] == nil)
    #expect(object["apiKey"] == nil)
    #expect(object["embeddings"] == nil)
    #expect(object["type"] as? String == "EMBEDDINGS_GENERATION")
  }

  @Test("G-15: a knowledge base key holds its embeddings resource with the companion key, and no model of its own")
  func knowledgeBase() throws {
    let key = ConfigurationKey(
      resource: access(.knowledgeBase), keyName: "Docs", keyID: KeyID("key"),
      embeddings: access(.embeddings, name: "Vectors"))
    let object = try object(key)
    #expect(object["model"] == nil)
    #expect(object["schemaVersion"] as? Int == 3)
    let embeddings = try #require(object["embeddings"] as? [String: String])
    #expect(
      Set(embeddings.keys) == [
        "id", "name", "type", "resourceBaseUrl", "accessToken", "architecture", "model", "environment", "deepLinkUrl",
      ])
    #expect(embeddings["type"] == "EMBEDDINGS_GENERATION")
    #expect(embeddings["name"] == "Vectors")
  }

  @Test("The client appends paths to the base address, so it ends without a slash")
  func slash() throws {
    let key = ConfigurationKey(
      resource: access(.text, base: "https://gateway.example/resources/x//"), keyName: "Shop", keyID: KeyID("key"))
    #expect(try object(key)["resourceBaseUrl"] as? String == "https://gateway.example/resources/x")
  }

  @Test(
    "Any name survives", arguments: ["\"quoted\" \\ / name", "line\nbreak\ttab\r", "\u{1}\u{1F}", "Zürich €😀", ""])
  func names(name: String) throws {
    let key = ConfigurationKey(resource: access(.text, name: name), keyName: name, keyID: KeyID("key"))
    #expect(try object(key)["name"] as? String == name)
    #expect(try object(key)["keyName"] as? String == name)
  }

  @Test("Base64 agrees with Foundation's at every length")
  func base64() throws {
    for length in 0..<40 {
      let key = ConfigurationKey(
        resource: access(.text, name: String(repeating: "ü", count: length)), keyName: "", keyID: KeyID("key"))
      #expect(key.base64() == Data(key.json().utf8).base64EncodedString())
    }
  }

  @Test("V-2: the secret does not show when the key is printed")
  func printed() {
    let key = ConfigurationKey(resource: access(.text), keyName: "Shop", keyID: KeyID("key"))
    var dumped = ""
    dump(key, to: &dumped)
    #expect("\(key) \(dumped) \(String(reflecting: key))".contains("phk_key_secret") == false)
    #expect(key.json().contains("phk_key_secret"), "control: it is there")
  }
}

@Suite("Keys at an instant, and what a new one needs")
struct KeyDraftTests {
  let now = Instant(milliseconds: 1_000)

  private func key(expires: Int64?, revoked: Int64?) -> ResourceKey {
    ResourceKey(
      id: KeyID("key"), resourceID: ResourceID("r"), description: "d", secretHash: [], createdBy: nil,
      createdAt: Instant(milliseconds: 0), expiresAt: expires.map { Instant(milliseconds: $0) },
      revokedAt: revoked.map { Instant(milliseconds: $0) })
  }

  @Test("G-13, K-2: a key is active until it expires or is revoked, to the millisecond")
  func status() {
    #expect(key(expires: nil, revoked: nil).status(at: now) == .active)
    #expect(key(expires: 1_001, revoked: nil).status(at: now) == .active)
    #expect(key(expires: 1_000, revoked: nil).status(at: now) == .expired)
    #expect(key(expires: nil, revoked: 1_000).status(at: now) == .revoked)
    #expect(key(expires: 1, revoked: 2).status(at: now) == .revoked)
    #expect(key(expires: nil, revoked: 1_001).status(at: now) == .active)
  }

  private func fields(_ draft: KeyDraft) -> [String] {
    do {
      _ = try draft.validated(at: now)
      return []
    } catch {
      return error.problems.map(\.field)
    }
  }

  @Test("G-12, U-8: a description of 1 to 100 characters, an expiry to come, a limit above zero; all told together")
  func drafts() throws {
    #expect(try KeyDraft(description: "  Shop \n").validated(at: now).description == "Shop")
    #expect(fields(KeyDraft(description: String(repeating: "é", count: 100))) == [])
    #expect(fields(KeyDraft(description: String(repeating: "é", count: 101))) == ["description"])
    #expect(fields(KeyDraft(description: "two\nlines")) == ["description"])
    #expect(
      fields(KeyDraft(description: " ", expiresAt: now, monthlyLimit: .zero))
        == ["description", "expiresAt", "monthlyLimit"])
    #expect(
      fields(
        KeyDraft(description: "x", expiresAt: Instant(milliseconds: 1_001), monthlyLimit: GenAIUnits(nano: 1))) == [])
  }
}
