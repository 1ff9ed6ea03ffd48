import Testing

@testable import packhouse

@Suite("Options of the command line")
struct SettingArgumentsTests {
  @Test("An option takes the next argument or what follows its equals sign")
  func values() throws {
    let arguments = try SettingArguments(["--data", "here", "--portal=0.0.0.0:80", "--portal-url=http://a/?b=c"])
    #expect(
      arguments.values == ["data": "here", "portal.listen": "0.0.0.0:80", "portal.publicURL": "http://a/?b=c"])
  }

  @Test("A flag takes nothing, or what follows its equals sign")
  func flags() throws {
    #expect(try SettingArguments(["--demo", "--data", "x"]).values == ["demo": "true", "data": "x"])
    #expect(try SettingArguments(["--demo=false"]).values == ["demo": "false"])
  }

  @Test("A value may be empty, or begin with one dash, and the last of two counts")
  func unusual() throws {
    #expect(try SettingArguments(["--providers="]).values == ["providers": ""])
    #expect(try SettingArguments(["--data", "-x"]).values == ["data": "-x"])
    #expect(try SettingArguments(["--data", "a", "--data", "b"]).values == ["data": "b"])
  }

  @Test(
    "A wrong argument is named, with what was probably meant",
    arguments: [
      (["--portal-ur"], "There is no option --portal-ur. Did you mean --portal?"),
      (["--gateways", "x"], "There is no option --gateways. Did you mean --gateway?"),
      (["--nonsense"], "There is no option --nonsense. --help lists them all."),
      (["--Data", "x"], "There is no option --Data. --help lists them all."),
      (["--master-key", "x"], "There is no option --master-key. --help lists them all."),
      (["data"], "\"data\" is not an option."),
      (["--data"], "The option --data needs a value: --data DIR."),
      (["--data", "--demo"], "The option --data needs a value: --data DIR."),
      (["--"], "There is no option --. --help lists them all."),
    ])
  func wrong(arguments: [String], sentence: String) async throws {
    let problems = try await sentences { _ = try SettingArguments(arguments) }
    #expect(problems.first == sentence)
  }

  @Test("Every wrong argument is named at once")
  func allAtOnce() async throws {
    let problems = try await sentences { _ = try SettingArguments(["stray", "--nonsense", "--demo", "--data"]) }
    #expect(problems.count == 3)
  }

  @Test("No two settings share a key, an option or a variable, and secrets have no option")
  func table() {
    let all = Setting.all
    #expect(Set(all.map(\.key)).count == all.count)
    #expect(Set(all.compactMap(\.option)).count == all.compactMap(\.option).count)
    #expect(Set(all.map(\.variable)).count == all.count)
    #expect(Setting.masterKey.option == nil)
  }

  @Test("Help names every option, variable and default")
  func help() {
    let text = SettingHelp.text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    for setting in Setting.all {
      if let option = setting.option { #expect(text.contains("--\(option)")) }
      #expect(text.contains("\(setting.variable), \(setting.key)"))
      if let fallback = setting.fallback { #expect(text.contains("Default: \(fallback).")) }
    }
  }
}
