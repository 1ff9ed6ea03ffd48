/// The part of a command's help that lists every setting.
enum SettingHelp {
  static var text: String { text(of: Setting.all) }

  static func text(of settings: [Setting]) -> String {
    let rows = settings.map { setting in
      let option = setting.option.map { "--\($0)\(setting.placeholder.isEmpty ? "" : " \(setting.placeholder)")" }
      let fallback = setting.fallback.map { " Default: \($0)." } ?? ""
      return """
          \(option ?? "(no option)")
              \(setting.help)\(fallback)
              \(setting.variable), \(setting.key)
        """
    }
    return """
      Every setting is an option, an environment variable and an entry of the configuration file; what stands earlier \
      in this list of three wins.

      \(rows.joined(separator: "\n"))
      """
  }
}
