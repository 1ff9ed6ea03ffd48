/// One thing that can be set: the single source of its option, environment variable, file entry, help and default.
struct Setting: Sendable, Hashable {
  enum Kind: Sendable { case text, flag }

  /// Where it stands in the configuration file, such as `portal.listen`.
  let key: String
  /// The option without its dashes; nil where it may not stand on a command line.
  let option: String?
  /// What the value looks like, in help.
  let placeholder: String
  let help: String
  let fallback: String?
  var kind = Kind.text
  /// Never shown. A URL keeps everything but its password.
  var isSecret = false
}

extension Setting {
  static let configurationFile = Setting(
    key: "config", option: "config", placeholder: "FILE", help: "Configuration file (YAML).", fallback: nil)
  static let data = Setting(
    key: "data", option: "data", placeholder: "DIR",
    help: "Folder for the database, the metering journal and the master key.", fallback: "packhouse-data")
  static let databaseURL = Setting(
    key: "database.url", option: "database", placeholder: "URL",
    help: "postgresql://user:password@host/name. Without it: an embedded database in the data folder.", fallback: nil,
    isSecret: true)
  static let portalListen = Setting(
    key: "portal.listen", option: "portal", placeholder: "HOST:PORT",
    help: "Where people reach the portal; port 0 picks a free one.", fallback: "127.0.0.1:8080")
  static let portalURL = Setting(
    key: "portal.publicURL", option: "portal-url", placeholder: "URL",
    help: "The portal's address as people see it, where a proxy stands in front.", fallback: nil)
  static let gatewayListen = Setting(
    key: "gateway.listen", option: "gateway", placeholder: "HOST:PORT",
    help: "Where applications reach the gateway; port 0 picks a free one.", fallback: "127.0.0.1:8081")
  static let gatewayURL = Setting(
    key: "gateway.publicURL", option: "gateway-url", placeholder: "URL",
    help: "The gateway's address as applications see it; keys carry it.", fallback: nil)
  static let operationsListen = Setting(
    key: "operations.listen", option: "operations", placeholder: "HOST:PORT",
    help: "Where /health/live and /health/ready answer.", fallback: "127.0.0.1:8082")
  static let certificate = Setting(
    key: "tls.certificate", option: "tls-certificate", placeholder: "FILE",
    help: "Certificate chain (PEM) for portal and gateway.", fallback: nil)
  static let certificateKey = Setting(
    key: "tls.key", option: "tls-key", placeholder: "FILE", help: "Private key (PEM) of the certificate.", fallback: nil
  )
  static let trustedProxies = Setting(
    key: "trustedProxies", option: "trusted-proxies", placeholder: "ADDRESS,...",
    help: "Addresses or networks (10.0.0.0/8) of proxies whose x-forwarded-for is believed.", fallback: nil)
  static let demo = Setting(
    key: "demo", option: "demo", placeholder: "", help: "Create the demo company on the first start.",
    fallback: "false", kind: .flag)
  static let readyFile = Setting(
    key: "readyFile", option: "ready-file", placeholder: "PATH",
    help: "Written (mode 0600) once every listener answers: one JSON object with the base URLs.", fallback: nil)
  static let catalog = Setting(
    key: "catalog", option: "catalog", placeholder: "FILE", help: "Catalog to use in place of the built-in one.",
    fallback: nil)
  static let providers = Setting(
    key: "providers", option: "providers", placeholder: "FILE", help: "Provider accounts (YAML).", fallback: nil)
  static let models = Setting(
    key: "models", option: "models", placeholder: "DIR", help: "Folder with the weights of the offline models.",
    fallback: nil)
  static let durability = Setting(
    key: "metering.durability", option: "metering-durability", placeholder: "grouped|strict",
    help: "grouped: a power cut loses at most 20 ms of usage. strict: none; answers wait for the disk.",
    fallback: "grouped")
  static let drainSeconds = Setting(
    key: "metering.drainSeconds", option: "drain-seconds", placeholder: "NUMBER",
    help: "Seconds that an answer is read on after its client has left, to learn what it used.", fallback: "60")
  static let stopSeconds = Setting(
    key: "stop.seconds", option: "stop-seconds", placeholder: "NUMBER",
    help: "Seconds that running calls have to finish when the server is told to stop.", fallback: "60")
  static let connectionsPerAddress = Setting(
    key: "protection.connectionsPerAddress", option: "connections-per-address", placeholder: "NUMBER",
    help: "Connections that one address may have to a listener, trusted proxies aside; 0 for no limit.",
    fallback: "256")
  static let connections = Setting(
    key: "protection.connections", option: "connections", placeholder: "NUMBER",
    help: "Connections to a listener in all; fewer where the system permits fewer open files.", fallback: "4096")
  static let callsPerKey = Setting(
    key: "protection.callsPerKey", option: "calls-per-key", placeholder: "NUMBER",
    help: "Calls of one key that may run at a time; 0 for no limit.", fallback: "256")
  static let callsPerResource = Setting(
    key: "protection.callsPerResource", option: "calls-per-resource", placeholder: "NUMBER",
    help: "Calls of all keys of a resource that may run at a time; 0 for no limit.", fallback: "512")
  static let callsPerMinute = Setting(
    key: "protection.callsPerMinute", option: "calls-per-minute", placeholder: "NUMBER",
    help: "Calls that one key may make in a minute; 0 for no limit.", fallback: "6000")
  static let cloudName = Setting(
    key: "branding.cloud", option: nil, placeholder: "NAME", help: "Name of the cloud in the portal's texts.",
    fallback: "Mendix Cloud")
  static let supportName = Setting(
    key: "branding.support", option: nil, placeholder: "NAME", help: "Name of the support in the portal's texts.",
    fallback: "Mendix Support")
  static let salesContact = Setting(
    key: "branding.salesContact", option: nil, placeholder: "TEXT", help: "Whom to ask for more Cloud Tokens.",
    fallback: nil)
  static let masterKey = Setting(
    key: "masterKey", option: nil, placeholder: "BASE64",
    help: "The 32-byte master key, where it is not to lie in the data folder.", fallback: nil, isSecret: true)
  static let logLevel = Setting(
    key: "log.level", option: "log-level", placeholder: "LEVEL",
    help: "trace, debug, info, notice, warning, error or critical.", fallback: "notice")

  /// Every setting, in the order of help.
  static let all: [Setting] = [
    configurationFile, data, databaseURL, portalListen, portalURL, gatewayListen, gatewayURL, operationsListen,
    certificate, certificateKey, trustedProxies, demo, readyFile, catalog, providers, models, durability,
    drainSeconds, stopSeconds, connectionsPerAddress, connections, callsPerKey, callsPerResource, callsPerMinute,
    logLevel, cloudName, supportName, salesContact, masterKey,
  ]
}
