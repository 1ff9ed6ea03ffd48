import Foundation
import Platform

/// What `--ready-file` receives once every listener answers: one JSON object, for scripts and tests.
struct ReadyFile: Encodable {
  struct Person: Encodable {
    let email: String
    let password: String
  }

  let portal: String
  let gateway: String
  let operations: String
  let process: Int32
  let admin: Person?
  let member: Person?
  let textResource: String?
  let embeddingsResource: String?
  let textKey: String?
  let embeddingsKey: String?

  init(portal: String, gateway: String, operations: String, process: Int32, demo: DemoCredentials?) {
    self.portal = portal
    self.gateway = gateway
    self.operations = operations
    self.process = process
    admin = demo.map { Person(email: $0.admin.email, password: $0.admin.password) }
    member = demo.map { Person(email: $0.member.email, password: $0.member.password) }
    textResource = demo?.textResource
    embeddingsResource = demo?.embeddingsResource
    textKey = demo?.textKey
    embeddingsKey = demo?.embeddingsKey
  }

  /// Writes the file with mode 0600, whole or not at all.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(self)
    let temporary = path + ".part"
    try? FileManager.default.removeItem(atPath: temporary)
    guard FileManager.default.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600]),
      rename(temporary, path) == 0
    else {
      throw SettingsProblem(["The ready file \(path) can't be written: its folder does not exist or is read-only."])
    }
  }
}
