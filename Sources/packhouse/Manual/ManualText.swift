/// A ``Manual`` as it is printed.
struct ManualText {
  static let width = 78

  private let manual: Manual

  init(_ manual: Manual) { self.manual = manual }

  /// Everything, for `--help`.
  var text: String {
    Self.wrapped("packhouse \(manual.command): \(manual.abstract)", first: "", rest: "    ").joined(separator: "\n")
      + "\n\nUSAGE\n"
      + usage.map { "  \($0)\n" }.joined() + "\n\(body)\n"
  }

  /// The lines of the usage.
  var usage: [String] {
    let operands = manual.operands.map { $0.isRequired ? $0.name : "[\($0.name)]" }
    let required = manual.options.filter { $0.fallback == nil }.map(Self.shown)
    return Self.wrapped(
      (["packhouse \(manual.command)"] + operands + required + ["[options]", "[settings]"]).joined(separator: " "),
      first: "", rest: "    ", width: Self.width - 2)
  }

  /// What follows the usage.
  var body: String {
    [
      Self.paragraphs(manual.discussion), operands, options, examples, output, statuses, settings,
    ].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var operands: String {
    Self.section(
      "OPERANDS",
      manual.operands.map { Self.entry($0.name, $0.help + ($0.isRequired ? " Required." : "")) })
  }

  private var options: String {
    Self.section(
      "OPTIONS",
      manual.allOptions.map { option in
        let state = option.fallback.map { "Default: \($0)." } ?? "Required."
        let example = option.example.map { " Example: --\(option.name) \($0)" } ?? ""
        let isList = option.kind == .list ? " May be repeated." : ""
        return Self.entry(Self.shown(option), "\(option.help)\(isList) \(state)\(example)")
      })
  }

  private var examples: String {
    Self.section(
      "EXAMPLES",
      manual.examples.map { example in
        Self.wrapped(example.purpose, first: "  ", rest: "  ").joined(separator: "\n") + "\n"
          + Self.command("packhouse \(example.line)")
      })
  }

  private var output: String {
    let kind = manual.isArray ? "An array of objects with these members" : "An object with these members"
    let note = Self.wrapped(
      "\(kind); one that does not apply is left out. Instants are UTC, days are those of the company's time zone.",
      first: "  ", rest: "  ")
    return (["WITH --json", ""] + note + [""] + manual.fields.map { Self.entry($0.name, $0.help) })
      .joined(separator: "\n")
  }

  private var statuses: String {
    Self.section(
      "EXIT STATUS",
      [
        Self.entry("0", "It is done."),
        Self.entry(
          "1",
          "It was refused, or could not be done; standard error says why. Nothing was changed, unless it says that it "
            + "may have been."),
        manual.findingStatus.map { Self.entry("2", $0) },
        Self.entry("64", "The command line or a setting is wrong; standard error lists every problem."),
      ].compactMap { $0 })
  }

  private var settings: String {
    Self.section("SETTINGS", [SettingHelp.text(of: Setting.ofCommands)])
  }

  private static func shown(_ option: CommandOption) -> String {
    "--\(option.name)\(option.placeholder.isEmpty ? "" : " \(option.placeholder)")"
  }

  private static func section(_ title: String, _ entries: [String]) -> String {
    entries.isEmpty ? "" : "\(title)\n\(entries.joined(separator: "\n"))"
  }

  private static func entry(_ name: String, _ help: String) -> String {
    (["  \(name)"] + wrapped(help, first: "      ", rest: "      ")).joined(separator: "\n")
  }

  /// A command line, continued as shells read it.
  private static func command(_ line: String) -> String {
    wrapped(line, first: "    ", rest: "      ", width: width - 2).joined(separator: " \\\n")
  }

  private static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { $0.isEmpty ? [""] : wrapped(String($0), first: "", rest: "") }.joined(separator: "\n")
  }

  /// `text` in lines of at most `width` characters, broken at spaces outside of quotes.
  static func wrapped(_ text: String, first: String, rest: String, width: Int = width) -> [String] {
    var lines: [String] = []
    var line = first
    var isFresh = true
    for word in words(of: text) {
      if !isFresh, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isFresh) = (rest, true)
      }
      line += isFresh ? word : " \(word)"
      isFresh = false
    }
    return lines + [line]
  }

  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == " ", !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}
