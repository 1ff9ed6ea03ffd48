import Foundation

/// How the demo company is signed in to and called: the content of `<data>/demo.json`. The only place where its
/// passwords and keys stand in plain.
public struct DemoCredentials: Hashable, Sendable, Codable {
  /// A person's sign-in.
  public struct SignIn: Hashable, Sendable, Codable {
    public let email: String
    public let password: String
  }

  public let admin: SignIn
  public let member: SignIn
  /// Id of the text generation resource.
  public let textResource: String
  /// Id of the embeddings resource.
  public let embeddingsResource: String
  /// Plain key of the text generation resource.
  public let textKey: String
  /// Plain key of the embeddings resource.
  public let embeddingsKey: String

  /// Nil unless `json` is what ``json`` wrote. Errors are not passed on: they quote what they could not read.
  init?(json: [UInt8]) {
    guard let credentials = try? JSONDecoder().decode(Self.self, from: Data(json)) else { return nil }
    self = credentials
  }

  init(
    admin: SignIn, member: SignIn, textResource: String, embeddingsResource: String, textKey: String,
    embeddingsKey: String
  ) {
    self.admin = admin
    self.member = member
    self.textResource = textResource
    self.embeddingsResource = embeddingsResource
    self.textKey = textKey
    self.embeddingsKey = embeddingsKey
  }

  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
