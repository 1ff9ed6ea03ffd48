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
  let branding: Branding
  let masterKey: String?
  let logLevel: Logger.Level

  init(_ settings: Settings) throws {
    var problems: [String] = []
    func address(_ setting: Setting) -> ListenAddress {
      let text = settings.text(setting) ?? ""
      guard let address = ListenAddress(text) else {
        problems.append(
          "\(setting.key) is \"\(text)\", which is not HOST:PORT. Set --\(setting.option ?? ""), \(setting.variable) or "
            + "the file's entry to something like \(setting.fallback ?? "127.0.0.1:8080").")
        return ListenAddress(host: "", port: 0)
      }
      return address
    }
    func url(_ setting: Setting) -> String? {
      guard let text = settings.text(setting) else { return nil }
      guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
        problems.append("\(setting.key) is \"\(text)\"; it must begin with http:// or https://.")
        return nil
      }
      return text
    }
    func choice<Value>(_ setting: Setting, _ read: (String) -> Value?, _ choices: String, _ fallback: Value) -> Value {
      let text = settings.text(setting) ?? ""
      if let value = read(text) { return value }
      problems.append("\(setting.key) is \"\(text)\"; it must be \(choices).")
      return fallback
    }

    data = settings.text(.data) ?? ""
    portal = address(.portalListen)
    gateway = address(.gatewayListen)
    operations = address(.operationsListen)
    portalURL = url(.portalURL)
    gatewayURL = url(.gatewayURL)
    trustedProxies = settings.list(.trustedProxies)
    wantsDemo = settings.flag(.demo)
    readyFile = settings.text(.readyFile)
    catalogFile = settings.text(.catalog)
    providersFile = settings.text(.providers)
    modelFolders = Self.modelFolders(settings, data: data)
    durability = choice(
      .durability, { JournalDurability(rawValue: $0) }, "grouped or strict", .grouped)
    logLevel = choice(.logLevel, { Logger.Level(rawValue: $0) }, Setting.logLevel.help, .notice)
    branding = Branding(
      cloud: settings.text(.cloudName) ?? "", support: settings.text(.supportName) ?? "",
      salesContact: settings.text(.salesContact))
    masterKey = settings.text(.masterKey)
    if let location = settings.text(.databaseURL) {
      if !location.hasPrefix("postgresql://"), !location.hasPrefix("postgres://") {
        problems.append("database.url must begin with postgresql://. Leave it out for the embedded database.")
      }
      database = .postgres(url: location)
    } else {
      database = .sqlite(path: DataFolder(data).database)
    }
    switch (settings.text(.certificate), settings.text(.certificateKey)) {
    case (let certificate?, let key?): tls = TLSFiles(certificate: certificate, key: key)
    case (nil, nil): tls = nil
    case (_?, nil):
      tls = nil
      problems.append("tls.certificate is set but tls.key is not. Set --tls-key to the certificate's private key.")
    case (nil, _?):
      tls = nil
      problems.append("tls.key is set but tls.certificate is not. Set --tls-certificate to the certificate chain.")
    }
    guard problems.isEmpty else { throw SettingsProblem(problems) }
  }

  /// Where weights are looked for, in this order. Decision 21.
  private static func modelFolders(_ settings: Settings, data: String) -> [String] {
    let home = NSHomeDirectory()
    return [settings.text(.models), data + "/models", home + "/.local/share/packhouse/models"].compactMap { $0 }
  }
}

/// Where a listener listens.
struct ListenAddress: Sendable, Hashable {
  let host: String
  let port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:8080`, `localhost:0` or `[::1]:8080`.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty, !host.contains("/") else { return nil }
    self.init(host: host, port: port)
  }
}

/// Files of the certificate that portal and gateway show.
struct TLSFiles: Sendable {
  let certificate: String
  let key: String
}
