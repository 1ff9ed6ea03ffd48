/// The part of a command's help that lists every setting.
enum SettingHelp {
  static var text: String { text(of: Setting.all) }

  static func text(of settings: [Setting]) -> String {
    let rows = settings.map { setting in
      let option = setting.option.map { "--\($0)\(setting.placeholder.isEmpty ? "" : " \(setting.placeholder)")" }
      let fallback = setting.fallback.map { " Default: \($0)." } ?? ""
      let lines = ["\(setting.help)\(fallback)", "\(setting.variable), \(setting.key)"].flatMap {
        ManualText.wrapped($0, first: indentation, rest: indentation)
      }
      return (["  \(option ?? "(no option)")"] + lines).joined(separator: "\n")
    }
    let heading = ManualText.wrapped(
      "Every setting is an option, an environment variable and an entry of the configuration file; what stands earlier "
        + "in this list of three wins.", first: "", rest: "")
    return (heading + [""] + rows).joined(separator: "\n")
  }

  private static let indentation = "      "
}
