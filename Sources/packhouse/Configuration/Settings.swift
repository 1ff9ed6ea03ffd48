import Configuration
import Core
import Foundation
import SystemPackage

/// The settings in force: options before environment variables before the configuration file before defaults.
struct Settings: Sendable {
  /// Where a value comes from.
  enum Source: String, Sendable {
    case option = "option"
    case environment = "environment"
    case file = "configuration file"
    case fallback = "default"
  }

  private let providers: [(source: Source, provider: any ConfigProvider)]

  /// Reads everything. Throws ``SettingsProblem``.
  static func read(
    arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment
  ) async throws -> Settings {
    let given = try SettingArguments(arguments)
    let options = InMemoryProvider(
      name: "options",
      values: Dictionary(
        uniqueKeysWithValues: given.values.map {
          (AbsoluteConfigKey(ConfigKey($0.key)), ConfigValue(.string($0.value), isSecret: false))
        }))
    let variables = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "packhouse")
    var settings = Settings(providers: [(.option, options), (.environment, variables)])
    if let path = settings.text(.configurationFile) {
      settings = Settings(providers: settings.providers + [(.file, try await ConfigurationFile.provider(path))])
    }
    return settings
  }

  /// The value and where it comes from; nil where nothing is set and there is no default.
  func value(_ setting: Setting) -> (text: String, source: Source)? {
    for (source, provider) in providers {
      guard let text = Self.text(setting, in: provider) else { continue }
      // A variable that is there but empty, as container files leave them, does not hide a default.
      if !text.isEmpty || setting.fallback == nil { return (text, source) }
    }
    return setting.fallback.map { ($0, .fallback) }
  }

  func text(_ setting: Setting) -> String? {
    value(setting).flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  /// Reads what a flag is set to; nil where it is neither.
  static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "yes", "on": true
    case "false", "0", "no", "off": false
    default: nil
    }
  }

  func list(_ setting: Setting) -> [String] {
    (text(setting) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func text(_ setting: Setting, in provider: any ConfigProvider) -> String? {
    let key = AbsoluteConfigKey(ConfigKey(setting.key))
    let types: [ConfigType] = [.string, .bool, .int, .double, .stringArray]
    for type in types {
      switch try? provider.value(forKey: key, type: type).value?.content {
      case .string(let text): return text
      case .bool(let flag): return String(flag)
      case .int(let number): return String(number)
      case .double(let number): return String(number)
      case .stringArray(let texts): return texts.joined(separator: ",")
      default: continue
      }
    }
    return nil
  }
}

extension Setting {
  /// The environment variable, as the configuration library spells it.
  var variable: String {
    let provider = EnvironmentVariablesProvider(environmentVariables: [:]).prefixKeys(with: "packhouse")
    let key = AbsoluteConfigKey(ConfigKey(key))
    return (try? provider.value(forKey: key, type: .string).encodedKey) ?? ""
  }
}
