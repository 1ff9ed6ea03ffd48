import Core
import Foundation
import Logging
import Platform
import Storage

/// The settings of a server, checked: what exists can be used. Every problem is listed at once.
struct ServerConfiguration: Sendable {
  let data: String
  let database: DatabaseLocation
  let portal: ListenAddress
  let gateway: ListenAddress
  let operations: ListenAddress
  let portalURL: String?
  let gatewayURL: String?
  let tls: TLSFiles?
  let trustedProxies: [String]
  let wantsDemo: Bool
  let readyFile: String?
  let catalogFile: String?
  let providersFile: String?
  let modelFolders: [String]
  let durability: JournalDurability
  /// How long an answer is read on after its client has left. Rule M-3.
  let drainSeconds: Int
  /// What running calls have to finish once the server is told to stop. Rule L-2.
  let stopSeconds: Int
  let branding: Branding
  let masterKey: String?
  let protection: ProtectionSettings
  let logLevel: Logger.Level

  init(_ settings: Settings) throws {
    var reader = SettingReader(settings)
    data = settings.text(.data) ?? ""
    portal = reader.address(.portalListen)
    gateway = reader.address(.gatewayListen)
    operations = reader.address(.operationsListen)
    portalURL = reader.url(.portalURL)
    gatewayURL = reader.url(.gatewayURL)
    tls = reader.tls()
    database = reader.database(DataFolder(data))
    durability = reader.choice(.durability, among: JournalDurability.allCases) ?? .grouped
    drainSeconds = reader.number(.drainSeconds, in: 0...600)
    stopSeconds = reader.number(.stopSeconds, in: 0...3_600)
    logLevel = reader.choice(.logLevel, among: Logger.Level.allCases) ?? .notice
    trustedProxies = settings.list(.trustedProxies)
    wantsDemo = reader.flag(.demo)
    readyFile = settings.text(.readyFile)
    catalogFile = settings.text(.catalog)
    providersFile = settings.text(.providers)
    modelFolders = Self.modelFolders(settings, data: data)
    branding = Branding(
      cloud: settings.text(.cloudName) ?? "", support: settings.text(.supportName) ?? "",
      salesContact: settings.text(.salesContact))
    masterKey = settings.text(.masterKey)
    protection = ProtectionSettings(&reader)
    guard reader.problems.isEmpty else { throw SettingsProblem(reader.problems) }
  }

  /// Where weights are looked for, in this order. Decision 21.
  private static func modelFolders(_ settings: Settings, data: String) -> [String] {
    let home = NSHomeDirectory()
    return [settings.text(.models), data + "/models", home + "/.local/share/packhouse/models"].compactMap { $0 }
  }
}
