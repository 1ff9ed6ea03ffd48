import ArgumentParser

/// `packhouse config`: what is set, and from where.
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Look at the configuration.", subcommands: [Show.self])

  /// `packhouse config show`
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print every setting, its value and where the value comes from. Secrets are masked.",
      discussion: SettingHelp.text)

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("The settings below.", valueName: "settings"))
    var settings: [String] = []

    func run() async throws {
      let settings = try await Settings.read(arguments: settings)
      for setting in Setting.all {
        guard let (text, source) = settings.value(setting) else {
          print("\(setting.key): (not set)")
          continue
        }
        print("\(setting.key): \(SecretMask.shown(text, of: setting))  (\(source.rawValue))")
      }
    }
  }
}

/// How a secret is shown: not at all, or a URL without its password and its parameters, which may hold one too.
enum SecretMask {
  private static let mask = "********"

  static func shown(_ text: String, of setting: Setting) -> String {
    guard setting.isSecret else { return text }
    guard let scheme = text.firstRange(of: "://") else { return mask }
    let address = text[scheme.upperBound...]
    // A password may hold an unescaped "?" or "@": whatever stands before the last "@" is credentials.
    let credentialsEnd = address.lastIndex(of: "@")
    let place = credentialsEnd.map { address[$0...] } ?? address
    let parameters = place.firstIndex(of: "?")
    let user = credentialsEnd.map { end in
      "\(address[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0]):\(mask)"
    }
    return "\(text[..<scheme.upperBound])\(user ?? "")\(place[..<(parameters ?? place.endIndex)])"
      + (parameters == nil ? "" : "?\(mask)")
  }
}
